/* The inside of a route table, for the files that fill it and search it. */
#pragma once

#include "routes.h"

typedef struct route_node {
    const char *literal; /* not NUL-terminated */
    size_t length;
    struct route_node *next;     /* another literal under the same parent */
    struct route_node *literals; /* what may follow */
    struct route_node *any;
    route *ends; /* routes that end here */
    route *rest; /* routes that take all that follows */
} route_node;

struct route_table {
    arena memory;
    route_node root;
    route *first, *last; /* in the order of the contract */
};

enum { ROUTE_MEMORY_MAX = 16 << 20 };
