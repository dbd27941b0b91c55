/* The plugin's input: what protoc sends to stdin. */
#pragma once

#include <stdbool.h>

#include "descriptor.h"

/* In scratch memory; NULL when stdin holds no request. */
const CodeGeneratorRequest *request_read(void);

typedef struct {
    bool nanopb;          /* "nanopb=1": nanopb's .options files instead of stubs */
    bool settings;        /* "settings=1": X.settings.h instead of stubs */
    bool policy_optional; /* "policy=optional": methods need no (smartpass.v1.policy) */
    bool limits_optional; /* "limits=optional": received fields need no (smartpass.v1.limit) */
    const char *prefix;   /* "prefix=acme_": before the names of all services; "" */
} parameters;

/* Comma-separated, as after --smartpass-c_opt. NULL when all is well, else what is wrong, in scratch memory. */
const char *parameters_parse(const char *text, parameters *ret_parameters);
