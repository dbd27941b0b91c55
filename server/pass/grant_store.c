/* The SQL of grants: revisions are given out under the terminals' locks. */
#include "grant_store.h"

#include "server_pass_sql.h"
#include "text.h"
#include "timestamp.h"

typedef Smartpass__V1__Grant Grant;

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static Grant *grant_from_row(arena *a, const db_rows *rows, int row)
{
    Grant *g = arena_alloc(a, sizeof *g);
    if (!g)
        return NULL;
    smartpass__v1__grant__init(g);
    g->person_id = db_row_int(rows, row, 0);
    g->device_id = db_row_int(rows, row, 1);
    g->person_name = (char *)db_row_text(rows, row, 2);
    g->person_number = (char *)db_row_text(rows, row, 3);
    g->person_kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 4);
    g->device_name = (char *)db_row_text(rows, row, 5);
    g->valid_from = timestamp_or_null(a, db_row_time_ms(rows, row, 6));
    g->valid_until = timestamp_or_null(a, db_row_time_ms(rows, row, 7));
    g->state = (Smartpass__V1__GrantState)db_row_int(rows, row, 8);
    g->failure = (Smartpass__V1__ApplyFailure)db_row_int(rows, row, 9);
    g->update_time = timestamp_or_null(a, db_row_time_ms(rows, row, 10));
    g->photo_id = db_row_int(rows, row, 11);
    return g;
}

static sp_status list(db_tx *tx, const grant_filter *f, const page *p, db_arg only_people, db_rows *rows,
                      Grant ***ret_grants)
{
    arena *a = db_tx_arena(tx);
    int64_t after_device = 0;

    if (!p->first && !int64_parse(p->text, 0, INT64_MAX, &after_device))
        after_device = 0;
    sp_status st = db_query(tx, SQL_GRANT_LIST,
                            DB_ARGS(db_int64(f->enterprise_id), db_int64(f->person_id), db_int64(f->device_id),
                                    db_int16((int16_t)f->state), db_time(f->now_ms), db_text(f->query),
                                    db_bool(p->first), db_time(p->number), db_int64(p->id), db_int64(after_device),
                                    only_people, db_int32(p->size + 1), db_int32(p->skip), f->groups),
                            rows);
    if (sp_failed(st))
        return st;

    Grant **grants = arena_array(a, (size_t)rows->count + 1, sizeof *grants);
    for (int i = 0; i < rows->count; i++)
        if (!grants || !(grants[i] = grant_from_row(a, rows, i)))
            return DB_NO_MEMORY;
    *ret_grants = grants;
    return SP_DONE;
}

sp_status grant_store_list(db_tx *tx, const grant_filter *filter, const page *p, Grant ***ret_grants, size_t *ret_count,
                           int64_t *ret_last_ms)
{
    db_rows rows;
    sp_status st = list(tx, filter, p, db_null(), &rows, ret_grants);
    if (sp_failed(st))
        return st;
    *ret_count = (size_t)rows.count;
    int last = rows.count < p->size ? rows.count - 1 : p->size - 1;
    *ret_last_ms = last >= 0 ? db_row_time_ms(&rows, last, 12) : 0;
    return SP_DONE;
}

sp_status grant_read(db_tx *tx, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids, size_t count,
                     int64_t now_ms, Grant ***ret_grants, size_t *ret_count)
{
    const grant_filter filter = {
        .enterprise_id = enterprise_id, .groups = db_null(), .device_id = device_id, .query = "", .now_ms = now_ms};
    const page all = {.size = (int)count, .first = true, .text = ""};
    db_rows rows;

    sp_status st = list(tx, &filter, &all, db_int64_array(db_tx_arena(tx), person_ids, count), &rows, ret_grants);
    if (!sp_failed(st))
        *ret_count = (size_t)rows.count;
    return st;
}

sp_status grant_store_count(db_tx *tx, const grant_filter *f, int32_t *ret_total)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_GRANT_COUNT,
                            DB_ARGS(db_int64(f->enterprise_id), db_int64(f->person_id), db_int64(f->device_id),
                                    db_int16((int16_t)f->state), db_time(f->now_ms), db_text(f->query), f->groups),
                            &rows);
    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

/* Locks the feeds of these terminals; ret_known is how many of them there are. */
static sp_status lock_feeds(db_tx *tx, int64_t enterprise_id, db_arg devices, db_arg groups, int *ret_known)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_FEED_LOCK, DB_ARGS(db_int64(enterprise_id), devices, groups), &rows);
    if (!sp_failed(st))
        *ret_known = rows.count;
    return st;
}

/* The rows have their revisions: the feeds move on, and whoever holds the streams hears of it at the COMMIT. */
static sp_status publish_feeds(db_tx *tx, int64_t enterprise_id, db_arg devices)
{
    sp_status st = db_query(tx, SQL_FEED_ADVANCE, DB_ARGS(db_int64(enterprise_id), devices), NULL);
    if (sp_failed(st))
        return st;
    return db_query(tx, SQL_FEED_NOTIFY, DB_ARGS(devices), NULL);
}

