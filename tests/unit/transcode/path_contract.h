/* Contracts that are made for one test: a service whose methods have the given HTTP rules. */
#pragma once

#include "routes.h"

enum { CONTRACT_RULES_MAX = 6 };

/* Each rule is "GET /v1/{name}"; the method's index is its number in the list, which a NULL ends unless it is full.
 * After a bar comes an additional binding: "GET /v1/a | POST /v1/b". Requests have the strings name, a and b, the
 * repeated string list, and inner with the string c and again an inner. On a fault NULL, and the fault's sentence. */
route_table *contract_routes(const char *const *rules, descriptor_pool **ret_pool, char *fault, size_t fault_size);

/* The number of a route's method in the list. */
unsigned contract_method(const route *found);
