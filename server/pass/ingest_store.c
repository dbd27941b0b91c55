/* The SQL of ingest: one transaction for the records of many terminals. */
#include "ingest_store.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "id.h"
#include "pass_rules.h"
#include "server_pass_sql.h"

/* Room for the columns of the largest transaction; what grows beyond it fails as if memory were out. */
#define INGEST_ARENA_BYTES (32u << 20)

enum { COLUMN_COUNT = 20 };

static const db_column_type column_types[COLUMN_COUNT] = {
    DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT32, DB_COLUMN_INT64, DB_COLUMN_INT64, /* enterprise … id */
    DB_COLUMN_INT64, DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TIME,                   /* person, occurred_at */
    DB_COLUMN_INT16, DB_COLUMN_INT16, DB_COLUMN_INT16, DB_COLUMN_INT16,                  /* kind … state */
    DB_COLUMN_BOOL,  DB_COLUMN_BOOL,                                                     /* authorised, clock_synced */
    DB_COLUMN_INT32, DB_COLUMN_INT32, DB_COLUMN_INT32, DB_COLUMN_TEXT,  DB_COLUMN_BYTES, /* temperature … snapshot */
};

static void add_row(db_column *c, const ingest_row *row)
{
    const Smartpass__Link__V1__PassRecord *r = row->record;

    db_column_int(&c[0], row->source->enterprise_id);
    db_column_int(&c[1], row->source->device_id);
    db_column_int(&c[2], row->source->epoch);
    db_column_int(&c[3], (int64_t)r->seq);
    db_column_int(&c[4], row->id);
    if (r->person_id != 0)
        db_column_int(&c[5], r->person_id);
    else
        db_column_null(&c[5]);
    db_column_text(&c[6], r->person_name);
    db_column_text(&c[7], r->person_number);
    db_column_time(&c[8], r->occurred_at_ms);
    db_column_int(&c[9], r->kind);
    db_column_int(&c[10], r->result);
    db_column_int(&c[11], r->deny_reason);
    db_column_int(&c[12], pass_state(r));
    db_column_int(&c[13], r->authorised);
    db_column_int(&c[14], r->clock_synced);
    db_column_int(&c[15], r->temperature_centi);
    db_column_int(&c[16], r->threshold_centi);
    db_column_int(&c[17], r->distance_milli);
    db_column_text(&c[18], r->card_number);
    if (r->snapshot_sha256.len > 0)
        db_column_bytes(&c[19], r->snapshot_sha256.data, r->snapshot_sha256.len);
    else
        db_column_null(&c[19]);
}

/* The years 1 to 9999: no other time can be told to anybody. */
#define OCCURRED_FIRST_MS (-62135596800000LL)
#define OCCURRED_LAST_MS 253402300799999LL

/* Whether every number fits its column, and the time a calendar. */
static bool is_storable(const Smartpass__Link__V1__PassRecord *r)
{
    return r->occurred_at_ms >= OCCURRED_FIRST_MS && r->occurred_at_ms <= OCCURRED_LAST_MS &&
           (uint32_t)r->kind <= INT16_MAX && (uint32_t)r->result <= INT16_MAX &&
           (uint32_t)r->deny_reason <= INT16_MAX && r->distance_milli <= INT32_MAX && r->seq <= INT64_MAX;
}

static bool are_storable(const ingest_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_storable(rows[i].record))
            return false;
    return true;
}

/* ids were given in ascending order, so each stored one is found by halving. */
static void mark_fresh(ingest_row *rows, size_t count, int64_t id)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < count && rows[low].id == id)
        rows[low].fresh = true;
}

/* Classes 22 (data exception) and 23 (integrity violation) are the record's fault; all else is the database's. */
static ingest_outcome judge(const char *sqlstate)
{
    return sqlstate[0] == '2' && (sqlstate[1] == '2' || sqlstate[1] == '3') ? INGEST_REFUSED : INGEST_AWAY;
}

