/* The people as a whole: what they are made of, and the end of photos that nobody wanted. */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "erasure_parts.h"
#include "server_people_sql.h"

enum { SWEEP_BATCH = 100 };

server_people *people_new(const people_options *options)
{
    server_people *people = calloc(1, sizeof *people);

    if (!people)
        return NULL;
    people->options = *options;
    pthread_mutex_init(&people->noting, NULL);
    people->checks = lanes_new(options->check_photo_threads > 0 ? options->check_photo_threads : 2);
    people->duplicates = duplicate_finder_new(options->app, options->blobs);
    if (options->erasures)
        people->erasures = erasure_list_new(options->erasures, options->node, blob_store_master_key(options->blobs));
    if (!people->checks || !people->duplicates || (options->erasures && !people->erasures)) {
        people_free(people);
        return NULL;
    }
    return people;
}

void people_free(server_people *people)
{
    if (!people)
        return;
    lanes_free(people->checks);
    duplicate_finder_free(people->duplicates);
    erasure_list_free(people->erasures);
    pthread_mutex_destroy(&people->noting);
    free(people);
}

/* One batch in a transaction of its own. */
static sp_status sweep(const server_people *people, arena *a, int *ret_count)
{
    db_rows rows = {0};
    db_tx *tx;
    sp_status status = db_begin(people->options.system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_PHOTO_SWEEP, DB_ARGS(db_time(clock_now_ms()), db_int32(SWEEP_BATCH)), &rows);
    for (int i = 0; i < rows.count && !sp_failed(status); i++) {
        char owner[40];

        snprintf(owner, sizeof owner, "upload:%lld", (long long)db_row_int(&rows, i, 1));
        status = blob_erase(tx, db_row_int(&rows, i, 0), owner);
    }
    *ret_count = rows.count;
    return db_end(tx, status);
}

static sp_status photos_sweep(const server_people *people)
{
    int count = SWEEP_BATCH;
    arena memory;
    sp_status status = SP_DONE;

    arena_init(&memory, 1024 * 1024);
    while (!sp_failed(status) && count == SWEEP_BATCH) {
        status = sweep(people, &memory, &count);
        arena_reset(&memory);
    }
    arena_done(&memory);
    return status;
}

sp_status people_sweep(server_people *people)
{
    sp_status status = sp_first_failure(erasure_note(people), employment_sweep(people));

    duplicates_sweep(people->duplicates);
    return sp_first_failure(status, photos_sweep(people));
}
