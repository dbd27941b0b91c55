/* The SQL of ingest: one transaction for the records of many terminals. */
#include "ingest_store.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "id.h"
#include "ingest_tally.h"
#include "pass_rules.h"
#include "server_pass_sql.h"

/* Room for the columns of the largest transaction; what grows beyond it fails as if memory were out. */
#define INGEST_ARENA_BYTES (32u << 20)

/* Of pass_arrival (0003_arrivals.sql). */
static const db_column_type arrival[] = {
    DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT32, DB_COLUMN_INT64, DB_COLUMN_INT64, /* enterprise … id */
    DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TIME,  /* group … occurred_at */
    DB_COLUMN_INT16, DB_COLUMN_INT16, DB_COLUMN_INT16, DB_COLUMN_INT16,                  /* kind … state */
    DB_COLUMN_BOOL,  DB_COLUMN_BOOL,                                                     /* authorised, clock_synced */
    DB_COLUMN_INT32, DB_COLUMN_INT32, DB_COLUMN_INT32, DB_COLUMN_TEXT,  DB_COLUMN_BYTES, /* temperature … snapshot */
};

static void add_id(db_tuples *t, int64_t id)
{
    if (id != 0)
        db_tuples_int(t, id);
    else
        db_tuples_null(t);
}

static void add_arrival(db_tuples *t, const ingest_row *row)
{
    const Smartpass__Link__V1__PassRecord *r = row->record;

    db_tuples_int(t, row->source->enterprise_id);
    db_tuples_int(t, row->source->device_id);
    db_tuples_int(t, row->source->epoch);
    db_tuples_int(t, (int64_t)r->seq);
    db_tuples_int(t, row->id);
    add_id(t, row->group_id);
    add_id(t, r->person_id);
    db_tuples_text(t, r->person_name);
    db_tuples_text(t, r->person_number);
    db_tuples_time(t, r->occurred_at_ms);
    db_tuples_int(t, r->kind);
    db_tuples_int(t, r->result);
    db_tuples_int(t, r->deny_reason);
    db_tuples_int(t, pass_state(r));
    db_tuples_int(t, r->authorised);
    db_tuples_int(t, r->clock_synced);
    db_tuples_int(t, r->temperature_centi);
    db_tuples_int(t, r->threshold_centi);
    db_tuples_int(t, r->distance_milli);
    db_tuples_text(t, r->card_number);
    if (r->snapshot_sha256.len > 0)
        db_tuples_bytes(t, r->snapshot_sha256.data, r->snapshot_sha256.len);
    else
        db_tuples_null(t);
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

/* ids were given in ascending order, so each added one is found by halving. */
static void mark_added(ingest_row *rows, size_t count, int64_t id)
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
        rows[low].added = true;
}

/* Classes 22 (data exception) and 23 (integrity violation) are the record's fault; all else is the database's. */
static ingest_outcome judge(const db_tx *tx)
{
    const char *sqlstate = db_sqlstate(tx);

    if (strcmp(db_constraint(tx), "pass_record_key") == 0)
        return INGEST_KNOWN;
    return sqlstate[0] == '2' && (sqlstate[1] == '2' || sqlstate[1] == '3') ? INGEST_REFUSED : INGEST_AWAY;
}

/* ---- The statements of one transaction ------------------------------------------------------------------------------
 */

static bool is_first_of_source(const ingest_row *rows, size_t i)
{
    return i == 0 || !ingest_source_is(rows[i].source, rows[i - 1].source);
}

/* Each row's group, asked once for each run of rows of the same source. A terminal that does not exist has none: its
 * records will be refused. */
static sp_status find_groups(db_tx *tx, arena *a, ingest_row *rows, size_t count)
{
    db_column enterprise, device;
    db_rows found;
    int run = -1;

    db_column_init(&enterprise, a, DB_COLUMN_INT64);
    db_column_init(&device, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++)
        if (is_first_of_source(rows, i)) {
            db_column_int(&enterprise, rows[i].source->enterprise_id);
            db_column_int(&device, rows[i].source->device_id);
        }
    sp_status st = db_query(tx, SQL_PASS_GROUPS, DB_ARGS(db_column_arg(&enterprise), db_column_arg(&device)), &found);
    for (size_t i = 0; !sp_failed(st) && i < count; i++) {
        run += is_first_of_source(rows, i);
        rows[i].group_id = db_row_int(&found, run, 0);
    }
    return st;
}

static sp_status insert(db_tx *tx, arena *a, const db_statement *statement, ingest_row *rows, size_t count)
{
    db_tuples arrivals;
    db_rows ids;

    sp_status st = find_groups(tx, a, rows, count);
    if (sp_failed(st))
        return st;
    db_tuples_init(&arrivals, a, arrival, sizeof arrival / sizeof *arrival);
    for (size_t i = 0; i < count; i++)
        add_arrival(&arrivals, &rows[i]);

    const db_arg args[] = {db_tuples_arg(&arrivals), db_time(clock_now_ms())};
    st = db_query_n(tx, statement, args, sizeof args / sizeof *args, &ids);
    for (int i = 0; !sp_failed(st) && i < ids.count; i++)
        mark_added(rows, count, db_row_int(&ids, i, 0));
    return st;
}

static sp_status store(db_tx *tx, arena *a, int writer, ingest_way way, ingest_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i].added = way == INGEST_AS_NEW;
    sp_status st = insert(tx, a, way == INGEST_AS_NEW ? &SQL_PASS_INGEST_NEW : &SQL_PASS_INGEST_AGAIN, rows, count);
    return sp_failed(st) ? st : ingest_tally_add(tx, a, writer, rows, count);
}

ingest_outcome ingest_store_rows(db_pool *system, int writer, ingest_way way, ingest_row *rows, size_t count,
                                 char ret_sqlstate[6])
{
    arena a;
    db_tx *tx;
    ingest_outcome outcome = INGEST_AWAY;

    if (!are_storable(rows, count)) {
        strcpy(ret_sqlstate, "22003"); /* numeric value out of range, as the database would say */
        return INGEST_REFUSED;
    }
    ret_sqlstate[0] = '\0';
    arena_init(&a, INGEST_ARENA_BYTES);
    if (!sp_failed(db_begin(system, 0, &a, &tx))) {
        if (sp_failed(store(tx, &a, writer, way, rows, count))) {
            outcome = judge(tx);
            snprintf(ret_sqlstate, 6, "%s", db_sqlstate(tx));
            db_rollback(tx);
        } else if (!sp_failed(db_commit(tx))) {
            outcome = INGEST_STORED;
            for (size_t i = 0; i < count; i++)
                rows[i].fresh |= rows[i].added;
        }
    }
    arena_done(&a);
    return outcome;
}

/* ---- Setting aside --------------------------------------------------------------------------------------------------
 */

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
