/* Routes gathered under the paths of a document. Two routes whose paths differ in nothing but the names of their
 * variables share a path there, because OpenAPI knows no names when it compares paths. */
#pragma once

#include "document.h"

/* A part of a path that a caller fills in. */
typedef struct {
    const char *name;               /* in braces; NULL: a literal */
    const route_variable *variable; /* whose value it is, or is a part of; NULL: matched and dropped */
    bool several;                   /* it may hold slashes */
} path_part;

typedef struct binding {
    struct binding *next; /* of the same path */
    const route *route;
    unsigned number;  /* 1: the method's own, then its additional bindings */
    path_part *parts; /* one a segment, named as the path has it */
    bool additional;  /* has no place among the operations that OpenAPI knows */
} binding;

struct path_item {
    struct path_item *next;
    const char *path;  /* "/v1/shelves/{shelf}/books" */
    const char *shape; /* the same without names */
    binding *first, *last;
};

/* Fills d->paths, in the order of the contract. */
void paths_collect(document *d);

/* "shelves/{shelf}" for the variable of a binding: what its value consists of. */
const char *path_of_variable(document *d, const binding *b, const route_variable *variable);

/* "book.id", in the spelling of JSON. */
const char *variable_name(document *d, const route_variable *variable);
