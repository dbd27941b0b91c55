/* What may be permitted at all, and what of it a caller holds. Permissions are the texts that the contract's methods
 * state, and nothing else. */
#pragma once

#include "arena.h"
#include "call.h"

/* Whether the caller may call what needs this permission. */
bool permission_is_held(const caller *who, const char *permission);

bool permission_is_known(const char *permission);

/* Sorted names of what the caller may do; static texts in an array of the arena. NULL when memory is out. */
char **permission_list(const caller *who, arena *a, size_t *ret_count);

/* The same of all that can be given. */
char **permission_list_all(arena *a, size_t *ret_count);

/* The methods that need it, "PeopleService.CreateEmployee"; in the arena. NULL when memory is out. */
char **permission_methods(const char *permission, arena *a, size_t *ret_count);
