/* A request's JSON body and parameters → the wire bytes of its message, by descriptor, in one pass. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "bytes.h"
#include "descriptor_pool.h"
#include "parameters.h"
#include "transcode_fault.h"

typedef enum {
    BODY_NONE,
    BODY_WHOLE, /* the JSON is the message */
    BODY_FIELD, /* the JSON is one of its fields */
} body_rule;

typedef struct {
    const message_type *message;
    body_rule body;
    const field_type *body_field;
    const char *json; /* an empty body leaves everything unset */
    size_t json_size;
    parameter *parameters;  /* of path and query; they win over the body */
    const field_type *mask; /* a field mask that the body's fields make when no parameter gives it; NULL: none */
    bool ignore_unknown;    /* fields and names of enum values that the contract has not are passed over */
} wire_request;

/* Appends the message. The arena takes what does not outlive the call; the buffer's cap bounds the message. False with
 * the fault set. [any thread] */
bool json_to_wire(const descriptor_pool *pool, const wire_request *request, arena *memory, byte_buffer *out,
                  transcode_fault *fault);
