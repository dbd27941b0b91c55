#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "people_parts.h"
#include "server_people_sql.h"

server_people *people_new(const people_options *options)
{
    server_people *people = calloc(1, sizeof *people);

    if (!people)
        return NULL;
    people->options = *options;
    people->checks = lanes_new(options->check_photo_threads > 0 ? options->check_photo_threads : 2);
    if (!people->checks) {
        free(people);
        return NULL;
    }
    return people;
}

void people_free(server_people *people)
{
    if (!people)
        return;
    lanes_free(people->checks);
    free(people);
}

static sp_status sweep(db_tx *tx)
{
    db_rows rows = {0};
    sp_status status = db_query(tx, SQL_PHOTO_SWEEP, DB_ARGS(db_time(clock_now_ms())), &rows);

    for (int i = 0; i < rows.count && !sp_failed(status); i++) {
        char owner[40];

        snprintf(owner, sizeof owner, "upload:%lld", (long long)db_row_int(&rows, i, 1));
        status = blob_erase(tx, db_row_int(&rows, i, 0), owner);
    }
    return status;
}

sp_status people_sweep(server_people *people)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, 1024 * 1024);
    status = db_begin(people->options.system, 0, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, sweep(tx));
    arena_done(&memory);
    return status;
}
