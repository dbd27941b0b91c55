/* Who sees which groups. */
#include "house.h"
#include "org.h"
#include "people_tests.h"
#include "smartpass/v1/org.client.h"
#include "smartpass/v1/org.names.h"

static ListGroupsResponse *groups_of(house_caller who)
{
    const ListGroupsRequest request = LIST_GROUPS_REQUEST_INIT;
    ListGroupsResponse *reply = NULL;

    assert_done(org_list_groups(house_client, house_as(who), &request, &reply, NULL));
    return reply;
}

START_TEST(the_root_comes_before_its_children)
{
    ListGroupsResponse *reply = groups_of(HOUSE_ADMIN);

    ck_assert_uint_eq(reply->n_groups, 3);
    ck_assert_int_eq(reply->groups[0]->id, HOUSE_ROOT);
    ck_assert_int_eq(reply->groups[0]->parent_id, 0);
    ck_assert_str_eq(reply->groups[1]->name, "Office");
    ck_assert_int_eq(reply->groups[1]->parent_id, HOUSE_ROOT);
    ck_assert_str_eq(reply->groups[2]->name, "Store");
    smartpass__v1__list_groups_response__free_unpacked(reply, NULL);
}
END_TEST

START_TEST(a_clerk_sees_his_own_group_as_the_top)
{
    ListGroupsResponse *reply = groups_of(HOUSE_OFFICE_CLERK);

    ck_assert_uint_eq(reply->n_groups, 1);
    ck_assert_int_eq(reply->groups[0]->id, HOUSE_OFFICE);
    ck_assert_int_eq(reply->groups[0]->parent_id, 0);
    smartpass__v1__list_groups_response__free_unpacked(reply, NULL);
}
END_TEST

START_TEST(nobody_sees_the_groups_of_another_enterprise)
{
    ListGroupsResponse *reply = groups_of(HOUSE_STRANGER);

    ck_assert_uint_eq(reply->n_groups, 1);
    ck_assert_str_eq(reply->groups[0]->name, "Others");
    smartpass__v1__list_groups_response__free_unpacked(reply, NULL);
}
END_TEST

START_TEST(a_new_enterprise_has_one_root_group)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    int64_t enterprise_id, group_id, found_id, first = 0;
    arena memory;
    db_tx *tx;

    arena_init(&memory, 64 << 10);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_done(org_add_enterprise(tx, "Founded", "Europe/Berlin", &enterprise_id, &group_id));
    assert_done(org_find_root(tx, &enterprise_id, &found_id));
    ck_assert_int_eq(found_id, group_id);
    assert_done(org_find_root(tx, &first, &found_id));
    ck_assert_int_eq(first, HOUSE_ENTERPRISE); /* the oldest */
    assert_reason(org_add_enterprise(tx, "Founded", "UTC", &enterprise_id, &group_id), ENTERPRISE_NAME_TAKEN);
    db_rollback(tx);
    arena_done(&memory);
    db_pool_free(pool);
}
END_TEST

TCase *groups_tests(void)
{
    TCase *tests = tcase_create("groups");

    tcase_add_test(tests, the_root_comes_before_its_children);
    tcase_add_test(tests, a_clerk_sees_his_own_group_as_the_top);
    tcase_add_test(tests, a_new_enterprise_has_one_root_group);
    tcase_add_test(tests, nobody_sees_the_groups_of_another_enterprise);
    return tests;
}
