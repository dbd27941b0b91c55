/* Runners and what they do with the queue while nothing goes wrong. */
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "operations_tests.h"
#include "workshop.h"

static int64_t enterprise;

static void up(void)
{
    workshop_up();
    enterprise = workshop_enterprise();
}

START_TEST(an_operation_runs_and_its_result_is_kept)
{
    server_operations *runner = workshop_runner(1, 5000);
    int64_t id = workshop_start(enterprise, "count", 20);

    workshop_await(id, "state = 3");
    ck_assert_str_eq(workshop_effects(id), "20/20");
    ck_assert_str_eq(workshop_see(id, "progress || ' of ' || total || ' ' || stage"), "20 of 20 counting");
    ck_assert_str_eq(workshop_see(id, "result_type || ' ' || encode(result, 'hex')"),
                     "type.googleapis.com/google.protobuf.Int64Value 0814");
    ck_assert_str_eq(workshop_see(id, "request = '' AND checkpoint = '' AND lease_owner IS NULL AND attempts = 1"),
                     "t");
    ck_assert_str_eq(workshop_see(id, "created_at <= started_at AND started_at <= finished_at"), "t");
    operations_free(runner);
}
END_TEST

START_TEST(a_failure_is_kept_with_its_reason)
{
    server_operations *runner = workshop_runner(1, 5000);
    int64_t id = workshop_start(enterprise, "fail", 1);

    workshop_await(id, "state = 4");
    ck_assert_str_eq(workshop_see(id, "error_code || error_reason || error_message"),
                     "9TOOL_BROKENThe tool is broken.");
    operations_free(runner);
}
END_TEST

START_TEST(progress_is_seen_while_it_runs_and_written_once_a_second)
{
    server_operations *runner = workshop_runner(1, 5000);
    int before = workshop_changes();
    int64_t id = workshop_start(enterprise, "hurry", 2300);

    workshop_await(id, "state = 2 AND progress > 0 AND stage = 'hurrying'");
    workshop_await(id, "state = 3 AND progress = 2300");
    usleep(200000);
    ck_assert_int_ge(workshop_changes() - before, 4); /* queued, taken, at least one report, ended */
    ck_assert_int_le(workshop_changes() - before, 12);
    operations_free(runner);
}
END_TEST

START_TEST(cancelling_stops_a_running_operation_at_its_next_step)
{
    server_operations *runner = workshop_runner(1, 60000); /* so that only the notification can have told it */
    int64_t id = workshop_start(enterprise, "stay", 1);

    workshop_await(id, "state = 2");
    workshop_cancel(enterprise, id);
    workshop_await(id, "state = 5 AND cancel_requested AND error_reason = ''");
    operations_free(runner);
}
END_TEST

START_TEST(what_was_done_before_cancelling_stays_done)
{
    server_operations *runner = workshop_runner(1, 5000);
    int64_t id = workshop_start(enterprise, "count", 100000);

    workshop_await(id, "progress > 5");
    workshop_cancel(enterprise, id);
    workshop_await(id, "state = 5");
    ck_assert_str_eq(fixture_sql("SELECT count(*) = (SELECT progress FROM operation WHERE id = %lld) FROM effect"
                                 " WHERE operation_id = %lld",
                                 (long long)id, (long long)id),
                     "t");
    operations_free(runner);
}
END_TEST

START_TEST(an_operation_that_was_cancelled_before_it_began_never_begins)
{
    int64_t id = workshop_start(enterprise, "count", 5);

    workshop_cancel(enterprise, id);
    ck_assert_str_eq(workshop_see(id, "state"), "5");
    server_operations *runner = workshop_runner(2, 5000);
    int64_t next = workshop_start(enterprise, "count", 5);
    workshop_await(next, "state = 3");
    ck_assert_str_eq(workshop_see(id, "state = 5 AND attempts = 0 AND request = ''"), "t");
    ck_assert_str_eq(workshop_effects(id), "0/0");
    operations_free(runner);
}
END_TEST

START_TEST(cancelling_what_has_ended_changes_nothing)
{
    server_operations *runner = workshop_runner(1, 5000);
    int64_t id = workshop_start(enterprise, "count", 1);

    workshop_await(id, "state = 3");
    workshop_cancel(enterprise, id);
    ck_assert_str_eq(workshop_see(id, "state = 3 AND NOT cancel_requested"), "t");
    operations_free(runner);
}
END_TEST

START_TEST(a_lease_is_kept_while_a_step_takes_many_times_as_long)
{
    server_operations *one = workshop_runner(1, 600), *other = workshop_runner(1, 600);
    int64_t id = workshop_start(enterprise, "stay", 1);

    workshop_await(id, "state = 2");
    usleep(3000000);
    ck_assert_str_eq(workshop_see(id, "state = 2 AND attempts = 1"), "t");
    workshop_cancel(enterprise, id);
    workshop_await(id, "state = 5");
    operations_free(one);
    operations_free(other);
}
END_TEST

START_TEST(two_runners_never_run_one_operation)
{
    enum { OPERATIONS = 200 };
    server_operations *one = workshop_runner(3, 5000), *other = workshop_runner(3, 5000);
    int64_t first = 0, last = 0;

    for (int i = 0; i < OPERATIONS; i++) {
        last = workshop_start(enterprise, "count", 2);
        first = first ? first : last;
    }
    for (int i = 0; i < 2000; i++) {
        if (atoi(fixture_sql("SELECT count(*) FROM operation WHERE state = 3 AND id BETWEEN %lld AND %lld",
                             (long long)first, (long long)last)) == OPERATIONS)
            break;
        usleep(20000);
    }
    ck_assert_str_eq(fixture_sql("SELECT count(*) || ' ' || max(attempts) FROM operation WHERE state = 3"
                                 " AND id BETWEEN %lld AND %lld",
                                 (long long)first, (long long)last),
                     "200 1");
    ck_assert_str_eq(fixture_sql("SELECT count(*) || ' ' || count(DISTINCT (operation_id, step)) FROM effect"
                                 " WHERE operation_id BETWEEN %lld AND %lld",
                                 (long long)first, (long long)last),
                     "400 400");
    operations_free(one);
    operations_free(other);
}
END_TEST

TCase *queue_tests(void)
{
    TCase *tests = tcase_create("queue");

    tcase_add_checked_fixture(tests, up, workshop_down);
    tcase_set_timeout(tests, 90);
    tcase_add_test(tests, an_operation_runs_and_its_result_is_kept);
    tcase_add_test(tests, a_failure_is_kept_with_its_reason);
    tcase_add_test(tests, progress_is_seen_while_it_runs_and_written_once_a_second);
    tcase_add_test(tests, cancelling_stops_a_running_operation_at_its_next_step);
    tcase_add_test(tests, what_was_done_before_cancelling_stays_done);
    tcase_add_test(tests, an_operation_that_was_cancelled_before_it_began_never_begins);
    tcase_add_test(tests, cancelling_what_has_ended_changes_nothing);
    tcase_add_test(tests, a_lease_is_kept_while_a_step_takes_many_times_as_long);
    tcase_add_test(tests, two_runners_never_run_one_operation);
    return tests;
}
