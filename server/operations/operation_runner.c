/* The runner: threads that take operations from the queue, and what keeps their leases. */
#include "operation_runner.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "id.h"
#include "log.h"

enum { THREADS = 2, LEASE_MS = 30000, POLL_MS = 2000, KEEPER_ARENA = 1 << 20, HELD_MAX = 64 };

/* What the row can carry, and as much again for a result. */
enum { RUN_ARENA = 4 << 20 };

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

/* ---- Taking ------------------------------------------------------------------------------------------------------ */

static const operation_kind *kind_named(const server_operations *operations, const char *name)
{
    for (size_t i = 0; i < operations->kind_count; i++)
        if (strcmp(operations->kinds[i].name, name) == 0)
            return &operations->kinds[i];
    return NULL;
}

static sp_status take(operation_run *run, bool *ret_found)
{
    server_operations *operations = run->operations;
    int64_t began_ms = clock_monotonic_ms();
    db_tx *tx;
    sp_status st = db_begin(operations->options.system, 0, &run->memory, &tx);

    if (sp_failed(st))
        return st;
    st = operation_store_take(tx,
                              &(operation_taking){operations->kinds, operations->kind_count, operations->owner,
                                                  operations->options.lease_ms, clock_now_ms()},
                              &run->row, ret_found);
    st = db_end(tx, st);
    if (!sp_failed(st) && *ret_found) {
        run->kind = kind_named(operations, run->row.kind);
        run->written_ms = run->told_ms = began_ms;
        atomic_store(&run->held_until_ms, began_ms + operations->options.lease_ms);
    }
    return st;
}

static void hold(operation_run *run)
{
    server_operations *operations = run->operations;

    pthread_mutex_lock(&operations->lock);
    run->next = operations->runs;
    operations->runs = run;
    pthread_mutex_unlock(&operations->lock);
}

static void let_go(operation_run *run)
{
    server_operations *operations = run->operations;
    operation_run **place = &operations->runs;

    pthread_mutex_lock(&operations->lock);
    while (*place != run)
        place = &(*place)->next;
    *place = run->next;
    pthread_mutex_unlock(&operations->lock);
}

/* False when there was nothing to do. */
static bool work_once(server_operations *operations)
{
    operation_run *run = calloc(1, sizeof *run);
    bool found = false;

    if (!run)
        return false;
    run->operations = operations;
    arena_init(&run->memory, RUN_ARENA);
    if (!sp_failed(take(run, &found)) && found) {
        hold(run);
        operation_run_whole(run);
        let_go(run);
    }
    arena_done(&run->memory);
    free(run);
    return found;
}

/* Servers that look at the same moment would meet at the same rows. */
static struct timespec next_look(const server_operations *operations)
{
    int64_t poll_ms = operations->options.poll_ms, jitter_ms = clock_monotonic_us() % (poll_ms / 2 + 1);
    int64_t at_ms = clock_monotonic_ms() + poll_ms * 3 / 4 + jitter_ms;

    return (struct timespec){at_ms / 1000, (long)(at_ms % 1000) * 1000000};
}

static unsigned hints_so_far(server_operations *operations)
{
    pthread_mutex_lock(&operations->lock);
    unsigned hints = operations->hints;
    pthread_mutex_unlock(&operations->lock);
    return hints;
}

static void wait_for_hint(server_operations *operations, unsigned seen)
{
    struct timespec until = next_look(operations);

    pthread_mutex_lock(&operations->lock);
    while (operations->hints == seen && !atomic_load(&operations->stopping))
        if (pthread_cond_timedwait(&operations->hint, &operations->lock, &until) != 0)
            break;
    pthread_mutex_unlock(&operations->lock);
}

static void *work(void *arg)
{
    server_operations *operations = arg;

    while (!atomic_load(&operations->stopping)) {
        unsigned seen = hints_so_far(operations);

        if (!work_once(operations))
            wait_for_hint(operations, seen);
    }
    return NULL;
}

static void hint(server_operations *operations)
{
    pthread_mutex_lock(&operations->lock);
    operations->hints++;
    pthread_cond_broadcast(&operations->hint);
    pthread_mutex_unlock(&operations->lock);
}

/* ---- Keeping what is held ---------------------------------------------------------------------------------------- */

/* Under the lock, because a run may end meanwhile. */
static void apply_standing(server_operations *operations, const operation_lease *lease, operation_standing standing,
                           int64_t held_until_ms)
{
    for (operation_run *run = operations->runs; run; run = run->next)
        if (run->row.lease.id == lease->id && run->row.lease.attempt == lease->attempt) {
            if (standing.held)
                atomic_store(&run->held_until_ms, held_until_ms);
            else
                atomic_store(&run->lost, true);
            if (standing.cancel)
                atomic_store(&run->cancelled, true);
        }
}

