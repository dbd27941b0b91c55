/* Runners that die, stop or sleep too long: what others make of it. */
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "operations_tests.h"
#include "workshop.h"

enum { LEASE_MS = 600 };

static int64_t enterprise;

static void up(void)
{
    workshop_up();
    enterprise = workshop_enterprise();
}

/* A process of its own that takes operations until it is killed. The test has no threads yet, and the child makes
 * connections of its own. */
static pid_t runner_process(void)
{
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child > 0)
        return child;
    workshop_app = fixture_pool(DB_APP, 4);
    workshop_system = fixture_pool(DB_SYSTEM, 4);
    workshop_runner(1, LEASE_MS);
    for (;;)
        pause();
}

static void kill_process(pid_t process)
{
    int how;

    ck_assert_int_eq(kill(process, SIGKILL), 0);
    ck_assert_int_eq(waitpid(process, &how, 0), process);
}

START_TEST(what_a_killed_runner_began_another_goes_on_with_at_the_checkpoint)
{
    pid_t victim = runner_process();
    int64_t id = workshop_start(enterprise, "count", 400);

    workshop_await(id, "progress > 20");
    kill_process(victim);
    ck_assert_str_eq(workshop_see(id, "state"), "2");
    server_operations *heir = workshop_runner(2, LEASE_MS);
    workshop_await(id, "state = 3");
    ck_assert_str_eq(workshop_see(id, "attempts || ' ' || progress"), "2 400");
    ck_assert_str_eq(workshop_effects(id), "400/400");
    ck_assert_str_eq(fixture_sql("SELECT count(DISTINCT attempt) FROM effect WHERE operation_id = %lld", (long long)id),
                     "2");
    operations_free(heir);
}
END_TEST

START_TEST(nobody_takes_from_a_killed_runner_before_its_lease_has_run_out)
{
    pid_t victim = runner_process();
    int64_t id = workshop_start(enterprise, "count", 100000);

    workshop_await(id, "progress > 5");
    kill_process(victim);
    fixture_sql("UPDATE operation SET lease_until = clock_timestamp() + interval '2 seconds' WHERE id = %lld",
                (long long)id);
    server_operations *heir = workshop_runner(1, LEASE_MS);
    usleep(1000000);
    ck_assert_str_eq(workshop_see(id, "attempts"), "1");
    workshop_await(id, "attempts = 2");
    operations_free(heir);
}
END_TEST

START_TEST(what_cannot_be_resumed_fails_as_interrupted)
{
    pid_t victim = runner_process();
    int64_t id = workshop_start(enterprise, "stay", 1);

    workshop_await(id, "state = 2");
    kill_process(victim);
    server_operations *heir = workshop_runner(1, LEASE_MS);
    workshop_await(id, "state = 4");
    ck_assert_str_eq(workshop_see(id, "error_reason || attempts"), "INTERRUPTED1");
    operations_free(heir);
}
END_TEST

START_TEST(what_was_cancelled_and_then_lost_its_runner_is_cancelled)
{
    pid_t victim = runner_process();
    int64_t id = workshop_start(enterprise, "count", 100000);

    workshop_await(id, "progress > 5");
    kill_process(victim);
    workshop_cancel(enterprise, id);
    ck_assert_str_eq(workshop_see(id, "state"), "2");
    server_operations *heir = workshop_runner(1, LEASE_MS);
    workshop_await(id, "state = 5");
    ck_assert_str_eq(workshop_see(id, "attempts"), "1");
    operations_free(heir);
}
END_TEST

START_TEST(what_kills_every_runner_is_tried_five_times)
{
    int64_t id = workshop_start(enterprise, "crash", 1);

    for (int attempt = 1; attempt <= 5; attempt++) {
        int how;
        pid_t victim = runner_process();

        ck_assert_int_eq(waitpid(victim, &how, 0), victim);
        ck_assert_int_eq(WEXITSTATUS(how), 9);
        ck_assert_int_eq(atoi(workshop_see(id, "attempts")), attempt);
    }
    server_operations *last = workshop_runner(1, LEASE_MS);
    workshop_await(id, "state = 4");
    ck_assert_str_eq(workshop_see(id, "error_reason || attempts"), "ATTEMPTS_EXHAUSTED5");
    operations_free(last);
}
END_TEST

