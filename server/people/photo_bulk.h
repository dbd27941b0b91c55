/* Photos of a few dozen employees at once, for whoever has looked at them already. All run in tx (role app). */
#pragma once

#include "people.h"

/* Whom of groups (of org_scope) these numbers are: ret_ids in the order of numbers, 0 where there is no such employee.
 */
sp_status photo_bulk_find(db_tx *tx, int64_t enterprise_id, db_arg groups, const char *const *numbers, size_t count,
                          int64_t *ret_ids) SP_MUST_USE;

typedef enum { PHOTO_NOBODY, PHOTO_ADDED, PHOTO_REPLACED } photo_change;

typedef struct {
    int64_t person_id; /* each once */
    const photo_facts *facts;
    photo_change change; /* set: nobody when there is no such employee any more */
} photo_of_person;

typedef struct {
    int64_t enterprise_id;
    db_arg groups;   /* of org_scope */
    int64_t user_id; /* who brought them */
    int64_t now_ms;
} photo_bringer;

/* Gives every employee his photo in place of the one he has, sealed under his key at once: one write to the disk and a
 * few statements for all. People are locked until tx ends. The caller lets terminals hear of whose photo changed
 * (people_hooks), last. */
sp_status photo_bulk_set(blob_store *blobs, db_tx *tx, const photo_bringer *who, photo_of_person *photos,
                         size_t count) SP_MUST_USE;
