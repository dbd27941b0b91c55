/* The transcoder both ways, for the targets that ask whether what went one way comes back. */
#pragma once

#include "bytes.h"
#include "contracts.h"
#include "parameters.h"
#include "transcode_fault.h"

enum { ROUND_TRIP_MAX = 1 << 20 };

/* JSON → wire, appended; false when it was refused, with a fault that says so. */
bool fuzz_encode(const fuzz_message *type, const char *json, size_t size, parameter *parameters, byte_buffer *wire,
                 transcode_fault *fault);

/* The same of a PATCH: the JSON is the body field, and its fields make the mask field when the parameters do not. */
bool fuzz_encode_patch(const fuzz_message *type, const char *body, const char *mask, const char *json, size_t size,
                       parameter *parameters, byte_buffer *wire, transcode_fault *fault);

/* Wire → JSON, appended. NULL, or the fault. */
const char *fuzz_decode(const fuzz_message *type, const byte_buffer *wire, byte_buffer *json);

/* JSON and wire have a limit of depth each, and some of what is one level of the one is two of the other: a list in a
 * list of google.protobuf.Value, an item of a list of messages. So what is read as one need not be readable as the
 * other, for this reason alone. */
bool fuzz_is_too_deep(const char *fault);

/* The wire bytes came from the transcoder: as JSON, as wire and as JSON again they are the same JSON and wire. */
void fuzz_check_stable(const fuzz_message *type, const byte_buffer *wire);
