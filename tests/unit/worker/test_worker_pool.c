#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "face.h"
#include "made_files.h"
#include "photos.h"
#include "suite.h"
#include "worker.h"

#define PATIENCE_MS 30000 /* for what must succeed, on a busy machine */
#define PIDS_MAX 16

static worker_pool *pool;
static arena memory;
static made_file portrait;

static worker_pool *pool_of(int processes)
{
    return worker_pool_new(&(worker_options){.program = WORKER, .weights = WEIGHTS, .processes = processes});
}

static void begin(void)
{
    arena_init(&memory, 16 << 20);
    pool = pool_of(1);
    ck_assert_ptr_nonnull(pool);
    portrait.bytes = photo_bytes("person-01", &portrait.size);
}

static void end(void)
{
    worker_pool_free(pool);
    arena_done(&memory);
    free(portrait.bytes);
}

static pid_t parent_of(pid_t pid)
{
    char path[64], line[512] = "";
    int parent = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fgets(line, sizeof line, file) && strrchr(line, ')'))
        sscanf(strrchr(line, ')') + 1, " %*c %d", &parent);
    fclose(file);
    return parent;
}

/* The workers of this test: its children. */
static int worker_pids(pid_t pids[PIDS_MAX])
{
    DIR *processes = opendir("/proc");
    int count = 0;

    ck_assert_ptr_nonnull(processes);
    for (struct dirent *entry; (entry = readdir(processes)) && count < PIDS_MAX;) {
        pid_t pid = atoi(entry->d_name);

        if (pid > 0 && parent_of(pid) == getpid())
            pids[count++] = pid;
    }
    closedir(processes);
    return count;
}

static pid_t only_worker(void)
{
    pid_t pids[PIDS_MAX];

    ck_assert_int_eq(worker_pids(pids), 1);
    return pids[0];
}

static void portrait_is_good(void)
{
    photo_result result;
    sp_status status = worker_check_photo(pool, &memory, portrait.bytes, portrait.size, PATIENCE_MS, &result);

    ck_assert_str_eq(status.reason, "");
    ck_assert_str_eq(photo_verdict_reason(result.verdict), "OK");
}

/* Takes the file. */
static void verdict_is(made_file file, const char *reason)
{
    photo_result result;
    sp_status status = worker_check_photo(pool, &memory, file.bytes, file.size, PATIENCE_MS, &result);

    ck_assert_str_eq(status.reason, "");
    ck_assert_str_eq(photo_verdict_reason(result.verdict), reason);
    free(file.bytes);
}

static made_file photo_file(const char *name)
{
    made_file file;

    file.bytes = photo_bytes(name, &file.size);
    return file;
}

START_TEST(a_good_photo_comes_back_with_everything)
{
    photo_result result;
    float numbers[FACE_TEMPLATE_LENGTH];

    ck_assert(!sp_failed(worker_check_photo(pool, &memory, portrait.bytes, portrait.size, PATIENCE_MS, &result)));
    ck_assert_int_eq(result.verdict, PHOTO_OK);
    ck_assert_str_eq(result.engine, FACE_ENGINE_ID);
    ck_assert_mem_eq(result.photo, "\xff\xd8\xff", 3);
    ck_assert_mem_eq(result.thumbnail, "\xff\xd8\xff", 3);
    ck_assert_int_eq(result.width, 480);
    ck_assert_int_eq(result.height, 720);
    ck_assert_int_gt(result.face_height * 3, result.height);
    ck_assert(face_template_unpack(result.template_bytes, sizeof result.template_bytes, numbers));
    ck_assert_float_eq_tol(face_distance(numbers, (float[FACE_TEMPLATE_LENGTH]){0}), 1.4f, 0.5f);
}
END_TEST

START_TEST(bad_photos_get_their_verdict_one_after_the_other)
{
    made_file cut = photo_file("person-02");

    cut.size /= 2;
    verdict_is((made_file){(uint8_t *)strdup("no picture at all"), 17}, "NOT_AN_IMAGE");
    verdict_is((made_file){NULL, 0}, "NOT_AN_IMAGE");
    verdict_is(cut, "NOT_AN_IMAGE");
    verdict_is(made_promising_png(60000, 60000), "TOO_LARGE_PIXELS");
    verdict_is(made_white_png(3999, 4000), "NO_FACE");
    verdict_is(photo_file("nobody"), "NO_FACE");
    verdict_is(photo_file("two-faces"), "SEVERAL_FACES");
    verdict_is(photo_file("person-02"), "OK");
}
END_TEST

