/* The state of one JSON → wire pass, shared by the files that make it. */
#pragma once

#include "json_reader.h"
#include "json_to_wire.h"

typedef struct {
    const descriptor_pool *pool;
    json_reader in;
    byte_buffer *out;
    arena *memory;
    transcode_fault *fault;
    bool ignore_unknown;
} wire_encoder;

/* Each takes the first token of the value, reads to the value's end and appends; false with the fault set. Parameters
 * are those of the message, NULL when there are none. */

/* The content of a message. */
bool encode_message(wire_encoder *encoder, const message_type *message, json_token token, parameter *parameters);

/* The members of an object up to its end, then the parameters. In an Any, "@type" is passed over. */
bool encode_members(wire_encoder *encoder, const message_type *message, parameter *parameters, bool in_any);

/* A field with its tag, whatever its shape; null is nothing. */
bool encode_field(wire_encoder *encoder, const field_type *field, json_token token, parameter *parameters);

/* One value of a field with its tag, repeated or not. */
bool encode_single(wire_encoder *encoder, const field_type *field, json_token token, parameter *parameters);

/* Messages whose JSON is not an object of their fields: all forms but plain. */
bool encode_well_known(wire_encoder *encoder, const message_type *message, json_token token);

/* For the faults. */
bool encode_malformed(wire_encoder *encoder);
bool encode_invalid(wire_encoder *encoder, const char *wrong);
bool encode_overflow(wire_encoder *encoder);
