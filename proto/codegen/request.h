/* The plugin's input: what protoc sends to stdin. */
#pragma once

#include <stdbool.h>

#include "descriptor.h"

/* In scratch memory; NULL when stdin holds no request. */
const CodeGeneratorRequest *request_read(void);

typedef struct {
    bool nanopb; /* "nanopb=1": nanopb's .options files instead of stubs */
} parameters;

/* Comma-separated, as after --smartpass-c_opt. False for a parameter that does not exist. */
bool parameters_parse(const char *text, parameters *ret_parameters);
