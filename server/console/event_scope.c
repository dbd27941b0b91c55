#include "event_scope.h"

#include <stdlib.h>
#include <string.h>

event_scope *event_scope_new(int64_t top_id, int64_t tree_version, const int64_t *groups, size_t count)
{
    event_scope *scope = malloc(sizeof *scope + count * sizeof *groups);

    if (!scope)
        return NULL;
    *scope = (event_scope){.top_id = top_id, .tree_version = tree_version, .all = !groups, .count = count};
    if (groups)
        memcpy(scope->groups, groups, count * sizeof *groups);
    return scope;
}

void event_scope_free(event_scope *scope)
{
    free(scope);
}

bool event_scope_has(const event_scope *scope, int64_t group_id)
{
    size_t low = 0, high = scope->count;

    if (scope->all)
        return true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scope->groups[middle] < group_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scope->count && scope->groups[low] == group_id;
}
