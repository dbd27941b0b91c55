/* What handlers see of operations, and what becomes of old ones. */
#include "clock.h"
#include "google/protobuf/wrappers.pb-c.h"
#include "operations_tests.h"
#include "workshop.h"

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

static arena memory;
static db_tx *tx;
static int64_t enterprise;

static void up(void)
{
    workshop_up();
    arena_init(&memory, 16 << 20);
    enterprise = workshop_enterprise();
}

static void down(void)
{
    arena_done(&memory);
    workshop_down();
}

static operation_filter seen_by(int64_t user_id, bool all)
{
    return (operation_filter){.enterprise_id = enterprise, .viewer = {user_id, all}};
}

static size_t listed(operation_filter filter)
{
    const page p = {.size = 10, .first = true, .text = ""};
    Smartpass__V1__Operation **operations;
    int32_t total;
    size_t count;

    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_done(operation_store_list(tx, &filter, &p, &operations, &count));
    assert_done(operation_store_count(tx, &filter, &total));
    assert_done(db_commit(tx));
    ck_assert_uint_eq(count, (size_t)total);
    return count;
}

START_TEST(a_list_shows_the_viewers_own_and_an_administrator_all)
{
    workshop_start(enterprise, "count", 1);
    workshop_start(workshop_enterprise(), "count", 1);
    ck_assert_uint_eq(listed(seen_by(7, false)), 1);
    ck_assert_uint_eq(listed(seen_by(8, false)), 0);
    ck_assert_uint_eq(listed(seen_by(8, true)), 1);
    operation_filter running = seen_by(8, true);
    running.state = SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_RUNNING;
    ck_assert_uint_eq(listed(running), 0);
}
END_TEST

START_TEST(who_does_not_see_an_operation_can_neither_cancel_nor_dismiss_it)
{
    int64_t id = workshop_start(enterprise, "count", 1);
    const operation_filter stranger = seen_by(8, false), owner = seen_by(7, false);
    Smartpass__V1__Operation *operation;
    int64_t operator_user_id;
    bool removed;

    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_reason(operation_store_get(tx, &stranger, id, &operation, &operator_user_id), OPERATION_NOT_FOUND);
    assert_done(operation_store_cancel(tx, &stranger, id, clock_now_ms()));
    assert_done(db_commit(tx));
    ck_assert_str_eq(workshop_see(id, "state"), "1");

    workshop_cancel(enterprise, id);
    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_done(operation_store_remove(tx, &stranger, id, &removed));
    ck_assert(!removed);
    assert_done(operation_store_remove(tx, &owner, id, &removed));
    ck_assert(removed);
    assert_done(db_commit(tx));
}
END_TEST

START_TEST(what_has_not_ended_cannot_be_dismissed)
{
    int64_t id = workshop_start(enterprise, "count", 1);
    const operation_filter owner = seen_by(7, false);
    bool removed;

    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_done(operation_store_remove(tx, &owner, id, &removed));
    assert_done(db_commit(tx));
    ck_assert(!removed);
}
END_TEST

START_TEST(an_operation_of_a_transaction_that_was_rolled_back_never_was)
{
    const operation_order order = {enterprise, "count", "nothing", NULL, 7, "ann", 1, clock_now_ms()};
    int64_t id;

    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_done(operation_start(tx, &order, &id));
    db_rollback(tx);
    ck_assert_uint_eq(listed(seen_by(8, true)), 0);
}
END_TEST

START_TEST(a_request_beyond_the_limit_is_refused)
{
    static char large[OPERATION_REQUEST_MAX + 1];
    Google__Protobuf__StringValue request = GOOGLE__PROTOBUF__STRING_VALUE__INIT;
    operation_order order = {enterprise, "count", "much", &request.base, 7, "ann", 1, clock_now_ms()};
    int64_t id;

    for (size_t i = 0; i < sizeof large - 1; i++)
        large[i] = 'x';
    request.value = large;
    assert_done(db_begin(workshop_app, enterprise, &memory, &tx));
    assert_reason(operation_start(tx, &order, &id), OPERATION_TOO_LARGE);
    db_rollback(tx);
}
END_TEST

START_TEST(what_ended_goes_after_thirty_days_and_not_before)
{
    server_operations *runner = operations_new(&(operations_options){.system = workshop_system});
    int64_t ended = workshop_start(enterprise, "count", 1), open = workshop_start(enterprise, "count", 1);

    operations_add_kind(runner, &(operation_kind){.name = "count"});
    workshop_cancel(enterprise, ended);
    assert_done(operations_sweep(runner, clock_now_ms() + 30 * DAY_MS - 60000));
    ck_assert_str_eq(workshop_see(ended, "count(*)"), "1");
    assert_done(operations_sweep(runner, clock_now_ms() + 30 * DAY_MS + 1000));
    ck_assert_str_eq(workshop_see(ended, "count(*)"), "0");
    ck_assert_str_eq(workshop_see(open, "count(*)"), "1");
    operations_free(runner);
}
END_TEST

START_TEST(what_nobody_knows_how_to_do_fails_after_a_day)
{
    server_operations *runner = operations_new(&(operations_options){.system = workshop_system});
    int64_t id = workshop_start(enterprise, "fly", 1);

    assert_done(operations_sweep(runner, clock_now_ms() + DAY_MS - 60000));
    ck_assert_str_eq(workshop_see(id, "state"), "1");
    assert_done(operations_sweep(runner, clock_now_ms() + DAY_MS + 1000));
    ck_assert_str_eq(workshop_see(id, "state || error_reason"), "4OPERATION_KIND_UNKNOWN");
    operations_free(runner);
}
END_TEST

TCase *store_tests(void)
{
    TCase *tests = tcase_create("store");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_list_shows_the_viewers_own_and_an_administrator_all);
    tcase_add_test(tests, who_does_not_see_an_operation_can_neither_cancel_nor_dismiss_it);
    tcase_add_test(tests, what_has_not_ended_cannot_be_dismissed);
    tcase_add_test(tests, an_operation_of_a_transaction_that_was_rolled_back_never_was);
    tcase_add_test(tests, a_request_beyond_the_limit_is_refused);
    tcase_add_test(tests, what_ended_goes_after_thirty_days_and_not_before);
    tcase_add_test(tests, what_nobody_knows_how_to_do_fails_after_a_day);
    return tests;
}
