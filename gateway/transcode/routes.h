/* The table of REST routes that the contract's google.api.http options make, and the way from a URL into it.
 * Made once, then only read, by any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "descriptor_pool.h"
#include "json_to_wire.h"
#include "path_template.h"

enum { ROUTE_VARIABLES_MAX = 8, ROUTE_FIELD_DEPTH_MAX = 8, ROUTE_SEGMENTS_MAX = 32, ROUTE_METHODS_MAX = 8 };

typedef struct {
    const field_type *field[ROUTE_FIELD_DEPTH_MAX]; /* from the request message down to the scalar */
    size_t depth;
    size_t first, count; /* segments */
    bool several;        /* it may hold slashes */
} route_variable;

typedef struct route {
    const char *verb; /* custom verb, "" without one */
    const char *http_method;
    const method_type *method;
    path_template path;
    route_variable variables[ROUTE_VARIABLES_MAX];
    body_rule body;
    const field_type *body_field;
    const field_type *mask_field;  /* of a PATCH: the field mask that its body can stand for; NULL: none */
    const field_type *reply_field; /* what alone is answered; NULL: the whole reply */
    bool raw_in;                   /* the body is a google.api.HttpBody's data */
    bool raw_out;
    struct route *next;      /* of the same node */
    struct route *following; /* in the order of the contract */
} route;

typedef struct {
    const char *text; /* a part of the path, still percent-encoded */
    size_t length;
} route_capture;

typedef struct {
    const route *route;
    route_capture captures[ROUTE_VARIABLES_MAX]; /* one a variable */
    const char *allowed[ROUTE_METHODS_MAX];      /* of ROUTE_OTHER_METHOD: what the path would take */
    size_t allowed_count;
} route_match;

typedef enum { ROUTE_FOUND, ROUTE_NOT_FOUND, ROUTE_OTHER_METHOD } route_outcome;

typedef struct route_table route_table;

/* Borrows the pool, which must outlive the table. On failure NULL, and a sentence in fault that names the method. */
route_table *route_table_new(const descriptor_pool *pool, char *fault, size_t fault_size);
void route_table_free(route_table *table); /* accepts NULL */

/* The first route in the order of the contract, from which `following` leads to all others; NULL when there is none. */
const route *route_table_first(const route_table *table);

/* The path is what the client sent, up to the question mark, still percent-encoded; captures point into it. Literal
 * segments win over *, * over **; a method of its own wins over a custom kind of "*". */
route_outcome route_find(const route_table *table, const char *http_method, const char *path, size_t length,
                         route_match *ret_match);
