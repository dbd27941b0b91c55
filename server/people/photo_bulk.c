#include "photo_bulk.h"

#include <string.h>

#include "id.h"
#include "server_people_sql.h"

enum { PARTS = 3, OWNER_SIZE = 40 }; /* picture, thumbnail, template */

sp_status photo_bulk_find(db_tx *tx, int64_t enterprise_id, db_arg groups, const char *const *numbers, size_t count,
                          int64_t *ret_ids)
{
    db_column wanted;
    db_rows rows;
    sp_status status;

    db_column_init(&wanted, db_tx_arena(tx), DB_COLUMN_TEXT);
    for (size_t i = 0; i < count; i++)
        db_column_text(&wanted, numbers[i]);
    status = db_query(tx, SQL_PHOTO_BULK_FIND, DB_ARGS(db_int64(enterprise_id), groups, db_column_arg(&wanted)), &rows);
    if (sp_failed(status))
        return status;
    memset(ret_ids, 0, count * sizeof *ret_ids);
    for (int row = 0; row < rows.count; row++)
        for (size_t i = 0; i < count; i++)
            if (db_row_bool(&rows, row, 2) && strcmp(db_row_text(&rows, row, 0), numbers[i]) == 0)
                ret_ids[i] = db_row_int(&rows, row, 1);
    return SP_DONE;
}

/* ---- Setting ----------------------------------------------------------------------------------------------------- */

typedef struct {
    blob_store *blobs;
    db_tx *tx;
    const photo_bringer *who;
    photo_of_person *photos;
    size_t count;
    db_column before; /* photos that go */
    size_t before_count;
} setting;

/* Tells who is still there and who had a photo. */
static sp_status people_lock(setting *s)
{
    db_column ids;
    db_rows rows;
    sp_status status;

    db_column_init(&ids, db_tx_arena(s->tx), DB_COLUMN_INT64);
    db_column_init(&s->before, db_tx_arena(s->tx), DB_COLUMN_INT64);
    for (size_t i = 0; i < s->count; i++) {
        db_column_int(&ids, s->photos[i].person_id);
        s->photos[i].change = PHOTO_NOBODY;
    }
    status = db_query(s->tx, SQL_PHOTO_BULK_LOCK,
                      DB_ARGS(db_int64(s->who->enterprise_id), s->who->groups, db_column_arg(&ids)), &rows);
    if (sp_failed(status))
        return status;
    for (int row = 0; row < rows.count; row++) {
        int64_t id = db_row_int(&rows, row, 0), photo_id = db_row_int(&rows, row, 1);

        for (size_t i = 0; i < s->count; i++)
            if (s->photos[i].person_id == id)
                s->photos[i].change = photo_id != 0 ? PHOTO_REPLACED : PHOTO_ADDED;
        if (photo_id != 0) {
            db_column_int(&s->before, photo_id);
            s->before_count++;
        }
    }
    return SP_DONE;
}

/* Of those who are there, in the order of photos. */
static sp_status bytes_put(const setting *s, blob_item **ret_items)
{
    arena *a = db_tx_arena(s->tx);
    blob_item *items = arena_array(a, s->count * PARTS, sizeof *items), *at = items;

    if (!items)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < s->count; i++) {
        const photo_facts *facts = s->photos[i].facts;
        const char *owner;

        if (s->photos[i].change == PHOTO_NOBODY)
            continue;
        owner = arena_printf(a, "person:%lld", (long long)s->photos[i].person_id);
        if (!owner)
            return OUT_OF_MEMORY;
        *at++ = (blob_item){owner, BLOB_PHOTO, facts->photo, facts->photo_size, 0};
        *at++ = (blob_item){owner, BLOB_PHOTO, facts->thumbnail, facts->thumbnail_size, 0};
        *at++ = (blob_item){owner, BLOB_PHOTO, facts->face_template, facts->face_template_size, 0};
    }
    *ret_items = items;
    return blob_put(s->blobs, s->tx, s->who->enterprise_id, items, (size_t)(at - items));
}

static sp_status rows_put(const setting *s, const blob_item *items)
{
    static const db_column_type types[] = {DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT64,
                                           DB_COLUMN_INT64, DB_COLUMN_TEXT,  DB_COLUMN_INT32, DB_COLUMN_INT32};
    enum { COLUMNS = sizeof types / sizeof *types };
    db_column columns[COLUMNS];
    db_arg args[3 + COLUMNS] = {db_int64(s->who->enterprise_id), db_int64(s->who->user_id), db_time(s->who->now_ms)};

    for (int i = 0; i < COLUMNS; i++)
        db_column_init(&columns[i], db_tx_arena(s->tx), types[i]);
    for (size_t i = 0; i < s->count; i++) {
        const photo_facts *facts = s->photos[i].facts;

        if (s->photos[i].change == PHOTO_NOBODY)
            continue;
        db_column_int(&columns[0], id_next());
        db_column_int(&columns[1], s->photos[i].person_id);
        for (int part = 0; part < PARTS; part++)
            db_column_int(&columns[2 + part], (items++)->id);
        db_column_text(&columns[5], facts->engine);
        db_column_int(&columns[6], facts->width);
        db_column_int(&columns[7], facts->height);
    }
    for (int i = 0; i < COLUMNS; i++)
        args[3 + i] = db_column_arg(&columns[i]);
    return db_query_n(s->tx, &SQL_PHOTO_BULK_SET, args, sizeof args / sizeof *args, NULL);
}

sp_status photo_bulk_set(blob_store *blobs, db_tx *tx, const photo_bringer *who, photo_of_person *photos, size_t count)
{
    setting s = {.blobs = blobs, .tx = tx, .who = who, .photos = photos, .count = count};
    blob_item *items = NULL;
    sp_status status = people_lock(&s);
    size_t there = 0;

    for (size_t i = 0; i < count; i++)
        there += photos[i].change != PHOTO_NOBODY;
    if (sp_failed(status) || there == 0)
        return status;
    status = bytes_put(&s, &items);
    if (!sp_failed(status))
        status = rows_put(&s, items);
    if (sp_failed(status) || s.before_count == 0)
        return status;
    return db_query(tx, SQL_PHOTO_BULK_REMOVE, DB_ARGS(db_int64(who->enterprise_id), db_column_arg(&s.before)), NULL);
}
