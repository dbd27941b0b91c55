/* What the files of the console share. */
#pragma once

#include "console.h"
#include <pthread.h>

#include "event_bus.h"
#include "lanes.h"
#include "ticker.h"

typedef struct console_note console_note;

enum { OPEN_NOTES = 64 };

struct server_console {
    console_options options;
    event_bus *bus;
    lanes *readers;
    ticker *ticker;
    pthread_mutex_t lock;           /* of all below */
    int waiting;                    /* notes that no reader has taken */
    console_note *open[OPEN_NOTES]; /* by enterprise: waiting notes that take more passes */
};

/* ---- console_scope.c --------------------------------------------------------------------------------------------- */

/* What somebody who begins to watch sees. */
sp_status console_scope_find(server_console *console, int64_t enterprise_id, int64_t user_id,
                             event_scope **ret_scope) SP_MUST_USE;

/* Before events are published that tx has read: every watcher of the enterprise sees by the tree as it is now. After a
 * failure nothing may be published. */
sp_status console_scopes_follow(server_console *console, db_tx *tx, int64_t enterprise_id) SP_MUST_USE;

/* Finds out that the watcher's user was placed elsewhere. */
void console_scope_attend(server_console *console, console_watch_events_stream *stream);
