#include "org_rules.h"

/* Dead or alive. */
static const org_node *find(const org_tree *tree, int64_t id)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tree->nodes[middle].id == id)
            return &tree->nodes[middle];
        if (tree->nodes[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const org_node *parent_of(const org_tree *tree, const org_node *node)
{
    return node->parent_id ? find(tree, node->parent_id) : NULL;
}

const org_node *org_tree_find(const org_tree *tree, int64_t id)
{
    const org_node *node = find(tree, id);

    return node && !node->deleted ? node : NULL;
}

int64_t org_tree_root_id(const org_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].parent_id == 0)
            return tree->nodes[i].id;
    return 0;
}

/* How far a node is below top, 0 for top itself; -1 when it lies elsewhere. A tree that was broken by hand ends the
 * walk too: nothing is deeper than its nodes are many. */
static int steps_below(const org_tree *tree, const org_node *node, int64_t top)
{
    for (size_t steps = 0; node && steps <= tree->count; steps++) {
        if (node->id == top)
            return (int)steps;
        node = parent_of(tree, node);
    }
    return -1;
}

org_sight org_tree_sight(const org_tree *tree, int64_t top_id, int64_t group_id)
{
    const org_node *group = org_tree_find(tree, group_id);

    if (!group || steps_below(tree, group, top_id) < 0)
        return ORG_SEES_NOTHING;
    return group->parent_id == 0 ? ORG_SEES_ALL : ORG_SEES_SUBTREE;
}

enum { UNKNOWN, INSIDE, OUTSIDE };

/* Each node is walked over twice at most: up to one that is marked, and, when that is inside, once more. On the way all
 * count as outside, which also ends a walk in a circle. */
static void subtree_mark(const org_tree *tree, const org_node *top, int64_t *marks)
{
    const org_node *nodes = tree->nodes, *at;

    for (size_t i = 0; i < tree->count; i++)
        marks[i] = UNKNOWN;
    marks[top - nodes] = INSIDE;
    for (size_t i = 0; i < tree->count; i++) {
        for (at = &nodes[i]; at && marks[at - nodes] == UNKNOWN; at = parent_of(tree, at))
            marks[at - nodes] = OUTSIDE;
        if (!at || marks[at - nodes] == OUTSIDE)
            continue;
        for (at = &nodes[i]; marks[at - nodes] == OUTSIDE; at = parent_of(tree, at))
            marks[at - nodes] = INSIDE;
    }
}

size_t org_tree_subtree(const org_tree *tree, int64_t group_id, int64_t *ret_ids)
{
    const org_node *top = find(tree, group_id);
    size_t count = 0;

    if (!top)
        return 0;
    subtree_mark(tree, top, ret_ids);
    for (size_t i = 0; i < tree->count; i++)
        if (ret_ids[i] == INSIDE)
            ret_ids[count++] = tree->nodes[i].id; /* never further than where the marks are read */
    return count;
}

static int level_of(const org_tree *tree, const org_node *node)
{
    return steps_below(tree, node, org_tree_root_id(tree)) + 1;
}

/* Levels of living groups below this one. */
static int height_of(const org_tree *tree, int64_t id)
{
    int height = 0;

    for (size_t i = 0; i < tree->count; i++) {
        int steps = tree->nodes[i].deleted ? -1 : steps_below(tree, &tree->nodes[i], id);

        if (steps > height)
            height = steps;
    }
    return height;
}

org_verdict org_tree_admits(const org_tree *tree, int64_t parent_id)
{
    const org_node *parent = org_tree_find(tree, parent_id);
    size_t living = 0;

    if (!parent)
        return ORG_PARENT_UNKNOWN;
    for (size_t i = 0; i < tree->count; i++)
        living += !tree->nodes[i].deleted;
    if (living >= ORG_GROUPS_MAX)
        return ORG_TOO_MANY;
    return level_of(tree, parent) < ORG_DEPTH_MAX ? ORG_FITS : ORG_TOO_DEEP;
}

org_verdict org_tree_moves(const org_tree *tree, int64_t id, int64_t parent_id)
{
    const org_node *parent = org_tree_find(tree, parent_id);

    if (!parent)
        return ORG_PARENT_UNKNOWN;
    if (steps_below(tree, parent, id) >= 0)
        return ORG_CIRCLE;
    return level_of(tree, parent) + 1 + height_of(tree, id) <= ORG_DEPTH_MAX ? ORG_FITS : ORG_TOO_DEEP;
}
