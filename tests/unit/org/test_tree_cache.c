/* Trees that are remembered: of which version, for how long, and who may hold them meanwhile. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "suite.h"
#include "tree_cache.h"

enum { ROOM = 10, HERE = 601, ELSEWHERE = 602, THIRD = 603 };

static tree_cache *cache;

static void up(void)
{
    cache = tree_cache_new(ROOM);
    ck_assert_ptr_nonnull(cache);
}

static void down(void)
{
    tree_cache_free(cache);
}

/* A tree that tells by its ids what it was kept as. */
static void keep(int64_t enterprise_id, int64_t version, size_t count)
{
    org_node nodes[ROOM + 1];

    for (size_t i = 0; i < count; i++)
        nodes[i] = (org_node){enterprise_id * 1000 + version, 0, false};
    tree_cache_keep(cache, enterprise_id, version, &(org_tree){nodes, count});
}

static bool is_of(const org_tree *tree, int64_t enterprise_id, int64_t version)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].id != enterprise_id * 1000 + version)
            return false;
    return true;
}

static bool is_kept(int64_t enterprise_id, int64_t version)
{
    const org_tree *tree = tree_cache_hold(cache, enterprise_id, version);

    if (!tree)
        return false;
    ck_assert(is_of(tree, enterprise_id, version));
    tree_cache_release(cache, tree);
    return true;
}

START_TEST(a_tree_serves_callers_of_its_own_version)
{
    ck_assert(!is_kept(HERE, 7));
    keep(HERE, 7, 3);
    ck_assert(is_kept(HERE, 7));
    ck_assert(!is_kept(HERE, 6));
    ck_assert(!is_kept(HERE, 8));
    ck_assert(!is_kept(ELSEWHERE, 7));
}
END_TEST

START_TEST(another_version_takes_the_place_of_the_one_before)
{
    keep(HERE, 7, 6);
    keep(HERE, 8, 6);
    ck_assert(is_kept(HERE, 8));
    ck_assert(!is_kept(HERE, 7));
    keep(HERE, 7, 6); /* of a call that took its time: the next one brings the newer again */
    ck_assert(is_kept(HERE, 7));
    ck_assert(!is_kept(HERE, 8));
}
END_TEST

START_TEST(what_is_held_outlives_its_place)
{
    const org_tree *first, *second;

    keep(HERE, 7, 6);
    first = tree_cache_hold(cache, HERE, 7);
    second = tree_cache_hold(cache, HERE, 7);
    keep(HERE, 8, 2);
    ck_assert(is_of(first, HERE, 7));
    tree_cache_release(cache, first);
    ck_assert(is_of(second, HERE, 7));
    tree_cache_release(cache, second);
    ck_assert(is_kept(HERE, 8));
}
END_TEST

START_TEST(whoever_was_not_asked_for_longest_makes_room)
{
    keep(HERE, 1, 4);
    keep(ELSEWHERE, 1, 4);
    ck_assert(is_kept(HERE, 1));
    keep(THIRD, 1, 4);
    ck_assert(is_kept(HERE, 1));
    ck_assert(!is_kept(ELSEWHERE, 1));
    ck_assert(is_kept(THIRD, 1));
    keep(ELSEWHERE, 1, ROOM);
    ck_assert(!is_kept(HERE, 1));
    ck_assert(!is_kept(THIRD, 1));
}
END_TEST

START_TEST(a_tree_that_never_fits_drives_nobody_out)
{
    keep(HERE, 1, 4);
    keep(ELSEWHERE, 1, ROOM + 1);
    ck_assert(!is_kept(ELSEWHERE, 1));
    ck_assert(is_kept(HERE, 1));
}
END_TEST

START_TEST(enterprises_are_as_many_as_there_are_places)
{
    for (int i = 0; i <= TREE_CACHE_ENTERPRISES; i++)
        keep(i, 1, 0);
    ck_assert(!is_kept(0, 1));
    ck_assert(is_kept(1, 1));
    ck_assert(is_kept(TREE_CACHE_ENTERPRISES, 1));
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

static atomic_int wrong, found;

/* Two enterprises of six groups in room for ten, so that each drives the other out. */
static void *caller_run(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;

    for (int i = 0; i < 20000; i++) {
        int64_t enterprise_id = HERE + rand_r(&seed) % 2, version = 1 + rand_r(&seed) % 2;
        const org_tree *tree = tree_cache_hold(cache, enterprise_id, version);

        if (!tree) {
            keep(enterprise_id, version, 6);
            continue;
        }
        atomic_fetch_add(&found, 1);
        if (tree->count != 6 || !is_of(tree, enterprise_id, version))
            atomic_fetch_add(&wrong, 1);
        tree_cache_release(cache, tree);
    }
    return NULL;
}

START_TEST(many_threads_get_what_they_ask_for)
{
    pthread_t threads[4];

    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, caller_run, (void *)(uintptr_t)(i + 1)), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_gt(found, 0);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree cache");
    TCase *tests = tcase_create("tree cache");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_tree_serves_callers_of_its_own_version);
    tcase_add_test(tests, another_version_takes_the_place_of_the_one_before);
    tcase_add_test(tests, what_is_held_outlives_its_place);
    tcase_add_test(tests, whoever_was_not_asked_for_longest_makes_room);
    tcase_add_test(tests, a_tree_that_never_fits_drives_nobody_out);
    tcase_add_test(tests, enterprises_are_as_many_as_there_are_places);
    tcase_add_test(tests, many_threads_get_what_they_ask_for);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