/* Takes the file. */
static photo_result picture_of(made_file file)
{
    photo_result result;
    sp_status status = worker_check_picture(pool, &memory, file.bytes, file.size, PATIENCE_MS, &result);

    ck_assert_str_eq(status.reason, "");
    free(file.bytes);
    return result;
}

static void picture_verdict_is(made_file file, const char *reason)
{
    ck_assert_str_eq(photo_verdict_reason(picture_of(file).verdict), reason);
}

START_TEST(any_other_picture_is_drawn_anew_by_the_process_that_checks_photos)
{
    made_file cut = photo_file("nobody");
    photo_result result = picture_of(photo_file("nobody"));
    pid_t process = only_worker();

    ck_assert_str_eq(photo_verdict_reason(result.verdict), "OK");
    ck_assert(result.photo_size > 0 && result.photo_size <= WORKER_PHOTO_BYTES_MAX && result.thumbnail_size == 0);
    ck_assert_mem_eq(result.photo, "\xff\xd8\xff", 3);
    result = picture_of(made_white_png(3000, 1500));
    ck_assert_int_eq(result.width, 1280);
    ck_assert_int_eq(result.height, 640);
    cut.size /= 2;
    picture_verdict_is(cut, "DAMAGED");
    picture_verdict_is((made_file){(uint8_t *)strdup("no picture at all"), 17}, "NOT_AN_IMAGE");
    picture_verdict_is((made_file){NULL, 0}, "NOT_AN_IMAGE");
    picture_verdict_is(made_promising_png(60000, 60000), "TOO_LARGE_PIXELS");
    portrait_is_good();
    ck_assert_int_eq(only_worker(), process);
}
END_TEST

START_TEST(more_bytes_than_allowed_never_reach_a_worker)
{
    pid_t pids[PIDS_MAX];

    verdict_is((made_file){calloc(1, WORKER_PHOTO_BYTES_MAX + 1), WORKER_PHOTO_BYTES_MAX + 1}, "TOO_LARGE");
    ck_assert_int_eq(worker_pids(pids), 0);
}
END_TEST

START_TEST(the_same_process_serves_one_photo_after_the_other)
{
    portrait_is_good();
    pid_t first = only_worker();
    for (int i = 0; i < 3; i++)
        portrait_is_good();
    ck_assert_int_eq(only_worker(), first);
}
END_TEST

/* What goes wrong. */

START_TEST(a_worker_killed_while_idle_is_replaced_without_a_word)
{
    portrait_is_good();
    pid_t killed = only_worker();
    kill(killed, SIGKILL);
    usleep(100000);
    portrait_is_good();
    ck_assert_int_ne(only_worker(), killed);
}
END_TEST

typedef struct {
    pid_t pid;
    int signal;
} blow;

static void *strike_soon(void *arg)
{
    const blow *b = arg;

    usleep(200000);
    kill(b->pid, b->signal);
    kill(b->pid, SIGCONT);
    return NULL;
}

/* The status of a photo over which the worker gets this signal. */
static sp_status check_struck_by(int signal)
{
    photo_result result = {.verdict = PHOTO_VERDICTS};
    pthread_t striker;

    ck_assert(!sp_failed(worker_pool_start(pool)));
    blow b = {only_worker(), signal};
    kill(b.pid, SIGSTOP); /* so that it is still over the photo when it is struck */
    pthread_create(&striker, NULL, strike_soon, &b);
    sp_status status = worker_check_photo(pool, &memory, portrait.bytes, portrait.size, PATIENCE_MS, &result);
    pthread_join(striker, NULL);
    ck_assert_int_eq(result.verdict, PHOTO_VERDICTS); /* untouched */
    return status;
}

START_TEST(a_worker_killed_over_a_photo_fails_that_photo_only)
{
    sp_status status = check_struck_by(SIGKILL);

    ck_assert_str_eq(status.reason, "PHOTO_CHECK_CRASHED");
    ck_assert_int_eq(status.code, SP_INTERNAL);
    portrait_is_good();
}
END_TEST

START_TEST(a_worker_out_of_processor_time_took_too_long)
{
    sp_status status = check_struck_by(SIGPROF); /* what its own timer sends */

    ck_assert_str_eq(status.reason, "PHOTO_CHECK_TIMED_OUT");
    portrait_is_good();
}
END_TEST

