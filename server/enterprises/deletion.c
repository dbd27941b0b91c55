/* Deleting an enterprise. Its terminals are taken over first, each with the order to clear itself; then what it stored
 * goes, table by table, in transactions of bounded size; then its row.
 *
 * Nobody of it is signed in any more, but calls and batches of records that had begun may still write for a moment. So
 * the erasing waits until they have ended, and goes round until a whole round finds nothing. */
#include "deletion.h"

#include <string.h>

#include "deletion_terminals.h"
#include "rpc.h"
#include "server_enterprises_sql.h"
#include "smartpass/v1/enterprises.pb-c.h"

enum { BATCH_ROWS = 5000, SIZE_CAP = 1000000, ROUNDS_MAX = 10, ARENA = 1 << 20 };

SP_STATUS(ENTERPRISE_IN_USE, SP_ABORTED, "Something is still being stored for this enterprise; delete it again.");

sp_status deletion_start(db_tx *tx, int64_t enterprise_id, const operation_order *order, int64_t *ret_operation_id)
{
    Smartpass__V1__DeleteEnterpriseRequest request = SMARTPASS__V1__DELETE_ENTERPRISE_REQUEST__INIT;
    operation_order filled = *order;
    sp_status status;

    request.id = enterprise_id;
    filled.kind = DELETION_KIND;
    filled.request = &request.base;
    status = operation_start(tx, &filled, ret_operation_id);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_BEGIN,
                          DB_ARGS(db_int64(enterprise_id), db_time(order->now_ms), db_int64(*ret_operation_id)), NULL);
    return status;
}

/* ---- Erasing ----------------------------------------------------------------------------------------------------- */

/* In this order: what refers to another goes before it. */
static const struct {
    const db_statement *statement;
    const char *stage;
} STEPS[] = {
    {&SQL_DELETION_ERASE_IMPORT_PROBLEM, "erasing operations"},
    {&SQL_DELETION_ERASE_TRANSFER_FILE, "erasing operations"},
    {&SQL_DELETION_ERASE_OPERATION, "erasing operations"},
    {&SQL_DELETION_ERASE_CAPTURE, "erasing pictures"},
    {&SQL_DELETION_ERASE_SCREEN_WATCH, "erasing pictures"},
    {&SQL_DELETION_ERASE_SCREEN_FRAME, "erasing pictures"},
    {&SQL_DELETION_ERASE_DEVICE_COMMAND, "erasing operations"},
    {&SQL_DELETION_ERASE_PASS_SNAPSHOT, "erasing pictures"},
    {&SQL_DELETION_ERASE_PHOTO, "erasing pictures"},
    {&SQL_DELETION_ERASE_DISPLAY_PERSON, "erasing pictures"},
    {&SQL_DELETION_ERASE_DISPLAY, "erasing pictures"},
    {&SQL_DELETION_ERASE_DISPLAY_PLAN, "erasing pictures"},
    {&SQL_DELETION_ERASE_BLOB, "erasing pictures"},
    {&SQL_DELETION_ERASE_BLOB_KEY, "erasing pictures"},
    {&SQL_DELETION_ERASE_PERSON, "erasing people"},
    {&SQL_DELETION_ERASE_ERASURE, "erasing people"},
    {&SQL_DELETION_ERASE_PASS_RECORD, "erasing pass records"},
    {&SQL_DELETION_ERASE_PASS_REJECTED, "erasing pass records"},
    {&SQL_DELETION_ERASE_PASS_TALLY, "erasing pass records"},
    {&SQL_DELETION_ERASE_PASS_TALLY_GROUP, "erasing pass records"},
    {&SQL_DELETION_ERASE_ROLLOUT, "erasing packages"},
    {&SQL_DELETION_ERASE_PACKAGE, "erasing packages"},
    {&SQL_DELETION_ERASE_ALARM, "erasing pass records"},
    {&SQL_DELETION_ERASE_DEVICE_LOG, "erasing pass records"},
    {&SQL_DELETION_ERASE_AUDIT_PAYLOAD, "erasing the audit log's details"},
    {&SQL_DELETION_ERASE_APP_USER, "erasing users and groups"},
    {&SQL_DELETION_ERASE_ROLE, "erasing users and groups"},
    {&SQL_DELETION_ERASE_SECTION, "erasing users and groups"},
    {&SQL_DELETION_ERASE_ORG_GROUP, "erasing users and groups"},
};

