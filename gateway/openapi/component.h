/* The types of a contract that its document describes once and refers to. */
#pragma once

#include "schema.h"

struct component {
    struct component *next;
    const char *full_name;
    const char *name; /* NULL before components have names */
    const message_type *message;
    const enum_type *enumeration;
    unsigned use; /* schema_use */
};

/* Members of a message's own schema, beside its type and description. */
void schema_put_members(document *d, const message_type *message, bool answer_only);
