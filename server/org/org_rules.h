/* What may become of a tree of groups. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ORG_DEPTH_MAX = 16,    /* levels, the root's among them */
    ORG_GROUPS_MAX = 10000 /* of an enterprise, the deleted ones not counted */
};

typedef struct {
    int64_t id;
    int64_t parent_id; /* 0: the root */
    bool deleted;      /* only there for the records that were made in it */
} org_node;

/* All groups of an enterprise, sorted by id. Borrowed. */
typedef struct {
    const org_node *nodes;
    size_t count;
} org_tree;

/* NULL when there is none, or when it is deleted. */
const org_node *org_tree_find(const org_tree *tree, int64_t id);

/* 0 when there is none. */
int64_t org_tree_root_id(const org_tree *tree);

typedef enum { ORG_FITS, ORG_PARENT_UNKNOWN, ORG_CIRCLE, ORG_TOO_DEEP, ORG_TOO_MANY } org_verdict;

typedef enum { ORG_SEES_NOTHING, ORG_SEES_ALL, ORG_SEES_SUBTREE } org_sight;

/* What whoever stands at top_id sees of group_id: nothing when that is deleted or lies elsewhere, all when it is the
 * root. */
org_sight org_tree_sight(const org_tree *tree, int64_t top_id, int64_t group_id);

/* The ids of the group and of what is below it, graves among it, ascending; how many. ret_ids has room for the tree's
 * count. */
size_t org_tree_subtree(const org_tree *tree, int64_t group_id, int64_t *ret_ids);

/* Whether a new group may lie below parent_id. */
org_verdict org_tree_admits(const org_tree *tree, int64_t parent_id);

/* Whether the group, with all that is below it, may lie below parent_id. */
org_verdict org_tree_moves(const org_tree *tree, int64_t id, int64_t parent_id);
