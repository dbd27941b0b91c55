#include "capture_store.h"

#include "devices.h"
#include "id.h"
#include "server_capture_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Capture Capture;

#define STATE(name) SMARTPASS__V1__CAPTURE_STATE__CAPTURE_STATE_##name

static bool has_ended(const Capture *capture)
{
    return capture->state != STATE(SENT) && capture->state != STATE(SHOWING) && capture->state != STATE(CHECKING);
}

static sp_status notify(db_tx *tx, int64_t device_id)
{
    return db_query(tx, SQL_CAPTURE_NOTIFY, DB_ARGS(db_int64(device_id)), NULL);
}

sp_status capture_store_add(db_tx *tx, const capture_owner *owner, db_arg groups, int64_t device_id, int64_t *ret_id,
                            const char **ret_name)
{
    const db_arg enterprise = db_int64(owner->enterprise_id), device = db_int64(device_id),
                 now = db_time(owner->now_ms);
    int64_t id = id_next();
    db_rows rows;
    sp_status st = db_query(tx, SQL_CAPTURE_DEVICE,
                            DB_ARGS(enterprise, groups, device, db_time(owner->now_ms - DEVICE_ONLINE_MS)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DEVICE_NOT_FOUND;
    *ret_name = db_row_text(&rows, 0, 0);
    if (!db_row_bool(&rows, 0, 1))
        return DEVICE_OFFLINE;
    if (db_row_bool(&rows, 0, 2))
        return DEVICE_WAITING;
    st = db_query(tx, SQL_CAPTURE_END_LATE, DB_ARGS(enterprise, device, now), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_CAPTURE_ADD,
                      DB_ARGS(enterprise, db_int64(id), device, db_int64(owner->user_id), now,
                              db_time(owner->now_ms + CAPTURE_MS)),
                      &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DEVICE_BUSY;
    *ret_id = id;
    return notify(tx, device_id);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status photo_from_row(arena *a, const db_rows *rows, Smartpass__V1__Photo **ret_photo)
{
    Smartpass__V1__Photo *photo = arena_alloc(a, sizeof *photo);

    if (!photo)
        return DB_NO_MEMORY;
    smartpass__v1__photo__init(photo);
    photo->id = db_row_int(rows, 0, 6);
    photo->width = (int32_t)db_row_int(rows, 0, 7);
    photo->height = (int32_t)db_row_int(rows, 0, 8);
    photo->expire_time = timestamp_or_null(a, db_row_time_ms(rows, 0, 9));
    *ret_photo = photo;
    return SP_DONE;
}

static sp_status read(db_tx *tx, const capture_owner *owner, int64_t id, Capture *ret, int64_t *ret_expires_ms)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_CAPTURE_GET,
        DB_ARGS(db_int64(owner->enterprise_id), db_int64(id), db_int64(owner->user_id), db_time(owner->now_ms)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return CAPTURE_NOT_FOUND;
    ret->id = db_row_int(&rows, 0, 0);
    ret->device_id = db_row_int(&rows, 0, 1);
    ret->device_name = (char *)db_row_text(&rows, 0, 2);
    ret->state = (Smartpass__V1__CaptureState)db_row_int(&rows, 0, 3);
    *ret_expires_ms = db_row_time_ms(&rows, 0, 4);
    ret->expire_time = timestamp_or_null(a, *ret_expires_ms);
    ret->reason = (char *)db_row_text(&rows, 0, 5);
    return db_row_int(&rows, 0, 6) == 0 ? SP_DONE : photo_from_row(a, &rows, &ret->photo);
}

/* ---- Ending ------------------------------------------------------------------------------------------------------ */

static sp_status end(db_tx *tx, const capture_owner *owner, Capture *capture, Smartpass__V1__CaptureState state,
                     const char *reason)
{
    int64_t expires_ms;
    sp_status st = db_query(tx, SQL_CAPTURE_END,
                            DB_ARGS(db_int64(owner->enterprise_id), db_int64(capture->id), db_int64(owner->user_id),
                                    db_int16((int16_t)state), db_text(reason)),
                            NULL);

    if (!sp_failed(st))
        st = notify(tx, capture->device_id);
    /* The terminal may have been quicker. */
    return sp_failed(st) ? st : read(tx, owner, capture->id, capture, &expires_ms);
}

sp_status capture_store_get(db_tx *tx, const capture_owner *owner, int64_t id, Capture *ret_capture)
{
    int64_t expires_ms;
    sp_status st = read(tx, owner, id, ret_capture, &expires_ms);

    if (sp_failed(st) || has_ended(ret_capture) || expires_ms > owner->now_ms)
        return st;
    return end(tx, owner, ret_capture, STATE(FAILED), "TIMED_OUT");
}

sp_status capture_store_cancel(db_tx *tx, const capture_owner *owner, int64_t id, Capture *ret_capture)
{
    sp_status st = capture_store_get(tx, owner, id, ret_capture);

    return sp_failed(st) || has_ended(ret_capture) ? st : end(tx, owner, ret_capture, STATE(CANCELLED), "");
}
