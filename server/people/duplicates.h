/* Inside server/people: whose photos show the same face as a new one. Templates lie sealed on the disk, so each
 * enterprise's are kept opened in memory while photos are being uploaded: made at first need, brought up to date at
 * each, dropped when nobody uploads any more or others need the room. All functions: [any thread]. */
#pragma once

#include "people.h"
#include "smartpass/v1/people.pb-c.h"

typedef struct duplicate_finder duplicate_finder;

/* NULL when memory is out. */
duplicate_finder *duplicate_finder_new(db_pool *app, blob_store *blobs);
void duplicate_finder_free(duplicate_finder *finder); /* NULL is fine */

/* Who will be told. */
typedef struct {
    int64_t enterprise_id;
    int64_t group_id; /* whose subtree he sees */
    int64_t tree_version;
    const int64_t *kinds; /* of people whom he may view */
    size_t kind_count;
} duplicate_viewer;

/* Fills in photo->duplicates, in the arena. A warning only: an enterprise with very many photos may take several
 * uploads until all are compared, and what fails is logged. Blocks. */
void duplicates_find(duplicate_finder *finder, arena *a, const duplicate_viewer *viewer, const photo_facts *facts,
                     Smartpass__V1__Photo *photo);

/* Drops what nobody has used for a while. */
void duplicates_sweep(duplicate_finder *finder);