START_TEST(a_worker_that_hangs_is_killed_in_time)
{
    photo_result result;
    int64_t from_ms = clock_monotonic_ms();

    ck_assert(!sp_failed(worker_pool_start(pool)));
    pid_t hung = only_worker();
    kill(hung, SIGSTOP);
    from_ms = clock_monotonic_ms();
    sp_status status = worker_check_photo(pool, &memory, portrait.bytes, portrait.size, 300, &result);
    ck_assert_str_eq(status.reason, "PHOTO_CHECK_TIMED_OUT");
    ck_assert_int_eq(status.code, SP_DEADLINE_EXCEEDED);
    ck_assert_int_lt(clock_monotonic_ms() - from_ms, 3000);
    ck_assert_int_ne(kill(hung, 0), 0);
    portrait_is_good();
}
END_TEST

START_TEST(a_patient_caller_waits_five_seconds_for_a_hung_worker)
{
    photo_result result;

    ck_assert(!sp_failed(worker_pool_start(pool)));
    kill(only_worker(), SIGSTOP);
    int64_t from_ms = clock_monotonic_ms();
    sp_status status = worker_check_photo(pool, &memory, portrait.bytes, portrait.size, PATIENCE_MS, &result);
    ck_assert_str_eq(status.reason, "PHOTO_CHECK_TIMED_OUT");
    ck_assert_int_ge(clock_monotonic_ms() - from_ms, 4900);
    ck_assert_int_lt(clock_monotonic_ms() - from_ms, 9000);
}
END_TEST

static void *check_hanging(void *ret_status)
{
    photo_result result;
    arena own;

    arena_init(&own, 4 << 20);
    *(sp_status *)ret_status = worker_check_photo(pool, &own, portrait.bytes, portrait.size, 1500, &result);
    arena_done(&own);
    return NULL;
}

START_TEST(who_finds_all_workers_busy_is_told_so_in_time)
{
    photo_result result;
    pthread_t other;
    sp_status first;

    ck_assert(!sp_failed(worker_pool_start(pool)));
    kill(only_worker(), SIGSTOP);
    pthread_create(&other, NULL, check_hanging, &first);
    usleep(300000);
    sp_status second = worker_check_photo(pool, &memory, portrait.bytes, portrait.size, 200, &result);
    ck_assert_str_eq(second.reason, "PHOTO_WORKERS_BUSY");
    ck_assert_int_eq(second.code, SP_UNAVAILABLE);
    pthread_join(other, NULL);
    ck_assert_str_eq(first.reason, "PHOTO_CHECK_TIMED_OUT");
}
END_TEST

START_TEST(a_program_or_weights_that_are_missing_show_at_once)
{
    static const worker_options wrong[] = {
        {.program = "/nonexistent/smartpass-worker", .weights = WEIGHTS, .processes = 1},
        {.program = WORKER, .weights = "/nonexistent/face.weights", .processes = 1},
        {.program = WORKER, .weights = WORKER, .processes = 1},
        {.program = "/bin/true", .weights = WEIGHTS, .processes = 1},
    };
    photo_result result;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        worker_pool *broken = worker_pool_new(&wrong[i]);

        ck_assert_ptr_nonnull(broken);
        ck_assert_str_eq(worker_pool_start(broken).reason, "PHOTO_WORKER_NOT_STARTED");
        sp_status status = worker_check_photo(broken, &memory, portrait.bytes, portrait.size, PATIENCE_MS, &result);
        ck_assert_int_eq(status.code, SP_UNAVAILABLE);
        worker_pool_free(broken);
    }
}
END_TEST

START_TEST(an_arena_that_is_too_small_is_a_status_and_the_pool_goes_on)
{
    photo_result result;
    arena small;

    arena_init(&small, 4096);
    sp_status status = worker_check_photo(pool, &small, portrait.bytes, portrait.size, PATIENCE_MS, &result);
    ck_assert_str_eq(status.reason, "PHOTO_CHECK_NO_MEMORY");
    arena_done(&small);
    portrait_is_good();
}
END_TEST

/* Many at once, and the end. */

enum { CALLERS = 6, PHOTOS_EACH = 4 };

