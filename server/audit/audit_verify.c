#include "audit_verify.h"

#include <string.h>

#include "audit_rows.h"
#include "server_audit_sql.h"

/* A page's payloads are two times 16 KiB at most. */
enum { PAGE_ROWS = 500, PAGE_ARENA = 64 << 20 };

typedef struct {
    const audit_verify_options *options;
    audit_walk walk;
    bool at_end;
} verification;

static sp_status rows_walk(verification *v, const db_rows *rows)
{
    sp_status status = SP_DONE;

    for (int i = 0; i < rows->count && !sp_failed(status) && !v->walk.broken; i++) {
        const audit_sealed_row row = audit_row_read(rows, i, v->options->enterprise_id);
        audit_payload payload;
        bool has_payload = audit_payload_read(rows, i, &payload);
        size_t mac_size;
        const uint8_t *mac = db_row_bytes(rows, i, 13, &mac_size);

        status = audit_walk_row(&v->walk, db_row_int(rows, i, 12), mac, mac_size, &row, has_payload ? &payload : NULL);
    }
    return status;
}

/* The head is read before the rows: while the log grows there may be rows beyond it, but never rows missing before it.
 */
static sp_status page_walk(verification *v, db_tx *tx)
{
    db_rows head, rows;
    const uint8_t *mac = NULL;
    size_t mac_size = 0;
    sp_status status = db_query(tx, SQL_AUDIT_CHAIN_HEAD, DB_ARGS(db_int64(v->options->enterprise_id)), &head);

    if (!sp_failed(status))
        status =
            db_query(tx, SQL_AUDIT_CHAIN_PAGE,
                     DB_ARGS(db_int64(v->options->enterprise_id), db_int64(v->walk.seal), db_int32(PAGE_ROWS)), &rows);
    if (!sp_failed(status))
        status = rows_walk(v, &rows);
    if (sp_failed(status) || rows.count > 0)
        return status;
    v->at_end = true;
    if (head.count > 0)
        mac = db_row_bytes(&head, 0, 1, &mac_size);
    audit_walk_end(&v->walk, head.count > 0 ? db_row_int(&head, 0, 0) : 0, mac, mac_size);
    return SP_DONE;
}

static sp_status unsealed_count(verification *v, db_tx *tx, int64_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_AUDIT_CHAIN_UNSEALED, DB_ARGS(db_int64(v->options->enterprise_id)), &rows);

    if (!sp_failed(status))
        *ret_count = db_row_int(&rows, 0, 0);
    return status;
}

sp_status audit_verify(const audit_verify_options *options, audit_verdict *ret_verdict)
{
    verification v = {.options = options};
    arena memory;
    db_tx *tx;
    sp_status status = SP_DONE;

    *ret_verdict = (audit_verdict){0};
    audit_walk_begin(&v.walk, options->key);
    v.walk.anchor_seal = options->anchor_seal;
    memcpy(v.walk.anchor, options->anchor, SHA256_SIZE);
    arena_init(&memory, PAGE_ARENA);
    while (!sp_failed(status) && !v.at_end && !v.walk.broken) {
        if (options->give_up && options->give_up(options->arg)) {
            status = DB_CANCELLED;
            break;
        }
        status = db_begin(options->pool, options->enterprise_id, &memory, &tx);
        if (!sp_failed(status)) {
            status = page_walk(&v, tx);
            if (!sp_failed(status) && (v.at_end || v.walk.broken))
                status = unsealed_count(&v, tx, &ret_verdict->unsealed_rows);
            status = db_end(tx, status);
        }
        arena_reset(&memory);
    }
    arena_done(&memory);
    ret_verdict->sealed_rows = ret_verdict->head_seal = v.walk.seal;
    ret_verdict->broken = v.walk.broken;
    ret_verdict->bad_row = v.walk.bad_row;
    ret_verdict->bad_seal = v.walk.bad_seal;
    memcpy(ret_verdict->head, v.walk.mac, SHA256_SIZE);
    return status;
}
