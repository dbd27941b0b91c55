/* One operation in the hands of a runner: what its kind asks and says, and how it ends. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "operation_runner.h"
#include "text.h"

enum { REPORT_MS = 1000, RETRY_MS = 500, RETRIES_WHEN_STOPPING = 4, REPORT_ARENA = 256 << 10 };

/* ---- What a kind asks -------------------------------------------------------------------------------------------- */

int64_t operation_id(const operation_run *run)
{
    return run->row.lease.id;
}

int64_t operation_enterprise_id(const operation_run *run)
{
    return run->row.lease.enterprise_id;
}

int64_t operation_operator_user_id(const operation_run *run)
{
    return run->row.operator_user_id;
}

const char *operation_operator(const operation_run *run)
{
    return run->row.operator;
}

int64_t operation_group_id(const operation_run *run)
{
    return run->row.group_id;
}

int operation_attempt(const operation_run *run)
{
    return run->row.lease.attempt;
}

const uint8_t *operation_request(const operation_run *run, size_t *ret_size)
{
    *ret_size = run->row.request_size;
    return run->row.request;
}

const uint8_t *operation_checkpoint(const operation_run *run, size_t *ret_size)
{
    *ret_size = run->row.checkpoint_size;
    return run->row.checkpoint;
}

const operation_progress *operation_progress_before(const operation_run *run)
{
    return &run->row.progress;
}

sp_status operation_go_on(const operation_run *run)
{
    if (atomic_load(&run->lost) || clock_monotonic_ms() > atomic_load(&run->held_until_ms))
        return OPERATION_LOST;
    if (atomic_load(&run->cancelled))
        return OPERATION_CANCELLED;
    return atomic_load(&run->operations->stopping) ? OPERATION_RELEASED : SP_DONE;
}

/* ---- What a kind says -------------------------------------------------------------------------------------------- */

static void remember(operation_run *run, const operation_progress *p)
{
    if (p->stage && p->stage != run->stage) {
        size_t n = strnlen(p->stage, sizeof run->stage - 1);

        while (n > 0 && !utf8_is_valid(p->stage, n)) /* cut where a character begins */
            n--;
        memcpy(run->stage, p->stage, n);
        run->stage[n] = '\0';
    }
    run->latest = (operation_progress){p->progress, p->total, p->failures, run->stage, NULL, 0};
}

sp_status operation_write(operation_run *run, db_tx *tx, const operation_progress *progress)
{
    const operation_lease *lease = &run->row.lease;
    int64_t now_ms = clock_monotonic_ms();
    bool cancel = false;

    if (progress->checkpoint_size > OPERATION_CHECKPOINT_MAX)
        return OPERATION_TOO_LARGE;
    remember(run, progress);
    operation_progress written = run->latest;
    written.checkpoint = progress->checkpoint;
    written.checkpoint_size = progress->checkpoint_size;
    sp_status st = operation_store_write(tx, lease, run->operations->options.lease_ms, &written, &cancel);
    if (strcmp(st.reason, OPERATION_LOST.reason) == 0)
        atomic_store(&run->lost, true);
    if (sp_failed(st))
        return st;
    if (cancel)
        atomic_store(&run->cancelled, true);
    if (now_ms - run->told_ms < REPORT_MS)
        return SP_DONE;
    run->told_ms = now_ms;
    return operation_store_notify(tx, OPERATION_NEWS_CHANGED, lease->enterprise_id, lease->id);
}

static sp_status write_alone(operation_run *run, const operation_progress *progress)
{
    int64_t began_ms = clock_monotonic_ms();
    arena memory;
    db_tx *tx;

    arena_init(&memory, REPORT_ARENA);
    sp_status st = db_begin(run->operations->options.system, operation_enterprise_id(run), &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, operation_write(run, tx, progress));
    arena_done(&memory);
    if (!sp_failed(st)) {
        run->written_ms = began_ms;
        atomic_store(&run->held_until_ms, began_ms + run->operations->options.lease_ms);
    }
    return st;
}

sp_status operation_report(operation_run *run, const operation_progress *progress)
{
    sp_status st = SP_DONE;

    remember(run, progress);
    if (!sp_failed(operation_go_on(run)) &&
        (progress->checkpoint || clock_monotonic_ms() - run->written_ms >= REPORT_MS))
        st = write_alone(run, progress);
    sp_status go_on = operation_go_on(run);
    return sp_failed(st) && progress->checkpoint && !sp_failed(go_on) ? st : go_on;
}

sp_status operation_set_result(operation_run *run, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);

    if (size > OPERATION_RESULT_MAX)
        return OPERATION_TOO_LARGE;
    const char *type = arena_printf(&run->memory, "type.googleapis.com/%s", message->descriptor->name);
    uint8_t *packed = arena_alloc(&run->memory, size);
    if (!type || !packed)
        return OUT_OF_MEMORY;
    protobuf_c_message_pack(message, packed);
    run->result_type = type;
    run->result = packed;
    run->result_size = size;
    return SP_DONE;
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

static sp_status end_once(operation_run *run, operation_ending ending)
{
    bool done = ending.state == SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_SUCCEEDED;
    const operation_outcome outcome = {
        .ending = ending,
        .progress = run->latest,
        .result_type = done && run->result ? run->result_type : "",
        .result = run->result,
        .result_size = done ? run->result_size : 0,
    };
    int64_t now_ms = clock_now_ms();
    arena memory;
    db_tx *tx;

    arena_init(&memory, REPORT_ARENA);
    sp_status st = db_begin(run->operations->options.system, operation_enterprise_id(run), &memory, &tx);
    if (!sp_failed(st)) {
        if (ending.back)
            st = operation_store_release(tx, &run->row.lease, ending.counts, now_ms);
        else
            st = operation_store_finish(tx, &run->row.lease, &outcome, now_ms);
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}

/* A database that is away for a while must not make what was done look as if it had not been. What it will not take at
 * all ends as failed, and what it will not even take as failed ends with the lease. */
static sp_status end(operation_run *run, operation_ending ending)
{
    int left = RETRIES_WHEN_STOPPING;
    bool given_up = false;
    sp_status st;

    while (sp_failed(st = end_once(run, ending)) && strcmp(st.reason, OPERATION_LOST.reason) != 0) {
        if (atomic_load(&run->operations->stopping) && left-- == 0)
            break;
        if (st.code != SP_UNAVAILABLE && st.code != SP_ABORTED) {
            if (given_up)
                break;
            given_up = true;
            ending = (operation_ending){.state = SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED, .error = st};
            remember(run,
                     &(operation_progress){run->latest.progress, run->latest.total, run->latest.failures, "", NULL, 0});
        }
        usleep(RETRY_MS * 1000);
    }
    return st;
}

static void log_end(const operation_run *run, const operation_ending *ending, sp_status written)
{
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)operation_id(run));
    if (sp_failed(written))
        log_write(LOG_WARNING, "an operation was left to others", "kind", run->kind->name, "id", id, "reason",
                  written.reason, NULL);
    else if (!ending->back && ending->state == SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED)
        log_write(LOG_WARNING, "operation failed", "kind", run->kind->name, "id", id, "reason", ending->error.reason,
                  NULL);
}

void operation_run_whole(operation_run *run)
{
    operation_progress before = run->row.progress;

    remember(run, &before);
    sp_status outcome = run->kind->run(run, run->kind->arg);
    operation_ending ending = operation_end(outcome, run->kind->resumable, run->row.lease.attempt);
    sp_status written = end(run, ending);
    log_end(run, &ending, written);
    malloc_trim(0); /* what was needed for it alone; the threads' heaps would keep it */
}
