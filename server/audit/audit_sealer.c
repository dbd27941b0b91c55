#include "audit_sealer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_rows.h"
#include "clock.h"
#include "id.h"
#include "log.h"
#include "server_audit_sql.h"
#include "text.h"
#include "ticker.h"

enum {
    PERIOD_MS = 1000,
    BATCH_ROWS = 1000,
    BATCHES_MAX = 50, /* of one enterprise in a row, so that others get their turn */
    BATCH_ARENA = 16 << 20,
    ANCHOR_MS = 60 * 60 * 1000,
    COMPLAIN_MS = 60 * 1000,
};

struct audit_sealer {
    db_pool *system;
    const uint8_t *key;
    int64_t owner;
    uint8_t key_check[SHA256_SIZE];
    int64_t anchored_ms;   /* monotonic; 0: never */
    int64_t complained_ms; /* monotonic; 0: never */
    ticker *ticker;
};

/* ---- One batch --------------------------------------------------------------------------------------------------- */

/* The lease's row stays locked until the batch has committed. */
static sp_status lease_take(audit_sealer *s, db_tx *tx, bool *ret_held)
{
    const db_arg check = db_bytes(s->key_check, SHA256_SIZE);
    db_rows rows;
    sp_status status = db_query(tx, SQL_AUDIT_LEASE_TAKE, DB_ARGS(db_int64(s->owner), check), &rows);
    const uint8_t *found;
    size_t size;

    *ret_held = !sp_failed(status) && rows.affected == 1;
    if (sp_failed(status) || *ret_held)
        return status;
    status = db_query(tx, SQL_AUDIT_LEASE_LOOK, DB_NO_ARGS, &rows);
    if (sp_failed(status) || rows.count == 0)
        return status;
    found = db_row_bytes(&rows, 0, 0, &size);
    return size == SHA256_SIZE && memcmp(found, s->key_check, SHA256_SIZE) == 0 ? SP_DONE : AUDIT_KEY_FOREIGN;
}

typedef struct {
    int64_t enterprise_id;
    int64_t seal;
    uint8_t mac[SHA256_SIZE];
} chain_head;

static sp_status head_lock(db_tx *tx, int64_t enterprise_id, chain_head *ret_head)
{
    db_rows rows;
    const uint8_t *mac;
    size_t size = 0;
    sp_status status = db_query(tx, SQL_AUDIT_HEAD_ENSURE, DB_ARGS(db_int64(enterprise_id)), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_AUDIT_HEAD_LOCK, DB_ARGS(db_int64(enterprise_id)), &rows);
    if (sp_failed(status))
        return status;
    mac = rows.count ? db_row_bytes(&rows, 0, 1, &size) : NULL;
    if (size != SHA256_SIZE)
        return DB_BROKEN;
    *ret_head = (chain_head){.enterprise_id = enterprise_id, .seal = db_row_int(&rows, 0, 0)};
    memcpy(ret_head->mac, mac, SHA256_SIZE);
    return SP_DONE;
}

static sp_status rows_seal(audit_sealer *s, db_tx *tx, const db_rows *rows, chain_head *head)
{
    db_column ids, seals, macs;
    db_rows done;
    sp_status status = SP_DONE;

    db_column_init(&ids, db_tx_arena(tx), DB_COLUMN_INT64);
    db_column_init(&seals, db_tx_arena(tx), DB_COLUMN_INT64);
    db_column_init(&macs, db_tx_arena(tx), DB_COLUMN_BYTES);
    for (int i = 0; i < rows->count && !sp_failed(status); i++) {
        const audit_sealed_row row = audit_row_read(rows, i, head->enterprise_id);
        uint8_t mac[SHA256_SIZE];

        status = audit_mac(s->key, head->mac, ++head->seal, &row, mac);
        memcpy(head->mac, mac, SHA256_SIZE);
        db_column_int(&ids, row.id);
        db_column_int(&seals, head->seal);
        db_column_bytes(&macs, mac, SHA256_SIZE);
    }
    if (!sp_failed(status))
        status = db_query(
            tx, SQL_AUDIT_SEAL_ROWS,
            DB_ARGS(db_int64(head->enterprise_id), db_column_arg(&ids), db_column_arg(&seals), db_column_arg(&macs)),
            &done);
    if (!sp_failed(status) && done.affected != rows->count)
        status = DB_CONFLICT;
    return status;
}

static sp_status batch_seal(audit_sealer *s, db_tx *tx, int64_t enterprise_id, bool *ret_held, int *ret_rows)
{
    chain_head head;
    db_rows rows = {0};
    sp_status status = lease_take(s, tx, ret_held);

    *ret_rows = 0;
    if (sp_failed(status) || !*ret_held)
        return status;
    status = head_lock(tx, enterprise_id, &head);
    if (!sp_failed(status))
        status = db_query(tx, SQL_AUDIT_UNSEALED_PAGE, DB_ARGS(db_int64(enterprise_id), db_int32(BATCH_ROWS)), &rows);
    if (!sp_failed(status) && rows.count > 0)
        status = rows_seal(s, tx, &rows, &head);
    if (!sp_failed(status) && rows.count > 0)
        status = db_query(tx, SQL_AUDIT_HEAD_SET,
                          DB_ARGS(db_int64(enterprise_id), db_int64(head.seal), db_bytes(head.mac, SHA256_SIZE)), NULL);
    *ret_rows = rows.count;
    return status;
}

