#include "workshop.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "google/protobuf/wrappers.pb-c.h"
#include "id.h"
#include "log.h"

db_pool *workshop_app, *workshop_system;

static const db_statement EFFECT = {"t_effect", "INSERT INTO effect VALUES ($1::bigint, $2::bigint, $3::integer)",
                                    false, true};

static atomic_bool awake;
static atomic_int changes;
static _Atomic(const char *) last_words;

void workshop_up(void)
{
    log_set_level(LOG_ERROR);
    workshop_app = fixture_pool(DB_APP, 16);
    workshop_system = fixture_pool(DB_SYSTEM, 16);
    atomic_store(&last_words, "");
    fixture_sql("SET client_min_messages = warning; CREATE TABLE IF NOT EXISTS effect (operation_id bigint, step "
                "bigint, attempt integer);"
                "GRANT INSERT ON effect TO smartpass_app, smartpass_system; DELETE FROM operation");
}

void workshop_down(void)
{
    db_pool_free(workshop_app);
    db_pool_free(workshop_system);
}

/* ---- Kinds ------------------------------------------------------------------------------------------------------- */

static int64_t steps_of(const operation_run *run)
{
    size_t size;
    const uint8_t *packed = operation_request(run, &size);
    Google__Protobuf__Int64Value *steps = google__protobuf__int64_value__unpack(NULL, size, packed);
    int64_t count = steps ? steps->value : -1;

    if (steps)
        google__protobuf__int64_value__free_unpacked(steps, NULL);
    return count;
}

static int64_t steps_before(const operation_run *run)
{
    int64_t step = 0;
    size_t size;
    const uint8_t *checkpoint = operation_checkpoint(run, &size);

    if (size == sizeof step)
        memcpy(&step, checkpoint, sizeof step);
    return step;
}

