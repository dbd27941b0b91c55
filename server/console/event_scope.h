/* Which groups' events a watcher gets: the user's place in one version of his enterprise's tree. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t top_id;
    int64_t tree_version;
    bool all;
    size_t count;
    int64_t groups[]; /* ascending */
} event_scope;

/* groups NULL: all. NULL when memory is out. */
event_scope *event_scope_new(int64_t top_id, int64_t tree_version, const int64_t *groups, size_t count);
void event_scope_free(event_scope *scope); /* accepts NULL */

bool event_scope_has(const event_scope *scope, int64_t group_id);