static sp_status enterprise_seal(audit_sealer *s, int64_t enterprise_id, bool *ret_held, int64_t *sealed)
{
    int rows = BATCH_ROWS;
    arena memory;
    db_tx *tx;
    sp_status status = SP_DONE;

    arena_init(&memory, BATCH_ARENA);
    for (int i = 0; i < BATCHES_MAX && rows == BATCH_ROWS && *ret_held && !sp_failed(status); i++) {
        status = db_begin(s->system, 0, &memory, &tx);
        if (!sp_failed(status))
            status = db_end(tx, batch_seal(s, tx, enterprise_id, ret_held, &rows));
        if (!sp_failed(status))
            *sealed += rows;
        arena_reset(&memory);
    }
    arena_done(&memory);
    return status;
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

/* Where chains end, in a place that who changes the database cannot change. */
static void anchors_log(audit_sealer *s, db_tx *tx)
{
    int64_t now_ms = clock_monotonic_ms();
    db_rows rows;

    if (s->anchored_ms != 0 && now_ms - s->anchored_ms < ANCHOR_MS)
        return;
    if (sp_failed(db_query(tx, SQL_AUDIT_HEADS, DB_NO_ARGS, &rows)))
        return;
    s->anchored_ms = now_ms;
    for (int i = 0; i < rows.count; i++) {
        char enterprise[24], anchor[2 * SHA256_SIZE + 24], hex[2 * SHA256_SIZE + 1] = "";
        size_t size;
        const uint8_t *mac = db_row_bytes(&rows, i, 2, &size);

        if (size == SHA256_SIZE)
            hex_encode(mac, size, hex);
        snprintf(enterprise, sizeof enterprise, "%lld", (long long)db_row_int(&rows, i, 0));
        snprintf(anchor, sizeof anchor, "%s@%lld", hex, (long long)db_row_int(&rows, i, 1));
        log_write(LOG_INFO, "audit anchor", "enterprise", enterprise, "anchor", anchor, NULL);
    }
}

sp_status audit_seal(audit_sealer *s, int64_t *ret_sealed)
{
    db_rows rows = {0};
    bool held = true;
    arena memory;
    db_tx *tx;
    sp_status status;

    *ret_sealed = 0;
    arena_init(&memory, BATCH_ARENA);
    status = db_begin(s->system, 0, &memory, &tx);
    if (!sp_failed(status)) {
        status = db_query(tx, SQL_AUDIT_UNSEALED_ENTERPRISES, DB_NO_ARGS, &rows);
        if (!sp_failed(status))
            anchors_log(s, tx);
        db_rollback(tx);
    }
    for (int i = 0; i < rows.count && held && !sp_failed(status); i++)
        status = enterprise_seal(s, db_row_int(&rows, i, 0), &held, ret_sealed);
    arena_done(&memory);
    return status;
}

static void tick(void *arg)
{
    audit_sealer *s = arg;
    int64_t sealed, now_ms = clock_monotonic_ms();
    sp_status status = audit_seal(s, &sealed);

    if (!sp_failed(status) || (s->complained_ms != 0 && now_ms - s->complained_ms < COMPLAIN_MS))
        return;
    s->complained_ms = now_ms;
    log_write(LOG_ERROR, "the audit log is not sealed", "reason", status.reason, "message", status.message, NULL);
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

audit_sealer *audit_sealer_new(const audit_sealer_options *options)
{
    audit_sealer *s = calloc(1, sizeof *s);
    int period_ms = options->period_ms == 0 ? PERIOD_MS : options->period_ms;

    if (!s)
        return NULL;
    s->system = options->system;
    s->key = options->key;
    s->owner = id_next();
    if (sp_failed(audit_key_check(s->key, s->key_check))) {
        free(s);
        return NULL;
    }
    if (period_ms > 0) {
        s->ticker = ticker_new(period_ms, tick, s);
        if (!s->ticker) {
            free(s);
            return NULL;
        }
    }
    return s;
}

static void lease_give_back(audit_sealer *s)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, 64 << 10);
    if (!sp_failed(db_begin(s->system, 0, &memory, &tx))) {
        sp_status status = db_query(tx, SQL_AUDIT_LEASE_GIVE_BACK, DB_ARGS(db_int64(s->owner)), NULL);

        status = db_end(tx, status);
        if (sp_failed(status))
            log_write(LOG_WARNING, "the sealer's lease stays until its end", "reason", status.reason, NULL);
    }
    arena_done(&memory);
}

void audit_sealer_free(audit_sealer *s)
{
    if (!s)
        return;
    ticker_free(s->ticker);
    lease_give_back(s);
    free(s);
}
