/* The values that a request's path and query give to fields of its message, as a tree: one node for each field that is
 * named or on the way to one. All of it lives in the request's arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "bytes.h"
#include "descriptor_pool.h"
#include "transcode_fault.h"

enum { PARAMETERS_MAX = 512, PARAMETER_DEPTH_MAX = 16 };

typedef struct parameter_value {
    struct parameter_value *next;
    const char *text;
    size_t length;
} parameter_value;

typedef struct parameter {
    struct parameter *next;     /* of the same message */
    struct parameter *children; /* of a message field */
    const field_type *field;
    parameter_value *values; /* of a leaf, in the order given */
    parameter_value *last_value;
    bool of_path;
    bool written; /* met by the body's encoder */
} parameter;

typedef struct {
    arena *memory;
    transcode_fault *fault;
    parameter *first; /* of the request message */
    size_t count;
} parameter_tree;

void parameter_tree_init(parameter_tree *tree, arena *memory, transcode_fault *fault);

/* A value captured by the path, for a field that was resolved when the route was made. Borrows the text. */
bool parameter_add_captured(parameter_tree *tree, const field_type *const *path, size_t depth, const char *text,
                            size_t length);

/* The one value of a field of the request message, whatever was given before. Borrows the text. */
bool parameter_replace(parameter_tree *tree, const field_type *field, const char *text, size_t length);

/* Whether a parameter can carry the field's value: a scalar, or a message that JSON has as one text; or a list of
 * them. */
bool parameter_fits(const field_type *field);

/* Every parameter of a query ("page_size=10&skip=20", still percent-encoded) as a field of the message. `body` is the
 * field that the body fills, which no parameter may name; NULL when there is none. False with the fault set when a
 * parameter is unknown, unfit, given twice, or the second member of a oneof. */
bool parameters_add_query(parameter_tree *tree, const message_type *message, const field_type *body, const char *query,
                          size_t length);

/* One of them, decoded already: as a form names it. Borrows the text. */
bool parameters_add(parameter_tree *tree, const message_type *message, const field_type *body, const char *name,
                    size_t name_length, const char *text, size_t text_length);

/* The node of a field among siblings, or NULL. */
parameter *parameter_of(parameter *siblings, const field_type *field);

/* Appends siblings that are not yet written, as fields. False with the fault set. */
bool parameters_to_wire(byte_buffer *out, const parameter *siblings, transcode_fault *fault);