START_TEST(who_lost_his_lease_can_commit_nothing_more)
{
    server_operations *sleepwalker = workshop_runner(1, 60000), *other;
    int64_t id = workshop_start(enterprise, "sleepwalk", 1);

    workshop_await(id, "progress = 1");
    fixture_sql("UPDATE operation SET lease_until = clock_timestamp() - interval '1 second' WHERE id = %lld",
                (long long)id);
    other = workshop_runner(1, 60000);
    workshop_await(id, "state = 3"); /* the other one did the second step */
    workshop_wake();
    for (int i = 0; i < 1000 && *workshop_last_words() == '\0'; i++)
        usleep(10000);
    ck_assert_str_eq(workshop_last_words(), "OPERATION_LOST");
    operations_free(sleepwalker);
    operations_free(other);
    ck_assert_str_eq(workshop_see(id, "state || ' ' || attempts || ' ' || progress"), "3 2 2");
    ck_assert_str_eq(workshop_effects(id), "2/2");
}
END_TEST

START_TEST(a_runner_that_stops_gives_back_what_can_be_resumed_and_ends_the_rest)
{
    server_operations *first = workshop_runner(2, 60000);
    int64_t counted = workshop_start(enterprise, "count", 500), stayed = workshop_start(enterprise, "stay", 1);

    workshop_await(counted, "progress > 20");
    workshop_await(stayed, "state = 2");
    operations_free(first);
    ck_assert_str_eq(workshop_see(counted, "state = 1 AND attempts = 0 AND checkpoint <> '' AND lease_owner IS NULL"),
                     "t");
    ck_assert_str_eq(workshop_see(stayed, "state || error_reason"), "4INTERRUPTED");

    server_operations *next = workshop_runner(2, 60000);
    workshop_await(counted, "state = 3");
    ck_assert_str_eq(workshop_effects(counted), "500/500");
    operations_free(next);
}
END_TEST

static pid_t postmaster(void)
{
    char path[300];
    int pid = 0;

    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", fixture_directory);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &pid) != 1)
        pid = 0;
    if (file)
        fclose(file);
    return (pid_t)pid;
}

START_TEST(a_killed_database_does_not_make_a_step_happen_twice)
{
    server_operations *runner = workshop_runner(1, 2000);
    int64_t id = workshop_start(enterprise, "count", 1500);
    pid_t victim = postmaster();

    workshop_await(id, "progress > 100");
    ck_assert_int_gt(victim, 1);
    kill(victim, SIGKILL);
    for (int i = 0; i < 600 && (postmaster() == victim || postmaster() == 0); i++)
        usleep(50000);
    for (int i = 0; i < 600 && PQping(fixture_conninfo) != PQPING_OK; i++)
        usleep(50000);
    workshop_await(id, "state = 3");
    ck_assert_str_eq(workshop_effects(id), "1500/1500");
    operations_free(runner);
}
END_TEST

TCase *take_over_tests(void)
{
    TCase *tests = tcase_create("take over");

    tcase_add_checked_fixture(tests, up, workshop_down);
    tcase_set_timeout(tests, 90);
    tcase_add_test(tests, what_a_killed_runner_began_another_goes_on_with_at_the_checkpoint);
    tcase_add_test(tests, nobody_takes_from_a_killed_runner_before_its_lease_has_run_out);
    tcase_add_test(tests, what_cannot_be_resumed_fails_as_interrupted);
    tcase_add_test(tests, what_was_cancelled_and_then_lost_its_runner_is_cancelled);
    tcase_add_test(tests, what_kills_every_runner_is_tried_five_times);
    tcase_add_test(tests, who_lost_his_lease_can_commit_nothing_more);
    tcase_add_test(tests, a_runner_that_stops_gives_back_what_can_be_resumed_and_ends_the_rest);
    tcase_add_test(tests, a_killed_database_does_not_make_a_step_happen_twice);
    return tests;
}