/* The effect and the checkpoint together. */
static sp_status do_step(operation_run *run, int64_t step, int64_t total)
{
    const operation_progress progress = {step, total, 0, "counting", &step, sizeof step};
    arena memory;
    db_tx *tx;

    arena_init(&memory, 1 << 20);
    sp_status st = db_begin(workshop_app, operation_enterprise_id(run), &memory, &tx);
    if (!sp_failed(st)) {
        st = db_query(tx, EFFECT,
                      DB_ARGS(db_int64(operation_id(run)), db_int64(step), db_int32(operation_attempt(run))), NULL);
        if (!sp_failed(st))
            st = operation_write(run, tx, &progress);
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}

static sp_status run_count(operation_run *run, void *arg)
{
    Google__Protobuf__Int64Value result = GOOGLE__PROTOBUF__INT64_VALUE__INIT;
    int64_t total = steps_of(run);
    sp_status st = SP_DONE;

    (void)arg;
    for (int64_t step = steps_before(run) + 1; !sp_failed(st) && step <= total; step++) {
        st = do_step(run, step, total);
        if (!sp_failed(st))
            st = operation_go_on(run);
        usleep(1000);
    }
    result.value = total;
    return sp_failed(st) ? st : operation_set_result(run, &result.base);
}

static sp_status run_hurry(operation_run *run, void *arg)
{
    operation_progress progress = {.total = steps_of(run), .stage = "hurrying"};
    sp_status st = SP_DONE;

    (void)arg;
    while (!sp_failed(st) && progress.progress < progress.total) {
        progress.progress++;
        st = operation_report(run, &progress);
        usleep(1000);
    }
    return st;
}

static sp_status run_stay(operation_run *run, void *arg)
{
    sp_status st;

    (void)arg;
    while (!sp_failed(st = operation_go_on(run)))
        usleep(2000);
    return st;
}

static sp_status run_fail(operation_run *run, void *arg)
{
    (void)run;
    (void)arg;
    return TOOL_BROKEN;
}

static sp_status run_crash(operation_run *run, void *arg)
{
    (void)run;
    (void)arg;
    _exit(9);
}

static sp_status run_sleepwalk(operation_run *run, void *arg)
{
    sp_status st = do_step(run, steps_before(run) + 1, 2);

    (void)arg;
    if (operation_attempt(run) > 1 || sp_failed(st))
        return st;
    while (!atomic_load(&awake))
        usleep(2000);
    st = do_step(run, 2, 2);
    atomic_store(&last_words, sp_failed(st) ? st.reason : "DONE");
    return st;
}

/* ---- Runners ----------------------------------------------------------------------------------------------------- */

static void count_change(void *arg, int64_t enterprise_id, int64_t id)
{
    (void)arg;
    (void)enterprise_id;
    (void)id;
    atomic_fetch_add(&changes, 1);
}

server_operations *workshop_runner(int threads, int lease_ms)
{
    static const operation_kind kinds[] = {
        {"count", true, run_count, NULL}, {"hurry", false, run_hurry, NULL}, {"stay", false, run_stay, NULL},
        {"fail", false, run_fail, NULL},  {"crash", true, run_crash, NULL},  {"sleepwalk", true, run_sleepwalk, NULL},
    };
    server_operations *runner = operations_new(&(operations_options){
        .system = workshop_system,
        .listen_conninfo = fixture_conninfo,
        .threads = threads,
        .lease_ms = lease_ms,
        .poll_ms = 100,
        .changed = count_change,
    });

    ck_assert_ptr_nonnull(runner);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ck_assert(operations_add_kind(runner, &kinds[i]));
    ck_assert(operations_run(runner));
    return runner;
}

void workshop_wake(void)
{
    atomic_store(&awake, true);
}

const char *workshop_last_words(void)
{
    return atomic_load(&last_words);
}

int workshop_changes(void)
{
    return atomic_load(&changes);
}

/* ---- Operations -------------------------------------------------------------------------------------------------- */

int64_t workshop_enterprise(void)
{
    return id_next();
}

int64_t workshop_start(int64_t enterprise_id, const char *kind, int steps)
{
    Google__Protobuf__Int64Value request = GOOGLE__PROTOBUF__INT64_VALUE__INIT;
    int64_t id = 0;
    arena memory;
    db_tx *tx;

    request.value = steps;
    arena_init(&memory, 1 << 20);
    assert_done(db_begin(workshop_app, enterprise_id, &memory, &tx));
    assert_done(operation_start(
        tx, &(operation_order){enterprise_id, kind, "the workshop", &request.base, 7, "ann", 1, clock_now_ms()}, &id));
    assert_done(db_commit(tx));
    arena_done(&memory);
    return id;
}

void workshop_cancel(int64_t enterprise_id, int64_t id)
{
    const operation_filter anybody = {.enterprise_id = enterprise_id, .viewer = {.sees_all = true}};
    arena memory;
    db_tx *tx;

    arena_init(&memory, 1 << 20);
    assert_done(db_begin(workshop_app, enterprise_id, &memory, &tx));
    assert_done(operation_store_cancel(tx, &anybody, id, clock_now_ms()));
    assert_done(db_commit(tx));
    arena_done(&memory);
}

const char *workshop_see(int64_t id, const char *expression)
{
    return fixture_sql("SELECT %s FROM operation WHERE id = %lld", expression, (long long)id);
}

void workshop_await(int64_t id, const char *condition)
{
    int64_t until_ms = clock_monotonic_ms() + 20000;

    while (strcmp(workshop_see(id, condition), "t") != 0) {
        if (clock_monotonic_ms() > until_ms)
            ck_abort_msg("never: %s; it is %s", condition, workshop_see(id, "operation::text"));
        usleep(10000);
    }
}

const char *workshop_effects(int64_t id)
{
    return fixture_sql("SELECT count(*) || '/' || count(DISTINCT step) FROM effect WHERE operation_id = %lld",
                       (long long)id);
}
