#include "display_store.h"

#include <stdio.h>
#include <string.h>

#include "devices.h"
#include "display_rules.h"
#include "id.h"
#include "server_displays_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Display Display;

#define STATE(name) SMARTPASS__V1__DISPLAY_STATE__DISPLAY_STATE_##name

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* One that is for nobody is not for the terminal either. */
static Smartpass__V1__DisplayState state_of(const Display *display, bool reported)
{
    if (!display->strangers && display->people_count == 0)
        return STATE(UNSPECIFIED);
    if (!reported)
        return STATE(WAITING);
    return *display->reason != '\0' ? STATE(REFUSED) : STATE(ON_DEVICE);
}

static Display *display_from_row(arena *a, const db_rows *rows, int row)
{
    Display *d = arena_alloc(a, sizeof *d);

    if (!d)
        return NULL;
    smartpass__v1__display__init(d);
    d->id = db_row_int(rows, row, 0);
    d->device_id = db_row_int(rows, row, 1);
    d->strangers = db_row_bool(rows, row, 2);
    d->seconds = (int32_t)db_row_int(rows, row, 3);
    d->width = (int32_t)db_row_int(rows, row, 4);
    d->height = (int32_t)db_row_int(rows, row, 5);
    d->reason = (char *)db_row_text(rows, row, 6);
    d->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 7));
    d->update_time = timestamp_or_null(a, db_row_time_ms(rows, row, 8));
    d->people_count = (int32_t)db_row_int(rows, row, 10);
    d->picture_version = db_row_int(rows, row, 11);
    d->state = state_of(d, db_row_bool(rows, row, 9));
    if (d->state != STATE(REFUSED))
        d->reason = (char *)"";
    return d;
}

static sp_status find_device(db_tx *tx, const display_viewer *viewer, int64_t device_id)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DISPLAY_FIND_DEVICE,
                            DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(device_id)), &rows);

    return sp_failed(st) || rows.count > 0 ? st : DEVICE_NOT_FOUND;
}

static sp_status list(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id, Display ***ret,
                      size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_LIST,
                 DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(device_id), db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    Display **displays = arena_array(a, (size_t)rows.count + 1, sizeof *displays);
    for (int i = 0; i < rows.count; i++)
        if (!displays || !(displays[i] = display_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret = displays;
    *ret_count = (size_t)rows.count;
    return displays ? display_people_fill(tx, viewer, device_id, id, displays, *ret_count) : DB_NO_MEMORY;
}

sp_status display_store_list(db_tx *tx, const display_viewer *viewer, int64_t device_id, Display ***ret_displays,
                             size_t *ret_count)
{
    sp_status st = find_device(tx, viewer, device_id);

    return sp_failed(st) ? st : list(tx, viewer, device_id, 0, ret_displays, ret_count);
}

sp_status display_store_get(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id,
                            Display **ret_display)
{
    Display **displays;
    size_t count;
    sp_status st = list(tx, viewer, device_id, id, &displays, &count);

    if (sp_failed(st))
        return st;
    if (id == 0 || count == 0)
        return DISPLAY_NOT_FOUND;
    *ret_display = displays[0];
    return SP_DONE;
}

sp_status display_store_read(blob_store *blobs, db_tx *tx, const display_viewer *viewer, int64_t id, int64_t picture_id,
                             const uint8_t **ret_bytes, size_t *ret_size)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_BLOB,
                 DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(id), db_int64(picture_id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DISPLAY_NOT_FOUND;
    return blob_get(blobs, tx, viewer->enterprise_id, db_row_int(&rows, 0, 0), ret_bytes, ret_size);
}

/* ---- Where it is ------------------------------------------------------------------------------------------------- */

sp_status display_store_device(db_tx *tx, const display_viewer *viewer, int64_t device_id, const char **ret_name,
                               bool *ret_waiting)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DISPLAY_DEVICE,
                            DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(device_id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DEVICE_NOT_FOUND;
    *ret_name = db_row_text(&rows, 0, 0);
    if (ret_waiting)
        *ret_waiting = db_row_bool(&rows, 0, 1);
    return SP_DONE;
}

sp_status display_store_place(db_tx *tx, const display_viewer *viewer, int64_t id, int64_t *ret_device_id,
                              const char **ret_name)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DISPLAY_PLACE, DB_ARGS(db_int64(viewer->enterprise_id), db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DISPLAY_NOT_FOUND;
    *ret_device_id = db_row_int(&rows, 0, 0);
    st = display_store_device(tx, viewer, *ret_device_id, ret_name, NULL);
    return strcmp(st.reason, DEVICE_NOT_FOUND.reason) == 0 ? DISPLAY_NOT_FOUND : st;
}

sp_status display_plan_raise(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t *ret_version)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DISPLAY_PLAN_RAISE,
                            DB_ARGS(db_int64(enterprise_id), db_int64(device_id), db_int64(id_next())), &rows);

    if (!sp_failed(st))
        *ret_version = db_row_int(&rows, 0, 0);
    return st;
}