static void *check_several(void *number)
{
    intptr_t good = 0;

    for (int i = 0; i < PHOTOS_EACH; i++) {
        bool expect_good = ((intptr_t)number + i) % 2 == 0;
        made_file file = photo_file(expect_good ? "person-01" : "two-faces");
        photo_result result;
        arena own;

        arena_init(&own, 4 << 20);
        sp_status status = worker_check_photo(pool, &own, file.bytes, file.size, 4 * PATIENCE_MS, &result);
        good += !sp_failed(status) && result.verdict == (expect_good ? PHOTO_OK : PHOTO_SEVERAL_FACES);
        arena_done(&own);
        free(file.bytes);
    }
    return (void *)good;
}

START_TEST(many_callers_share_few_workers_and_each_gets_his_own_answer)
{
    pthread_t callers[CALLERS];
    pid_t pids[PIDS_MAX];

    worker_pool_free(pool);
    pool = pool_of(2);
    for (intptr_t i = 0; i < CALLERS; i++)
        pthread_create(&callers[i], NULL, check_several, (void *)i);
    for (int i = 0; i < CALLERS; i++) {
        void *good;

        pthread_join(callers[i], &good);
        ck_assert_int_eq((intptr_t)good, PHOTOS_EACH);
    }
    ck_assert_int_eq(worker_pids(pids), 2);
}
END_TEST

START_TEST(no_worker_outlives_its_pool)
{
    pid_t pids[PIDS_MAX];

    ck_assert(!sp_failed(worker_pool_start(pool)));
    worker_pool_free(pool);
    pool = NULL;
    ck_assert_int_eq(worker_pids(pids), 0);
}
END_TEST

/* In the place of the worker: notes what it was given, in the file that should be the weights, and ends. */
static void write_script(const char *path)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs("#!/bin/sh\nls /proc/self/fd > \"$2\"\nenv >> \"$2\"\n", file);
    fchmod(fileno(file), 0700);
    fclose(file);
}

START_TEST(a_worker_inherits_its_socket_and_nothing_else)
{
    char folder[] = "/tmp/worker-pool-XXXXXX", script[64], notes[64], text[4096] = "";
    int careless = dup(STDERR_FILENO); /* without close-on-exec, as a library may leave it */

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(script, sizeof script, "%s/worker", folder);
    snprintf(notes, sizeof notes, "%s/notes", folder);
    write_script(script);
    setenv("DATABASE_PASSWORD", "secret", 1);
    worker_pool *curious = worker_pool_new(&(worker_options){.program = script, .weights = notes, .processes = 1});
    ck_assert(sp_failed(worker_pool_start(curious)));
    worker_pool_free(curious);

    FILE *file = fopen(notes, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_mem_eq(text, "0\n1\n2\n3\n4\n", 10); /* 4 is what ls reads the folder with */
    ck_assert(text[10] < '0' || text[10] > '9');
    ck_assert_ptr_null(strstr(text, "secret"));
    unlink(notes);
    unlink(script);
    rmdir(folder);
    close(careless);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("worker_pool");
    TCase *tests = tcase_create("worker_pool");

    tcase_set_timeout(tests, 240);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_good_photo_comes_back_with_everything);
    tcase_add_test(tests, bad_photos_get_their_verdict_one_after_the_other);
    tcase_add_test(tests, any_other_picture_is_drawn_anew_by_the_process_that_checks_photos);
    tcase_add_test(tests, more_bytes_than_allowed_never_reach_a_worker);
    tcase_add_test(tests, the_same_process_serves_one_photo_after_the_other);
    tcase_add_test(tests, a_worker_killed_while_idle_is_replaced_without_a_word);
    tcase_add_test(tests, a_worker_killed_over_a_photo_fails_that_photo_only);
    tcase_add_test(tests, a_worker_out_of_processor_time_took_too_long);
    tcase_add_test(tests, a_worker_that_hangs_is_killed_in_time);
    tcase_add_test(tests, a_patient_caller_waits_five_seconds_for_a_hung_worker);
    tcase_add_test(tests, who_finds_all_workers_busy_is_told_so_in_time);
    tcase_add_test(tests, a_program_or_weights_that_are_missing_show_at_once);
    tcase_add_test(tests, an_arena_that_is_too_small_is_a_status_and_the_pool_goes_on);
    tcase_add_test(tests, many_callers_share_few_workers_and_each_gets_his_own_answer);
    tcase_add_test(tests, no_worker_outlives_its_pool);
    tcase_add_test(tests, a_worker_inherits_its_socket_and_nothing_else);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
