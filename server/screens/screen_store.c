#include "screen_store.h"

#include <string.h>

#include "devices.h"
#include "screen_picture.h"
#include "server_screens_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Screen Screen;

sp_status screen_store_device(db_tx *tx, const screen_viewer *viewer, screen_device *ret_device)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_SCREEN_DEVICE,
                            DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(viewer->device_id),
                                    db_time(viewer->now_ms - DEVICE_ONLINE_MS)),
                            &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DEVICE_NOT_FOUND;
    *ret_device = (screen_device){db_row_text(&rows, 0, 0), db_row_bool(&rows, 0, 1), db_row_bool(&rows, 0, 2)};
    return SP_DONE;
}

static sp_status notify(db_tx *tx, const screen_viewer *viewer)
{
    return db_query(tx, SQL_SCREEN_NOTIFY, DB_ARGS(db_int64(viewer->device_id)), NULL);
}

/* How many others he looks at. */
static sp_status count_others(db_tx *tx, const screen_viewer *viewer, int *ret_count)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_SCREEN_OF_USER, DB_ARGS(db_int64(viewer->enterprise_id), db_int64(viewer->user_id)), &rows);

    *ret_count = 0;
    for (int i = 0; !sp_failed(st) && i < rows.count; i++)
        *ret_count += db_row_int(&rows, i, 0) != viewer->device_id;
    return st;
}

sp_status screen_store_look(db_tx *tx, const screen_viewer *viewer)
{
    const db_arg enterprise = db_int64(viewer->enterprise_id), device = db_int64(viewer->device_id),
                 user = db_int64(viewer->user_id);
    int others;
    sp_status st = count_others(tx, viewer, &others);

    if (!sp_failed(st) && others >= SCREENS_AT_ONCE)
        return SCREENS_TOO_MANY;
    if (!sp_failed(st))
        st = db_query(tx, SQL_SCREEN_DROP_OLD, DB_ARGS(enterprise, device), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_SCREEN_LOOK, DB_ARGS(enterprise, device, user, db_int32(SCREEN_LOOK_MS)), NULL);
    return sp_failed(st) ? st : notify(tx, viewer);
}

sp_status screen_store_look_on(db_tx *tx, const screen_viewer *viewer)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_SCREEN_LOOK_ON,
                            DB_ARGS(db_int64(viewer->enterprise_id), db_int64(viewer->device_id),
                                    db_int64(viewer->user_id), db_int32(SCREEN_LOOK_MS)),
                            &rows);

    return !sp_failed(st) && rows.affected == 0 ? NOT_WATCHING : st;
}

sp_status screen_store_leave(db_tx *tx, const screen_viewer *viewer)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_SCREEN_LEAVE,
        DB_ARGS(db_int64(viewer->enterprise_id), db_int64(viewer->device_id), db_int64(viewer->user_id)), &rows);

    return sp_failed(st) || rows.affected == 0 ? st : notify(tx, viewer);
}

sp_status screen_store_frame(db_tx *tx, const blob_store *blobs, const screen_viewer *viewer, int64_t after,
                             Screen *ret_screen)
{
    const screen_of of = {viewer->enterprise_id, viewer->device_id};
    screen_bytes sealed, plain;
    db_rows rows;
    sp_status st = db_query(tx, SQL_SCREEN_FRAME,
                            DB_ARGS(db_int64(of.enterprise_id), db_int64(of.device_id), db_int64(after)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    ret_screen->frame = db_row_int(&rows, 0, 0);
    ret_screen->show_time = timestamp_or_null(db_tx_arena(tx), db_row_time_ms(&rows, 0, 2));
    if (db_row_is_null(&rows, 0, 1))
        return SP_DONE;
    sealed.bytes = db_row_bytes(&rows, 0, 1, &sealed.size);
    st = screen_open(blobs, db_tx_arena(tx), &of, sealed, &plain);
    if (!sp_failed(st))
        ret_screen->picture = (ProtobufCBinaryData){plain.size, (uint8_t *)plain.bytes};
    return st;
}
