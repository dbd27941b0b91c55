/* The parts of the runtime that run things on threads of their own: workers and timers. */
#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "room.h"
#include "send.h"
#include "suite.h"
#include "timers.h"
#include "waiting.h"
#include "workers.h"

/* ---- workers ---- */

enum { WORKERS = 4 };

static worker_pool pool;
static atomic_int entered;
static atomic_bool gate;

typedef struct {
    worker_task task;
    atomic_int ran;
} job;

static void run_short(worker_task *task)
{
    atomic_fetch_add(&((job *)task)->ran, 1);
}

static void run_until_gate(worker_task *task)
{
    atomic_fetch_add(&entered, 1);
    while (!atomic_load(&gate))
        sleep_ms(1);
    run_short(task);
}

static void open_pool(void)
{
    workers_init(&pool, 100);
    ck_assert(workers_start(&pool, WORKERS));
}

static void close_pool(void)
{
    atomic_store(&gate, true);
    workers_done(&pool);
}

START_TEST(tasks_that_block_run_side_by_side)
{
    static job jobs[WORKERS + 1]; /* the last of them end with the pool */

    for (int i = 0; i <= WORKERS; i++) {
        jobs[i].task = (worker_task){.run = run_until_gate, .lingers = true};
        ck_assert(workers_push(&pool, &jobs[i].task));
    }
    ck_assert(room_sees(&entered, WORKERS));
    ck_assert(workers_are_busy(&pool));
    sleep_ms(50);
    ck_assert_int_eq(entered, WORKERS); /* the fifth waits for a worker */
    atomic_store(&gate, true);
    ck_assert(room_sees(&jobs[WORKERS].ran, 1));
}
END_TEST

/* Its method was quick so far, so nobody else was called. */
START_TEST(a_short_task_that_blocks_after_all_holds_nobody_up)
{
    static job blocked = {.task = {.run = run_until_gate}};
    static job next = {.task = {.run = run_short}};

    ck_assert(workers_push(&pool, &blocked.task));
    ck_assert(room_sees(&entered, 1));
    ck_assert(workers_push(&pool, &next.task));
    for (int i = 0; i < 1000 && next.ran == 0; i++) {
        workers_look_after(&pool); /* as the queue's thread does before it waits */
        sleep_ms(1);
    }
    ck_assert_int_eq(next.ran, 1);
    ck_assert_int_eq(blocked.ran, 0);
}
END_TEST

START_TEST(short_tasks_are_not_lost_whoever_runs_them)
{
    enum { TASKS = 20000 };
    job *jobs = calloc(TASKS, sizeof *jobs);
    int ran = 0;

    for (int i = 0; i < TASKS; i++) {
        jobs[i].task.run = run_short;
        while (!workers_push(&pool, &jobs[i].task)) /* a hundred may wait */
            workers_look_after(&pool);
    }
    workers_stop(&pool);
    for (int i = 0; i < TASKS; i++)
        ran += jobs[i].ran;
    ck_assert_int_eq(ran, TASKS);
    ck_assert(!workers_push(&pool, &jobs[0].task)); /* it has stopped */
    free(jobs);
}
END_TEST

START_TEST(the_line_is_bounded)
{
    static job jobs[WORKERS + 101];

    for (int i = 0; i < WORKERS; i++) {
        jobs[i].task = (worker_task){.run = run_until_gate, .lingers = true};
        ck_assert(workers_push(&pool, &jobs[i].task));
        ck_assert(room_sees(&entered, i + 1));
    }
    for (int i = WORKERS; i < WORKERS + 100; i++) {
        jobs[i].task.run = run_short;
        ck_assert(workers_push(&pool, &jobs[i].task));
    }
    ck_assert(!workers_push(&pool, &jobs[WORKERS + 100].task));
    atomic_store(&gate, true);
    ck_assert(room_sees(&jobs[WORKERS + 99].ran, 1));
}
END_TEST

/* ---- what a worker gathers ---- */

static int wire[2]; /* a connection over TCP, because others gather nothing */
static bool gathered, left_waiting;
static size_t sent;

static void connect_wire(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int door = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(door, (struct sockaddr *)&at, sizeof at), 0);
    ck_assert_int_eq(listen(door, 1), 0);
    ck_assert_int_eq(getsockname(door, (struct sockaddr *)&at, &size), 0);
    wire[0] = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(wire[0], (struct sockaddr *)&at, sizeof at), 0);
    wire[1] = accept(door, NULL, NULL);
    close(door);
}