static sp_status renew(server_operations *operations, const operation_lease *leases, size_t count,
                       operation_standing *standings)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, KEEPER_ARENA);
    sp_status st = db_begin(operations->options.system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, operation_store_renew(tx, leases, count, operations->options.lease_ms, standings));
    arena_done(&memory);
    return st;
}

/* Also while a step takes long, and while the end waits for the database. */
static void keep(void *arg)
{
    server_operations *operations = arg;
    operation_lease leases[HELD_MAX];
    operation_standing standings[HELD_MAX];
    int64_t began_ms = clock_monotonic_ms();
    size_t count = 0;

    pthread_mutex_lock(&operations->lock);
    for (operation_run *run = operations->runs; run && count < HELD_MAX; run = run->next)
        leases[count++] = run->row.lease;
    pthread_mutex_unlock(&operations->lock);
    if (count == 0 || sp_failed(renew(operations, leases, count, standings)))
        return;
    pthread_mutex_lock(&operations->lock);
    for (size_t i = 0; i < count; i++)
        apply_standing(operations, &leases[i], standings[i], began_ms + operations->options.lease_ms);
    pthread_mutex_unlock(&operations->lock);
}

static void cancel_held(server_operations *operations, int64_t id)
{
    pthread_mutex_lock(&operations->lock);
    for (operation_run *run = operations->runs; run; run = run->next)
        if (run->row.lease.id == id)
            atomic_store(&run->cancelled, true);
    pthread_mutex_unlock(&operations->lock);
}

static void heard(void *arg, const char *payload)
{
    server_operations *operations = arg;
    int64_t enterprise_id, id;
    operation_news news;

    if (!payload)
        hint(operations);
    if (!payload || !operation_news_read(payload, &news, &enterprise_id, &id))
        return;
    if (news == OPERATION_NEWS_QUEUED)
        hint(operations);
    if (news == OPERATION_NEWS_CANCEL)
        cancel_held(operations, id);
    if (operations->options.changed)
        operations->options.changed(operations->options.arg, enterprise_id, id);
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static int or_preset(int value, int preset)
{
    return value > 0 ? value : preset;
}

server_operations *operations_new(const operations_options *options)
{
    server_operations *operations = calloc(1, sizeof *operations);
    pthread_condattr_t monotonic;

    if (!operations)
        return NULL;
    operations->options = *options;
    operations->options.threads = or_preset(options->threads, THREADS);
    if (operations->options.threads > HELD_MAX)
        operations->options.threads = HELD_MAX;
    operations->options.lease_ms = or_preset(options->lease_ms, LEASE_MS);
    operations->options.poll_ms = or_preset(options->poll_ms, POLL_MS);
    if (operations->options.keep_ms <= 0)
        operations->options.keep_ms = 30 * DAY_MS;
    operations->owner = id_next();
    pthread_mutex_init(&operations->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&operations->hint, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return operations;
}

bool operations_add_kind(server_operations *operations, const operation_kind *kind)
{
    if (operations->kind_count == OPERATION_KINDS_MAX)
        return false;
    operations->kinds[operations->kind_count++] = *kind;
    return true;
}

bool operations_run(server_operations *operations)
{
    const operations_options *o = &operations->options;

    operations->threads = calloc((size_t)o->threads, sizeof *operations->threads);
    operations->keeper = ticker_new(o->lease_ms / 3 > 0 ? o->lease_ms / 3 : 1, keep, operations);
    if (o->listen_conninfo)
        operations->listener = db_listener_new(o->listen_conninfo, OPERATION_CHANNEL, heard, operations);
    if (!operations->threads || !operations->keeper || (o->listen_conninfo && !operations->listener))
        return false;
    /* Who can do nothing still hears what others do. */
    for (; operations->kind_count > 0 && operations->thread_count < o->threads; operations->thread_count++)
        if (pthread_create(&operations->threads[operations->thread_count], NULL, work, operations) != 0)
            return false;
    return true;
}

/* Leases are kept until the last run has ended. */
void operations_free(server_operations *operations)
{
    if (!operations)
        return;
    atomic_store(&operations->stopping, true);
    hint(operations);
    for (int i = 0; i < operations->thread_count; i++)
        pthread_join(operations->threads[i], NULL);
    db_listener_free(operations->listener);
    ticker_free(operations->keeper);
    pthread_cond_destroy(&operations->hint);
    pthread_mutex_destroy(&operations->lock);
    free(operations->threads);
    free(operations);
}

sp_status operations_sweep(server_operations *operations, int64_t now_ms)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, KEEPER_ARENA);
    sp_status st = db_begin(operations->options.system, 0, &memory, &tx);
    if (!sp_failed(st)) {
        st = operation_store_orphans(tx, operations->kinds, operations->kind_count, now_ms - DAY_MS, now_ms);
        if (!sp_failed(st))
            st = operation_store_sweep(tx, now_ms - operations->options.keep_ms);
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}
