/* The state of one wire → JSON pass, shared by the files that make it. */
#pragma once

#include "protowire.h"
#include "wire_to_json.h"

/* Where a field was met in the message at hand. */
typedef struct {
    const uint8_t *first; /* tag of the first occurrence that counts */
    const uint8_t *data;  /* the last one's bytes … */
    uint64_t value;       /* … and their size, or its number */
    uint32_t count;
} occurrence;

typedef struct {
    occurrence *slots;
    size_t room;
} decoder_frame;

typedef struct {
    const wire_reply *reply;
    arena *memory;
    json_writer *out;
    const char *fault;
    unsigned depth;
    decoder_frame frames[WIRE_MAX_DEPTH]; /* one a level, used again for every message of that level */
} wire_decoder;

/* Each writes one JSON value; false with the fault set. */
bool decode_message(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size);
bool decode_well_known(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size);

/* The members of an object, without braces. */
bool decode_members(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size);

/* Finds the fields of a message: an occurrence for each, by index, valid until the next message of this level. NULL
 * with the fault set. Every index is undone by decode_leave. */
occurrence *decode_enter(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size);
void decode_leave(wire_decoder *decoder);

/* The value of a field that was met, or its default. */
bool decode_value(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end);

/* A number, truth value or enum, from its bits. */
void decode_number(json_writer *out, const field_type *field, uint64_t bits);

bool decode_map(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end);

bool decode_no_memory(wire_decoder *decoder);
bool decode_fail(wire_decoder *decoder, const char *fault);
