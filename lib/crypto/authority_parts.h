/* Between the two files of the authority; nobody else includes it. */
#pragma once

#include "authority.h"
#include "x509_parts.h"

struct authority {
    X509 *certificate;
    EVP_PKEY *key; /* NULL when loaded for verifying alone */
    X509_STORE *trusted;
    char *pem;
    certificate_facts facts;
};

/* Clocks differ: what is issued now must not look unborn to a neighbour whose clock is a little behind. */
enum { AUTHORITY_BACKDATE_MS = 10 * 60 * 1000 };
