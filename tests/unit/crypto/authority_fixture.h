/* An authority made for each test, and what openssl's own tool thinks of its work. */
#pragma once

#include "authority.h"

/* A terminal like any other. */
extern const client_subject gate;

extern int64_t now_ms;
extern char *ca_key, *ca_pem;
extern authority *ca;

void authority_begin(void);
void authority_end(void);

/* A certificate for a new request; for free(). */
char *signed_client(const client_subject *subject, int64_t at_ms);

/* What "openssl COMMAND" prints in a folder with ca.pem and leaf.pem; for free(). */
char *openssl_says(const char *leaf, const char *command);
void ck_openssl_says(const char *leaf, const char *command, const char *wanted);