/* Answers until one of them is held back for the next. */
static void run_answers(worker_task *task)
{
    char answer[] = "x";
    struct iovec bytes = {answer, 1};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};

    send_begin();
    for (int i = 0; i < 100000 && !send_waits(); i++)
        sent += sendmsg(wire[0], &message, 0) == 1;
    send_end();
    run_short(task);
}

static void run_waiter(worker_task *task)
{
    gathered = send_waits();
    before_waiting();
    left_waiting = send_waits();
    run_short(task);
}

START_TEST(what_was_gathered_leaves_before_the_next_handler_waits)
{
    static job answers = {.task.run = run_answers}, waiter = {.task.run = run_waiter};
    char byte;

    connect_wire();
    workers_init(&pool, 100);
    ck_assert(workers_push(&pool, &answers.task));
    ck_assert(workers_push(&pool, &waiter.task));
    ck_assert(workers_start(&pool, 1)); /* so that it finds both */
    ck_assert(room_sees(&waiter.ran, 1));
    ck_assert(gathered);
    ck_assert(!left_waiting);
    for (size_t i = 0; i < sent; i++)
        ck_assert_int_eq(recv(wire[1], &byte, 1, 0), 1);
    workers_done(&pool);
    close(wire[0]);
    close(wire[1]);
}
END_TEST

/* ---- timers ---- */

typedef struct {
    timer timer;
    int number;
} bell;

static int rung[100];
static atomic_int rung_count;

static void ring(timer *one)
{
    int at = atomic_load(&rung_count);

    rung[at] = ((bell *)one)->number;
    atomic_store(&rung_count, at + 1);
}

START_TEST(timers_ring_in_order_and_not_when_cancelled)
{
    enum { BELLS = 60 };
    timers all;
    bell bells[BELLS];
    int64_t now_ms = clock_monotonic_ms();

    timers_init(&all);
    for (int i = 0; i < BELLS; i++) {
        int number = i * 37 % BELLS; /* set in no order */

        bells[number] = (bell){.timer = {.ring = ring}, .number = number};
        ck_assert(timers_set(&all, &bells[number].timer, now_ms + 300 + 5 * number));
    }
    for (int i = 0; i < BELLS; i += 3)
        ck_assert(timers_cancel(&all, &bells[i].timer));
    ck_assert(room_sees(&rung_count, BELLS - BELLS / 3));
    for (int i = 1; i < rung_count; i++)
        ck_assert_int_lt(rung[i - 1], rung[i]);
    for (int i = 0; i < rung_count; i++)
        ck_assert_int_ne(rung[i] % 3, 0);
    ck_assert(!timers_cancel(&all, &bells[1].timer)); /* it has rung */
    timers_done(&all);
}
END_TEST

START_TEST(an_earlier_timer_is_not_kept_waiting_by_a_later_one)
{
    timers all;
    bell late = {.timer = {.ring = ring}, .number = 2};
    bell early = {.timer = {.ring = ring}, .number = 1};

    timers_init(&all);
    ck_assert(timers_set(&all, &late.timer, clock_monotonic_ms() + 60000));
    sleep_ms(50);
    ck_assert(timers_set(&all, &early.timer, clock_monotonic_ms() + 50));
    ck_assert(room_sees(&rung_count, 1));
    ck_assert_int_eq(rung[0], 1);
    ck_assert(timers_cancel(&all, &late.timer));
    timers_done(&all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("threads");
    TCase *workers = tcase_create("workers");
    TCase *answers = tcase_create("answers");
    TCase *clocks = tcase_create("timers");

    tcase_add_checked_fixture(workers, open_pool, close_pool);
    tcase_set_timeout(workers, 60);
    tcase_add_test(workers, tasks_that_block_run_side_by_side);
    tcase_add_test(workers, a_short_task_that_blocks_after_all_holds_nobody_up);
    tcase_add_test(workers, short_tasks_are_not_lost_whoever_runs_them);
    tcase_add_test(workers, the_line_is_bounded);
    tcase_add_test(answers, what_was_gathered_leaves_before_the_next_handler_waits);
    tcase_set_timeout(answers, 60);
    tcase_set_timeout(clocks, 60);
    tcase_add_test(clocks, timers_ring_in_order_and_not_when_cancelled);
    tcase_add_test(clocks, an_earlier_timer_is_not_kept_waiting_by_a_later_one);
    suite_add_tcase(suite, workers);
    suite_add_tcase(suite, answers);
    suite_add_tcase(suite, clocks);
    return suite_run(suite);
}