static sp_status run_ingest(db_tx *tx, arena *a, int writer, const ingest_row *rows, size_t count, db_rows *ret_ids)
{
    db_column columns[COLUMN_COUNT];
    db_arg args[COLUMN_COUNT + 2];

    for (int i = 0; i < COLUMN_COUNT; i++)
        db_column_init(&columns[i], a, column_types[i]);
    for (size_t i = 0; i < count; i++)
        add_row(columns, &rows[i]);
    for (int i = 0; i < COLUMN_COUNT; i++)
        args[i] = db_column_arg(&columns[i]);
    args[COLUMN_COUNT] = db_int16((int16_t)writer);
    args[COLUMN_COUNT + 1] = db_time(clock_now_ms());

    return db_query_n(tx, &SQL_PASS_INGEST, args, COLUMN_COUNT + 2, ret_ids);
}

ingest_outcome ingest_store_rows(db_pool *system, int writer, ingest_row *rows, size_t count, char ret_sqlstate[6])
{
    arena a;
    db_tx *tx;
    db_rows ids;
    ingest_outcome outcome = INGEST_AWAY;

    if (!are_storable(rows, count)) {
        strcpy(ret_sqlstate, "22003"); /* numeric value out of range, as the database would say */
        return INGEST_REFUSED;
    }
    ret_sqlstate[0] = '\0';
    arena_init(&a, INGEST_ARENA_BYTES);
    if (sp_failed(db_begin(system, 0, &a, &tx)))
        goto done;

    if (sp_failed(run_ingest(tx, &a, writer, rows, count, &ids))) {
        outcome = judge(db_sqlstate(tx));
        snprintf(ret_sqlstate, 6, "%s", db_sqlstate(tx));
        db_rollback(tx);
        goto done;
    }
    if (sp_failed(db_commit(tx)))
        goto done;

    for (int i = 0; i < ids.count; i++)
        mark_fresh(rows, count, db_row_int(&ids, i, 0));
    outcome = INGEST_STORED;
done:
    arena_done(&a);
    return outcome;
}

static sp_status run_reject(db_tx *tx, arena *a, const ingest_row *row, const char *sqlstate)
{
    size_t size = smartpass__link__v1__pass_record__get_packed_size(row->record);
    uint8_t *packed = arena_alloc(a, size);
    if (!packed)
        return OUT_OF_MEMORY;
    smartpass__link__v1__pass_record__pack(row->record, packed);

    const ingest_source *from = row->source;
    db_rows added;
    sp_status st = db_query(tx, SQL_PASS_REJECT,
                            DB_ARGS(db_int64(from->enterprise_id), db_int64(from->device_id), db_int32(from->epoch),
                                    db_int64((int64_t)row->record->seq), db_bytes(packed, size), db_text(sqlstate),
                                    db_time(clock_now_ms())),
                            &added);
    if (sp_failed(st) || added.affected == 0) /* set aside before: its alarm was raised then */
        return st;

    const char *detail = arena_printf(a, "epoch %d, record %llu, SQLSTATE %s", from->epoch,
                                      (unsigned long long)row->record->seq, sqlstate);
    return db_query(tx, SQL_PASS_REJECT_ALARM,
                    DB_ARGS(db_int64(from->enterprise_id), db_int64(id_next()), db_time(clock_now_ms()),
                            db_int64(from->device_id), db_text(detail)),
                    NULL);
}

ingest_outcome ingest_store_reject(db_pool *system, const ingest_row *row, const char *sqlstate)
{
    arena a;
    db_tx *tx;
    ingest_outcome outcome = INGEST_AWAY;

    arena_init(&a, 1u << 20);
    if (!sp_failed(db_begin(system, 0, &a, &tx))) {
        if (sp_failed(run_reject(tx, &a, row, sqlstate)))
            db_rollback(tx);
        else if (!sp_failed(db_commit(tx)))
            outcome = INGEST_STORED;
    }
    arena_done(&a);
    return outcome;
}

sp_status ingest_acked_seq(db_tx *tx, const ingest_source *source, int64_t *ret_seq)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_PASS_ACKED_SEQ,
                 DB_ARGS(db_int64(source->enterprise_id), db_int64(source->device_id), db_int32(source->epoch)), &rows);
    if (!sp_failed(st))
        *ret_seq = db_row_int(&rows, 0, 0);
    return st;
}