sp_status display_notify(db_tx *tx, int64_t device_id)
{
    return db_query(tx, SQL_DISPLAY_NOTIFY, DB_ARGS(db_int64(device_id)), NULL);
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

static void owner_of(char owner[40], int64_t picture_id)
{
    snprintf(owner, 40, "display:%lld", (long long)picture_id);
}

sp_status display_picture_erase(db_tx *tx, int64_t enterprise_id, int64_t picture_id)
{
    char owner[40];

    owner_of(owner, picture_id);
    return blob_erase(tx, enterprise_id, owner);
}

typedef struct {
    int64_t id, blob_id;
} kept_picture;

static sp_status picture_put(blob_store *blobs, db_tx *tx, int64_t enterprise_id, const photo_facts *facts,
                             kept_picture *ret)
{
    char owner[40];
    blob_item item = {owner, BLOB_PHOTO, facts->photo, facts->photo_size, 0};
    sp_status st;

    ret->id = id_next();
    owner_of(owner, ret->id);
    st = blob_put(blobs, tx, enterprise_id, &item, 1);
    ret->blob_id = item.id;
    return st;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* There is no room for more than a terminal keeps. */
static sp_status judge_counts(db_tx *tx, const display_viewer *viewer, int64_t device_id)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_COUNT, DB_ARGS(db_int64(viewer->enterprise_id), db_int64(device_id)), &rows);

    if (sp_failed(st))
        return st;
    if (db_row_int(&rows, 0, 0) > DISPLAYS_MAX)
        return TOO_MANY_DISPLAYS;
    return db_row_int(&rows, 0, 1) > DISPLAY_PEOPLE_MAX ? TOO_MANY_PEOPLE : SP_DONE;
}

/* Others lose what this one has from now on: the last one counts. */
static sp_status take_from_others(db_tx *tx, const display_viewer *viewer, const display_wish *wish, db_arg people,
                                  int64_t version)
{
    return db_query(tx, SQL_DISPLAY_TAKE_PEOPLE,
                    DB_ARGS(db_int64(viewer->enterprise_id), db_int64(wish->device_id), db_int64(version),
                            db_int64(wish->id), people, db_bool(wish->strangers)),
                    NULL);
}

static sp_status put_people(db_tx *tx, const display_viewer *viewer, const display_wish *wish, db_arg people)
{
    sp_status st =
        db_query(tx, SQL_DISPLAY_ADD_PEOPLE,
                 DB_ARGS(db_int64(viewer->enterprise_id), db_int64(wish->device_id), db_int64(wish->id), people), NULL);

    if (!sp_failed(st))
        st = judge_counts(tx, viewer, wish->device_id);
    return sp_failed(st) ? st : display_notify(tx, wish->device_id);
}

sp_status display_store_add(blob_store *blobs, db_tx *tx, const display_viewer *viewer, const display_wish *wish)
{
    const db_arg people = db_int64_array(db_tx_arena(tx), wish->person_ids, wish->person_count);
    kept_picture picture;
    int64_t version;
    sp_status st = display_plan_raise(tx, viewer->enterprise_id, wish->device_id, &version);

    if (!sp_failed(st))
        st = picture_put(blobs, tx, viewer->enterprise_id, wish->picture, &picture);
    if (!sp_failed(st))
        st = take_from_others(tx, viewer, wish, people, version);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_ADD,
                      DB_ARGS(db_int64(viewer->enterprise_id), db_int64(wish->id), db_int64(wish->device_id),
                              db_bool(wish->strangers), db_int16((int16_t)wish->seconds), db_int64(picture.id),
                              db_int64(picture.blob_id), db_int32(wish->picture->width),
                              db_int32(wish->picture->height), db_int64(version), db_time(viewer->now_ms)),
                      NULL);
    return sp_failed(st) ? st : put_people(tx, viewer, wish, people);
}

static sp_status replace_picture(blob_store *blobs, db_tx *tx, const display_viewer *viewer, const display_wish *wish,
                                 int64_t former_id)
{
    kept_picture picture;
    sp_status st = picture_put(blobs, tx, viewer->enterprise_id, wish->picture, &picture);

    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_SET_PICTURE,
                      DB_ARGS(db_int64(viewer->enterprise_id), db_int64(wish->id), db_int64(picture.id),
                              db_int64(picture.blob_id), db_int32(wish->picture->width),
                              db_int32(wish->picture->height)),
                      NULL);
    return sp_failed(st) ? st : display_picture_erase(tx, viewer->enterprise_id, former_id);
}

sp_status display_store_set(blob_store *blobs, db_tx *tx, const display_viewer *viewer, const display_wish *wish)
{
    const db_arg enterprise = db_int64(viewer->enterprise_id), id = db_int64(wish->id);
    const db_arg people = db_int64_array(db_tx_arena(tx), wish->person_ids, wish->person_count);
    int64_t version;
    db_rows rows = {0};
    sp_status st = display_plan_raise(tx, viewer->enterprise_id, wish->device_id, &version);

    if (!sp_failed(st))
        st = take_from_others(tx, viewer, wish, people, version);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_SET,
                      DB_ARGS(enterprise, id, db_bool(wish->strangers), db_int16((int16_t)wish->seconds),
                              db_int64(version), db_time(viewer->now_ms)),
                      &rows);
    if (!sp_failed(st) && rows.count == 0)
        return DISPLAY_NOT_FOUND;
    if (!sp_failed(st) && wish->picture)
        st = replace_picture(blobs, tx, viewer, wish, db_row_int(&rows, 0, 0));
    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_DROP_PEOPLE, DB_ARGS(enterprise, viewer->groups, id, viewer->kinds), NULL);
    return sp_failed(st) ? st : put_people(tx, viewer, wish, people);
}

sp_status display_store_delete(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id)
{
    int64_t version;
    db_rows rows;
    sp_status st = display_plan_raise(tx, viewer->enterprise_id, device_id, &version);

    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_DELETE, DB_ARGS(db_int64(viewer->enterprise_id), db_int64(id)), &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DISPLAY_NOT_FOUND;
    st = display_picture_erase(tx, viewer->enterprise_id, db_row_int(&rows, 0, 0));
    return sp_failed(st) ? st : display_notify(tx, device_id);
}