static void advance(deletion *d, const char *stage, int64_t count)
{
    d->progress.stage = stage;
    d->progress.progress += count;
    if (d->progress.total < d->progress.progress)
        d->progress.total = d->progress.progress;
}

/* One transaction: so many rows of a table, and the progress. */
static sp_status erase_batch(deletion *d, const db_statement *statement, const char *stage, int64_t *ret_count)
{
    const deletion before = *d;
    db_rows rows;
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(d->system, operation_enterprise_id(d->run), &memory, &tx);
    if (!sp_failed(status)) {
        status = db_query_n(tx, statement, DB_ARGS(db_int64(d->enterprise_id), db_int32(BATCH_ROWS)), &rows);
        if (!sp_failed(status)) {
            *ret_count = rows.affected;
            advance(d, stage, rows.affected);
            status = operation_write(d->run, tx, &d->progress);
        }
        status = db_end(tx, status);
    }
    arena_done(&memory);
    if (sp_failed(status))
        *d = before;
    return status;
}

/* Everything once; how many rows there were. */
static sp_status erase_round(deletion *d, int64_t *ret_count)
{
    sp_status status = SP_DONE;

    *ret_count = 0;
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS && !sp_failed(status); i++) {
        int64_t count = 1;

        while (count > 0 && !sp_failed(status)) {
            status = operation_go_on(d->run);
            if (!sp_failed(status))
                status = erase_batch(d, STEPS[i].statement, STEPS[i].stage, &count);
            if (!sp_failed(status))
                *ret_count += count;
        }
    }
    return status;
}

/* ---- The beginning and the end ----------------------------------------------------------------------------------- */

static sp_status look(deletion *d, db_tx *tx, bool *ret_found)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_DELETION_FIND, DB_ARGS(db_int64(d->enterprise_id)), &rows);

    if (sp_failed(status))
        return status;
    *ret_found = rows.count > 0;
    if (!*ret_found || d->progress.total > 0)
        return SP_DONE;
    status = db_query(tx, SQL_DELETION_SIZE, DB_ARGS(db_int64(d->enterprise_id), db_int32(SIZE_CAP)), &rows);
    if (!sp_failed(status))
        d->progress.total = db_row_int(&rows, 0, 0);
    return status;
}

static sp_status finish(deletion *d, db_tx *tx)
{
    sp_status status = db_query(tx, SQL_DELETION_FINISH, DB_ARGS(db_int64(d->enterprise_id)), NULL);

    if (strcmp(status.reason, DB_REFERENCED.reason) == 0)
        return ENTERPRISE_IN_USE;
    if (sp_failed(status))
        return status;
    d->progress.progress = d->progress.total;
    d->progress.stage = "erased";
    return operation_write(d->run, tx, &d->progress);
}

static sp_status in_transaction(deletion *d, bool *ret_found, bool is_end)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(d->system, operation_enterprise_id(d->run), &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, is_end ? finish(d, tx) : look(d, tx, ret_found));
    arena_done(&memory);
    return status;
}

/* Terminals, then the rest, until nothing is left. */
static sp_status delete_all(deletion *d)
{
    int64_t count = 1;
    sp_status status = deletion_take_terminals(d);

    if (!sp_failed(status))
        status = deletion_wait_for_terminals(d);
    for (int round = 0; round < ROUNDS_MAX && count > 0 && !sp_failed(status); round++) {
        status = erase_round(d, &count);
        if (!sp_failed(status))
            status = deletion_take_terminals(d); /* that were being enrolled */
    }
    return sp_failed(status) ? status : in_transaction(d, NULL, /* is_end= */ true);
}

sp_status deletion_run(operation_run *run, void *pool)
{
    Smartpass__V1__DeleteEnterpriseRequest *request;
    deletion d = {.run = run, .system = pool, .progress = *operation_progress_before(run)};
    bool found = false;
    arena memory;
    size_t size;
    const uint8_t *bytes = operation_request(run, &size);
    sp_status status = OUT_OF_MEMORY;

    arena_init(&memory, ARENA);
    request = (Smartpass__V1__DeleteEnterpriseRequest *)rpc_unpack(
        &smartpass__v1__delete_enterprise_request__descriptor, &memory, bytes, size);
    if (request) {
        d.enterprise_id = request->id;
        status = in_transaction(&d, &found, /* is_end= */ false);
    }
    arena_done(&memory);
    if (!sp_failed(status) && found) /* else an earlier run came to the end, and died before it could say so */
        status = delete_all(&d);
    return status;
}
