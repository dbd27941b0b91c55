/* What this gateway answers when it answers no reply: errors as AIP-193 wants them. */
#pragma once

#include "document.h"

/* Whether a component of this name is one of ours. */
bool error_schema_has(const char *name);

/* Members of an open "schemas". */
void error_schema_write(document *d);

/* "responses": {…}, which operations refer to. */
void error_responses_write(document *d);

/* A member of an operation's "responses": "404", "NotFound". */
void error_response_put(document *d, const char *status, const char *response);
