/* Photos: rows and sealed bytes. Until a person claims it, a photo's bytes lie under a key of its own; claiming seals
 * them anew under the person's, so that erasing the person's key erases them. */
#pragma once

#include "people.h"

enum { PHOTO_CLAIM_MS = 60 * 60 * 1000 };

SP_STATUS(PHOTO_NOT_FOUND, SP_NOT_FOUND, "There is no such photo, or the caller does not see it.");

typedef struct {
    int64_t enterprise_id;
    int64_t uploaded_by;
    const photo_facts *facts;
    int64_t now_ms;
} new_photo;

sp_status photo_store_add(blob_store *blobs, db_tx *tx, const new_photo *photo, int64_t *ret_id);

/* PHOTO_NOT_FOUND when it does not exist, has expired, is another person's, or another user than user_id uploaded it.
 */
sp_status photo_store_claim(blob_store *blobs, db_tx *tx, int64_t enterprise_id, int64_t photo_id, int64_t person_id,
                            int64_t user_id, int64_t now_ms);

/* The person's photo becomes photo_id (claimed; 0: none); the one before, if any, is removed. */
sp_status photo_store_replace(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t before_id, int64_t photo_id);

/* Who looks at a photo. */
typedef struct {
    int64_t enterprise_id;
    int64_t user_id; /* sees his own unclaimed photos */
    db_arg groups;   /* of org_scope */
    db_arg kinds;    /* of people whom he may view, as numbers */
    int64_t now_ms;
} photo_viewer;

/* In tx's arena. */
sp_status photo_store_read(blob_store *blobs, db_tx *tx, const photo_viewer *viewer, int64_t photo_id, bool thumbnail,
                           const uint8_t **ret_bytes, size_t *ret_size);
