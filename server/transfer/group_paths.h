/* The groups that a caller sees, by path: "Head office / Workshop / Night". Exports write them, imports find them. */
#pragma once

#include "db.h"

typedef struct group_paths group_paths;

typedef struct {
    int64_t id, parent_id;
    const char *name;
} group_node;

/* Of groups that come parents first; one whose parent is not among them begins a path. Names are borrowed, the rest
 * lies in the arena; NULL when memory is out. Pure. */
group_paths *group_paths_make(arena *a, const group_node *nodes, size_t count);

/* The groups of the subtree of top_id that are not deleted, in tx's arena (either role). A path begins with top_id. */
sp_status group_paths_read(db_tx *tx, int64_t enterprise_id, int64_t top_id, group_paths **ret_paths) SP_MUST_USE;

/* "" when it is not among them. */
const char *group_path(const group_paths *paths, int64_t group_id);

typedef enum { GROUP_FOUND, GROUP_UNKNOWN, GROUP_AMBIGUOUS } group_verdict;

/* A whole path, its end as long as one group alone has it ("Workshop / Night"), or a name that one group alone has; "/"
 * with or without blanks around. Case counts. */
group_verdict group_paths_find(const group_paths *paths, const char *text, int64_t *ret_group_id);

/* For lists to choose from: all of them, sorted. */
size_t group_paths_count(const group_paths *paths);
const char *group_path_at(const group_paths *paths, size_t index);
