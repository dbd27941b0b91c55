/* The type of one value, without what a field adds to it. */
#pragma once

#include "document.h"

/* Members of an open schema: "type": "string", "format": "int64" and the like, or a "$ref". */
void schema_put_type(document *d, const field_type *field);

/* As above, of a message. */
void schema_put_message(document *d, const message_type *message);

/* Whether a message has a schema of its own among the components. */
bool schema_is_component(const message_type *message);
