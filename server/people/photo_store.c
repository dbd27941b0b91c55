#include "photo_store.h"

#include <stdio.h>

#include "id.h"
#include "server_people_sql.h"

enum { PARTS = 3 }; /* picture, thumbnail, template */

static void upload_owner(char owner[40], int64_t photo_id)
{
    snprintf(owner, 40, "upload:%lld", (long long)photo_id);
}

sp_status photo_store_add(blob_store *blobs, db_tx *tx, const new_photo *photo, int64_t *ret_id)
{
    const photo_facts *facts = photo->facts;
    int64_t id = id_next();
    char owner[40];
    blob_item parts[PARTS] = {
        {owner, BLOB_PHOTO, facts->photo, facts->photo_size, 0},
        {owner, BLOB_PHOTO, facts->thumbnail, facts->thumbnail_size, 0},
        {owner, BLOB_PHOTO, facts->face_template, facts->face_template_size, 0},
    };
    sp_status status;

    upload_owner(owner, id);
    status = blob_put(blobs, tx, photo->enterprise_id, parts, PARTS);
    if (!sp_failed(status))
        status = db_query(tx, SQL_PHOTO_ADD,
                          DB_ARGS(db_int64(photo->enterprise_id), db_int64(id), db_int64(parts[0].id),
                                  db_int64(parts[1].id), db_int64(parts[2].id), db_text(facts->engine),
                                  db_int32(facts->width), db_int32(facts->height), db_int64(photo->uploaded_by),
                                  db_time(photo->now_ms), db_time(photo->now_ms + PHOTO_CLAIM_MS)),
                          NULL);
    if (!sp_failed(status))
        *ret_id = id;
    return status;
}

sp_status photo_store_claim(blob_store *blobs, db_tx *tx, int64_t enterprise_id, int64_t photo_id, int64_t person_id,
                            int64_t user_id, int64_t now_ms)
{
    char owner[40];
    blob_item parts[PARTS];
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_PHOTO_LOCK_UNCLAIMED,
                 DB_ARGS(db_int64(enterprise_id), db_int64(photo_id), db_time(now_ms), db_int64(user_id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return PHOTO_NOT_FOUND;
    snprintf(owner, sizeof owner, "person:%lld", (long long)person_id);
    for (int i = 0; i < PARTS; i++) {
        const uint8_t *bytes;

        parts[i] = (blob_item){.owner = owner, .kind = BLOB_PHOTO};
        status = blob_get(blobs, tx, enterprise_id, db_row_int(&rows, 0, i), &bytes, &parts[i].size);
        if (sp_failed(status))
            return status;
        parts[i].bytes = bytes;
    }
    status = blob_put(blobs, tx, enterprise_id, parts, PARTS);
    if (!sp_failed(status))
        status = db_query(tx, SQL_PHOTO_CLAIM,
                          DB_ARGS(db_int64(enterprise_id), db_int64(photo_id), db_int64(person_id),
                                  db_int64(parts[0].id), db_int64(parts[1].id), db_int64(parts[2].id)),
                          NULL);
    upload_owner(owner, photo_id);
    return sp_failed(status) ? status : blob_erase(tx, enterprise_id, owner);
}

sp_status photo_store_replace(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t before_id, int64_t photo_id)
{
    sp_status status =
        db_query(tx, SQL_PERSON_SET_PHOTO,
                 DB_ARGS(db_int64(enterprise_id), db_int64(person_id), db_int64_or_null(photo_id)), NULL);

    if (sp_failed(status) || before_id == 0)
        return status;
    return db_query(tx, SQL_PHOTO_REMOVE, DB_ARGS(db_int64(enterprise_id), db_int64(before_id)), NULL);
}

sp_status photo_store_read(blob_store *blobs, db_tx *tx, const photo_viewer *viewer, int64_t photo_id, bool thumbnail,
                           const uint8_t **ret_bytes, size_t *ret_size)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PHOTO_FIND,
                                DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(photo_id),
                                        db_int64(viewer->user_id), db_time(viewer->now_ms), viewer->kinds),
                                &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return PHOTO_NOT_FOUND;
    return blob_get(blobs, tx, viewer->enterprise_id, db_row_int(&rows, 0, thumbnail ? 1 : 0), ret_bytes, ret_size);
}
