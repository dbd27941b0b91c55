/* Whole lists of people, batch by batch, for whoever writes them elsewhere. */
#pragma once

#include "person_store.h"

typedef struct {
    person who;              /* without section, photo and host */
    const char *host_number; /* of a visitor's host; "" for none, and for one who is not seen */
} listed_person;

/* By number, those after the given one; after NULL: from the start. In tx's arena; fewer than max: there are no more.
 */
sp_status people_export_batch(db_tx *tx, const people_scope *scope, const people_filter *filter,
                              const listed_person *after, int max, listed_person **ret_people,
                              size_t *ret_count) SP_MUST_USE;

/* All of them, however many. */
sp_status people_export_count(db_tx *tx, const people_scope *scope, const people_filter *filter,
                              int64_t *ret_count) SP_MUST_USE;
