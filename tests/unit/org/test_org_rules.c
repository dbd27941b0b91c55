/* What may become of a tree of groups. */
#include <check.h>
#include <stdlib.h>

#include "org_rules.h"
#include "suite.h"

/* 1 is the root; 10 and 20 lie below it, 11 and 12 below 10, 13 below 12; 14 is a grave below 10. */
static const org_node NODES[] = {
    {1, 0, false}, {10, 1, false}, {11, 10, false}, {12, 10, false}, {13, 12, false}, {14, 10, true}, {20, 1, false},
};
static const org_tree TREE = {NODES, sizeof NODES / sizeof *NODES};

START_TEST(graves_and_strangers_are_not_found)
{
    ck_assert_ptr_eq(org_tree_find(&TREE, 12), &NODES[3]);
    ck_assert_ptr_null(org_tree_find(&TREE, 14));
    ck_assert_ptr_null(org_tree_find(&TREE, 15));
    ck_assert_ptr_null(org_tree_find(&(org_tree){NULL, 0}, 1));
    ck_assert_int_eq(org_tree_root_id(&TREE), 1);
    ck_assert_int_eq(org_tree_root_id(&(org_tree){NULL, 0}), 0);
}
END_TEST

static const struct {
    int64_t top_id, group_id;
    org_sight sight;
} SIGHTS[] = {
    {1, 1, ORG_SEES_ALL},       {1, 10, ORG_SEES_SUBTREE},  {10, 13, ORG_SEES_SUBTREE}, {10, 10, ORG_SEES_SUBTREE},
    {10, 1, ORG_SEES_NOTHING},  {10, 20, ORG_SEES_NOTHING}, {10, 14, ORG_SEES_NOTHING}, {14, 14, ORG_SEES_NOTHING},
    {10, 99, ORG_SEES_NOTHING}, {99, 10, ORG_SEES_NOTHING}, {99, 99, ORG_SEES_NOTHING}, {0, 0, ORG_SEES_NOTHING},
};

START_TEST(what_lies_below_is_seen)
{
    ck_assert_int_eq(org_tree_sight(&TREE, SIGHTS[_i].top_id, SIGHTS[_i].group_id), SIGHTS[_i].sight);
}
END_TEST

static void assert_subtree(const org_tree *tree, int64_t group_id, size_t count, const int64_t *ids)
{
    int64_t found[16];

    ck_assert_uint_eq(org_tree_subtree(tree, group_id, found), count);
    if (count > 0)
        ck_assert_mem_eq(found, ids, count * sizeof *ids);
}

START_TEST(a_subtree_has_its_graves_and_ascends)
{
    /* Groups that were moved lie below younger ones. */
    static const org_node MOVED[] = {{1, 0, false}, {2, 5, false}, {3, 2, false}, {4, 1, true}, {5, 1, false}};

    assert_subtree(&TREE, 10, 5, (const int64_t[]){10, 11, 12, 13, 14});
    assert_subtree(&TREE, 12, 2, (const int64_t[]){12, 13});
    assert_subtree(&TREE, 1, 7, (const int64_t[]){1, 10, 11, 12, 13, 14, 20});
    assert_subtree(&TREE, 99, 0, NULL);
    assert_subtree(&(org_tree){MOVED, 5}, 5, 3, (const int64_t[]){2, 3, 5});
    assert_subtree(&(org_tree){MOVED, 5}, 2, 2, (const int64_t[]){2, 3});
}
END_TEST

START_TEST(a_circle_made_by_hand_ends)
{
    static const org_node CIRCLE[] = {{1, 0, false}, {2, 3, false}, {3, 2, false}, {4, 3, false}, {5, 9, false}};

    assert_subtree(&(org_tree){CIRCLE, 5}, 1, 1, (const int64_t[]){1});
    assert_subtree(&(org_tree){CIRCLE, 5}, 3, 3, (const int64_t[]){2, 3, 4});
    ck_assert_int_eq(org_tree_sight(&(org_tree){CIRCLE, 5}, 1, 4), ORG_SEES_NOTHING);
}
END_TEST

static const struct {
    int64_t id, parent_id;
    org_verdict verdict;
} MOVES[] = {
    {11, 12, ORG_FITS},           {10, 20, ORG_FITS},           {13, 1, ORG_FITS},           {11, 10, ORG_FITS},
    {10, 10, ORG_CIRCLE},         {10, 12, ORG_CIRCLE},         {10, 13, ORG_CIRCLE},        {1, 13, ORG_CIRCLE},
    {10, 14, ORG_PARENT_UNKNOWN}, {10, 99, ORG_PARENT_UNKNOWN}, {10, 0, ORG_PARENT_UNKNOWN},
};

START_TEST(a_group_moves_anywhere_but_below_itself)
{
    ck_assert_int_eq(org_tree_moves(&TREE, MOVES[_i].id, MOVES[_i].parent_id), MOVES[_i].verdict);
}
END_TEST

/* Group n lies below group n - 1. */
static org_tree chain(org_node *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        nodes[i] = (org_node){(int64_t)i + 1, (int64_t)i, false};
    return (org_tree){nodes, count};
}

