/* Erasing many people as an operation: each in a transaction of his own, together with the progress, so that a server
 * that takes the work up goes on with the first who is still there. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "clock.h"
#include "erasure_parts.h"
#include "erasure_store.h"
#include "org.h"
#include "smartpass/v1/people.names.h"

enum { ARENA = 4 << 20, ATTEMPTS = 5 };

typedef struct {
    operation_run *run;
    server_people *people;
    person_kind kind;
    const char *verb;
    int64_t *ids; /* ascending, each once */
    size_t count;
    operation_progress progress;
} batch;

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The requests of all kinds are alike on the wire. Who is named twice is erased once. */
static sp_status ids_read(batch *b, arena *a)
{
    size_t size, count = 0;
    const uint8_t *bytes = operation_request(b->run, &size);
    BatchDeleteEmployeesRequest *request = (BatchDeleteEmployeesRequest *)rpc_unpack(
        &smartpass__v1__batch_delete_employees_request__descriptor, a, bytes, size);

    if (!request)
        return OUT_OF_MEMORY;
    b->ids = request->ids;
    qsort(b->ids, request->n_ids, sizeof *b->ids, compare_ids);
    for (size_t i = 0; i < request->n_ids; i++)
        if (count == 0 || b->ids[count - 1] != b->ids[i])
            b->ids[count++] = b->ids[i];
    b->count = count;
    b->progress.total = (int64_t)count;
    return SP_DONE;
}

static sp_status erasure_audit(const batch *b, db_tx *tx, const erasure_order *o)
{
    const char *object = arena_printf(db_tx_arena(tx), "person %lld", (long long)o->person_id);

    return audit_add(tx, &(audit_entry){.enterprise_id = o->enterprise_id,
                                        .now_ms = o->now_ms,
                                        .operator_name = o->operator_name,
                                        .operator_id = operation_operator_user_id(b->run),
                                        .module = "people",
                                        .action = b->verb,
                                        .object = object,
                                        .outcome = SP_DONE});
}

/* In tx; *ret_gone is false when there is no such person, which is told and no reason to stop. */
static sp_status person_erase(const batch *b, db_tx *tx, int64_t id, bool *ret_gone)
{
    erasure_order order = {
        .enterprise_id = operation_enterprise_id(b->run),
        .kind = b->kind,
        .person_id = id,
        .operator_name = operation_operator(b->run),
        .now_ms = clock_now_ms(),
    };
    const caller operator= {.enterprise_id = order.enterprise_id, .group_id = operation_group_id(b->run)};
    sp_status status = org_scope(tx, &operator, 0, &order.groups);

    order.erased_ms = order.now_ms;
    if (!sp_failed(status))
        status = erasure_store_erase(&b->people->options.hooks, tx, &order);
    *ret_gone = !sp_failed(status);
    if (status.code == SP_NOT_FOUND)
        return SP_DONE;
    return sp_failed(status) ? status : erasure_audit(b, tx, &order);
}

static sp_status one_transaction(batch *b)
{
    const operation_progress before = b->progress;
    bool gone;
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(b->people->options.app, operation_enterprise_id(b->run), &memory, &tx);
    if (!sp_failed(status)) {
        status = person_erase(b, tx, b->ids[before.progress], &gone);
        if (!sp_failed(status)) {
            b->progress.progress++;
            b->progress.failures += !gone;
            status = operation_write(b->run, tx, &b->progress);
        }
        status = db_end(tx, status);
    }
    arena_done(&memory);
    if (sp_failed(status))
        b->progress = before;
    return status;
}

static sp_status one(batch *b)
{
    sp_status status = operation_go_on(b->run);

    if (sp_failed(status))
        return status;
    status = one_transaction(b);
    for (int attempt = 1; attempt < ATTEMPTS && strcmp(status.reason, DB_CONFLICT.reason) == 0; attempt++)
        status = one_transaction(b);
    if (!sp_failed(status))
        erasure_note_or_log(b->people);
    return status;
}

static sp_status result_set(const batch *b)
{
    BatchDeleteResult result = BATCH_DELETE_RESULT_INIT;
    arena memory;
    db_tx *tx;
    sp_status status;

    result.failed = (int32_t)b->progress.failures;
    result.deleted = (int32_t)(b->progress.progress - b->progress.failures);
    arena_init(&memory, ARENA);
    status = db_begin(b->people->options.app, operation_enterprise_id(b->run), &memory, &tx);
    if (!sp_failed(status))
        status =
            db_end(tx, erasure_store_pending(tx, operation_enterprise_id(b->run), b->ids, b->count, &result.pending));
    arena_done(&memory);
    return sp_failed(status) ? status : operation_set_result(b->run, &result.base);
}

static sp_status erase_all(operation_run *run, server_people *people, person_kind kind, const char *verb)
{
    batch b = {.run = run, .people = people, .kind = kind, .verb = verb, .progress = *operation_progress_before(run)};
    arena memory;
    sp_status status;

    arena_init(&memory, ARENA);
    b.progress.stage = "erasing people";
    status = ids_read(&b, &memory);
    while (!sp_failed(status) && b.progress.progress < (int64_t)b.count)
        status = one(&b);
    if (!sp_failed(status))
        status = result_set(&b);
    arena_done(&memory);
    return status;
}

sp_status erasure_batch_employees(operation_run *run, void *people)
{
    return erase_all(run, people, PERSON_EMPLOYEE, "delete employee");
}

sp_status erasure_batch_visitors(operation_run *run, void *people)
{
    return erase_all(run, people, PERSON_VISITOR, "delete visitor");
}

sp_status erasure_batch_blacklist_entries(operation_run *run, void *people)
{
    return erase_all(run, people, PERSON_BLACKLIST_ENTRY, "delete blacklist entry");
}
