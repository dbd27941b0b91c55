/* The displays as a whole, and the end of those of deleted terminals. */
#include "displays.h"

#include <stdlib.h>

#include "displays_parts.h"
#include "server_displays_sql.h"

enum { SWEEP_BATCH = 100, SWEEP_ARENA = 256 << 10 };

server_displays *displays_new(const displays_options *options)
{
    server_displays *displays = calloc(1, sizeof *displays);

    if (!displays)
        return NULL;
    displays->options = *options;
    atomic_init(&displays->looks, 0);
    return displays;
}

void displays_free(server_displays *displays)
{
    free(displays);
}

/* One batch in a transaction of its own. */
static sp_status sweep(const server_displays *displays, arena *a, int *ret_count)
{
    db_rows rows = {0};
    db_tx *tx;
    sp_status st = db_begin(displays->options.system, 0, a, &tx);

    if (sp_failed(st))
        return st;
    st = db_query(tx, SQL_DISPLAY_SWEEP, DB_ARGS(db_int32(SWEEP_BATCH)), &rows);
    for (int i = 0; i < rows.count && !sp_failed(st); i++)
        st = display_picture_erase(tx, db_row_int(&rows, i, 0), db_row_int(&rows, i, 1));
    *ret_count = rows.count;
    return db_end(tx, st);
}

sp_status displays_sweep(server_displays *displays)
{
    int count = SWEEP_BATCH;
    sp_status st = SP_DONE;
    arena memory;

    arena_init(&memory, SWEEP_ARENA);
    while (!sp_failed(st) && count == SWEEP_BATCH) {
        st = sweep(displays, &memory, &count);
        arena_reset(&memory);
    }
    arena_done(&memory);
    return st;
}