START_TEST(a_tree_has_sixteen_levels)
{
    org_node nodes[ORG_DEPTH_MAX + 2];
    org_tree tree = chain(nodes, ORG_DEPTH_MAX - 1);

    ck_assert_int_eq(org_tree_admits(&tree, ORG_DEPTH_MAX - 1), ORG_FITS);
    tree = chain(nodes, ORG_DEPTH_MAX);
    ck_assert_int_eq(org_tree_admits(&tree, ORG_DEPTH_MAX), ORG_TOO_DEEP);
    ck_assert_int_eq(org_tree_admits(&tree, ORG_DEPTH_MAX - 1), ORG_FITS);
    /* A pair beside the chain. */
    nodes[ORG_DEPTH_MAX] = (org_node){100, 1, false};
    nodes[ORG_DEPTH_MAX + 1] = (org_node){101, 100, false};
    tree.count += 2;
    ck_assert_int_eq(org_tree_moves(&tree, 100, ORG_DEPTH_MAX - 2), ORG_FITS);
    ck_assert_int_eq(org_tree_moves(&tree, 100, ORG_DEPTH_MAX - 1), ORG_TOO_DEEP);
    ck_assert_int_eq(org_tree_moves(&tree, 101, ORG_DEPTH_MAX - 1), ORG_FITS);
    nodes[ORG_DEPTH_MAX + 1].deleted = true; /* a grave is no level */
    ck_assert_int_eq(org_tree_moves(&tree, 100, ORG_DEPTH_MAX - 1), ORG_FITS);
}
END_TEST

START_TEST(an_enterprise_has_ten_thousand_living_groups)
{
    org_node *nodes = calloc(ORG_GROUPS_MAX + 1, sizeof *nodes);
    const org_tree tree = {nodes, ORG_GROUPS_MAX}, more = {nodes, ORG_GROUPS_MAX + 1};

    ck_assert_ptr_nonnull(nodes);
    for (int i = 0; i <= ORG_GROUPS_MAX; i++)
        nodes[i] = (org_node){i + 1, i ? 1 : 0, false};
    ck_assert_int_eq(org_tree_admits(&tree, 1), ORG_TOO_MANY);
    nodes[5].deleted = true;
    ck_assert_int_eq(org_tree_admits(&tree, 1), ORG_FITS);
    ck_assert_int_eq(org_tree_admits(&more, 1), ORG_TOO_MANY);
    free(nodes);
}
END_TEST

START_TEST(a_tree_that_was_broken_by_hand_ends_no_walk_in_a_loop)
{
    static const org_node broken[] = {{1, 0, false}, {2, 3, false}, {3, 2, false}};
    const org_tree tree = {broken, 3};

    ck_assert_int_eq(org_tree_moves(&tree, 1, 2), ORG_FITS);
    ck_assert_int_eq(org_tree_moves(&tree, 2, 1), ORG_FITS); /* which mends it */
    ck_assert_int_eq(org_tree_admits(&tree, 2), ORG_FITS);
}
END_TEST

/* How deep the deepest living node is, by a walk of the test's own; -1 for a circle. */
static int depth_of(const org_node *nodes, int count)
{
    int deepest = 0;

    for (int i = 0; i < count; i++) {
        int steps = 1;

        for (int64_t at = nodes[i].parent_id; at != 0; at = nodes[at - 1].parent_id)
            if (++steps > count)
                return -1;
        if (steps > deepest && !nodes[i].deleted)
            deepest = steps;
    }
    return deepest;
}

START_TEST(whatever_is_admitted_leaves_a_tree_and_whatever_is_refused_would_not)
{
    enum { GROUPS = 40, MOVES_EACH = 400 };
    org_node nodes[GROUPS];
    const org_tree tree = {nodes, GROUPS};

    srand((unsigned)_i + 1);
    for (int i = 0; i < GROUPS; i++) /* lean, so that depth matters */
        nodes[i] = (org_node){i + 1, i ? 1 : 0, i > 30 && rand() % 4 == 0};
    for (int n = 0; n < MOVES_EACH; n++) {
        int group = 1 + rand() % (GROUPS - 1), parent = rand() % 8 ? group - 1 : rand() % GROUPS;
        int64_t before = nodes[group].parent_id;
        org_verdict verdict = org_tree_moves(&tree, group + 1, parent + 1);
        int depth;

        nodes[group].parent_id = parent + 1;
        depth = depth_of(nodes, GROUPS);
        if (nodes[parent].deleted)
            ck_assert_int_eq(verdict, ORG_PARENT_UNKNOWN);
        else
            ck_assert_int_eq(verdict, depth < 0 ? ORG_CIRCLE : depth > ORG_DEPTH_MAX ? ORG_TOO_DEEP : ORG_FITS);
        if (verdict != ORG_FITS)
            nodes[group].parent_id = before;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("org rules");
    TCase *tests = tcase_create("tree");

    tcase_add_loop_test(tests, what_lies_below_is_seen, 0, sizeof SIGHTS / sizeof *SIGHTS);
    tcase_add_test(tests, a_subtree_has_its_graves_and_ascends);
    tcase_add_test(tests, a_circle_made_by_hand_ends);
    tcase_add_test(tests, graves_and_strangers_are_not_found);
    tcase_add_loop_test(tests, a_group_moves_anywhere_but_below_itself, 0, sizeof MOVES / sizeof *MOVES);
    tcase_add_test(tests, a_tree_has_sixteen_levels);
    tcase_add_test(tests, an_enterprise_has_ten_thousand_living_groups);
    tcase_add_test(tests, a_tree_that_was_broken_by_hand_ends_no_walk_in_a_loop);
    tcase_add_loop_test(tests, whatever_is_admitted_leaves_a_tree_and_whatever_is_refused_would_not, 0, 20);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
