/* What the authors of a contract wrote beside its types: comments, and options that say who may call a method and what
 * a field may hold. The descriptor pool has the types themselves. Made once, then only read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* The numbers of smartpass.v1.MethodPolicy.Caller. */
typedef enum {
    CALLER_UNSTATED = 0,
    CALLER_ANYONE = 1,
    CALLER_SIGNED_IN = 2,
    CALLER_PERMITTED = 3,
    CALLER_TERMINAL = 4,
    CALLER_FORMER_TERMINAL = 5,
    CALLER_SUPER = 6,
    CALLER_ENTERPRISE_ADMIN = 7,
} method_caller;

typedef struct contract_note {
    const char *comment; /* paragraphs with an empty line between them; "" when there is none */
    const char *name;    /* of a oneof */
    const char *package; /* of a message or enum */
    bool deprecated;

    /* Of a message: its fields, as declared; of an enum: its values. NULL for anything else. */
    const struct contract_note *members;
    const struct contract_note *oneofs;

    /* Of a field: smartpass.v1.limit and google.api.field_behavior. */
    uint32_t max_bytes, max_items; /* 0: not stated */
    bool required, read_only, write_only;

    /* Of a method: smartpass.v1.policy. */
    method_caller caller;
    const char *permission, *audit; /* "" when there is none */
} contract_note;

typedef struct contract_notes contract_notes;

/* Reads a FileDescriptorSet; without source information in it there are no comments. All of it lives in the arena. NULL
 * when the set is malformed or memory is out. */
const contract_notes *contract_notes_read(const uint8_t *set, size_t size, arena *memory);

/* How many messages, enums, services and methods there are. */
size_t contract_notes_count(const contract_notes *notes);

/* Of a message, enum or service by its full name, of a method by its path ("/library.v1.Shelves/GetBook"). A note that
 * says nothing when there is none; never NULL. */
const contract_note *note_of(const contract_notes *notes, const char *name);