/* Nobody of them is erased before the grants are there: else their terminals would never hear of it. */
static sp_status hold_people(db_tx *tx, const grant_order *o, db_arg people, grant_outcome *ret_outcome)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_GRANT_HOLD_PEOPLE, DB_ARGS(db_int64(o->enterprise_id), people, o->groups), &rows);
    if (!sp_failed(st) && (size_t)rows.count != o->person_count)
        *ret_outcome = GRANT_PERSON_UNKNOWN;
    return st;
}

sp_status grant_store_put(db_tx *tx, const grant_order *o, grant_outcome *ret_outcome, int32_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_arg people = db_int64_array(a, o->person_ids, o->person_count);
    db_arg devices = db_int64_array(a, o->device_ids, o->device_count);
    db_rows put;
    int known = 0;

    *ret_outcome = GRANT_PUT;
    /* People before feeds, as whoever changes a person does. */
    sp_status st = hold_people(tx, o, people, ret_outcome);
    if (!sp_failed(st) && *ret_outcome == GRANT_PUT)
        st = lock_feeds(tx, o->enterprise_id, devices, o->groups, &known);
    if (!sp_failed(st) && *ret_outcome == GRANT_PUT && (size_t)known != o->device_count)
        *ret_outcome = GRANT_DEVICE_UNKNOWN;
    if (sp_failed(st) || *ret_outcome != GRANT_PUT)
        return st;

    st = db_query(tx, SQL_GRANT_PUT,
                  DB_ARGS(db_int64(o->enterprise_id), devices, people, db_time_or_null(o->valid_from_ms),
                          db_time_or_null(o->valid_until_ms), db_time(o->now_ms)),
                  &put);
    if (sp_failed(st))
        return st;
    *ret_count = (int32_t)put.affected;
    return publish_feeds(tx, o->enterprise_id, devices);
}

sp_status grant_store_revoke(db_tx *tx, const grant_order *o, int32_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_arg devices = db_int64_array(a, o->device_ids, o->device_count);
    db_arg people = db_int64_array(a, o->person_ids, o->person_count);
    db_rows revoked;
    int known;

    sp_status st = lock_feeds(tx, o->enterprise_id, devices, o->groups, &known);
    if (!sp_failed(st))
        st = db_query(tx, SQL_GRANT_REVOKE,
                      DB_ARGS(db_int64(o->enterprise_id), devices, people, db_time(o->now_ms), o->groups), &revoked);
    if (sp_failed(st))
        return st;
    *ret_count = (int32_t)revoked.affected;
    return publish_feeds(tx, o->enterprise_id, devices);
}

/* ---- Of people, wherever they are -------------------------------------------------------------------------------- */

/* A change of device_person that takes ($1 enterprise, $2 people, $3 terminals, $4 now), under the locks of all feeds
 * that have one of the people. */
static sp_status change_everywhere(db_tx *tx, const db_statement *change, int64_t enterprise_id, db_arg people,
                                   int64_t now_ms)
{
    db_rows rows;
    int known;

    sp_status st = db_query(tx, SQL_GRANT_DEVICES_OF_PEOPLE, DB_ARGS(db_int64(enterprise_id), people), &rows);
    if (sp_failed(st) || rows.count == 0)
        return st;
    int64_t *ids = db_rows_ints(&rows, 0, db_tx_arena(tx));
    if (!ids)
        return DB_NO_MEMORY;

    db_arg devices = db_int64_array(db_tx_arena(tx), ids, (size_t)rows.count);
    st = lock_feeds(tx, enterprise_id, devices, db_null(), &known);
    if (!sp_failed(st))
        st = db_query_n(tx, change, DB_ARGS(db_int64(enterprise_id), people, devices, db_time(now_ms)), NULL);
    return sp_failed(st) ? st : publish_feeds(tx, enterprise_id, devices);
}

sp_status pass_people_changed(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count, int64_t now_ms)
{
    return change_everywhere(tx, &SQL_GRANT_TOUCH, enterprise_id, db_int64_array(db_tx_arena(tx), person_ids, count),
                             now_ms);
}

sp_status pass_person_revoked(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms)
{
    return change_everywhere(tx, &SQL_GRANT_END, enterprise_id, db_int64_array(db_tx_arena(tx), &person_id, 1), now_ms);
}

sp_status pass_person_forgotten(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_FEED_LOCK_ALL, DB_ARGS(db_int64(enterprise_id)), &rows);
    if (sp_failed(st) || rows.count == 0)
        return st;
    int64_t *ids = db_rows_ints(&rows, 0, db_tx_arena(tx));
    if (!ids)
        return DB_NO_MEMORY;

    st = db_query(tx, SQL_GRANT_FORGET, DB_ARGS(db_int64(enterprise_id), db_int64(person_id), db_time(now_ms)), NULL);
    if (sp_failed(st))
        return st;
    return publish_feeds(tx, enterprise_id, db_int64_array(db_tx_arena(tx), ids, (size_t)rows.count));
}
