/* The console: the figures of the day, and what happens now, pushed to whoever watches. */
#pragma once

#include "db.h"
#include "rpc.h"

typedef struct server_console server_console;

typedef struct {
    db_pool *app;
    int attend_ms; /* how often an open stream's caller is checked anew, and told that it is open; 0: 20 000 */
} console_options;

/* NULL when memory or threads are out. */
server_console *console_new(const console_options *options);
void console_register(server_console *console, rpc_server *server);

/* After the rpc server has stopped, and after everything that notes events has. */
void console_free(server_console *console);

/* Something happened and is committed: whoever watches the enterprise hears of it, read anew from the database on the
 * console's own thread. They never block, and cost nothing when nobody watches. [any thread] */
void console_note_pass(server_console *console, int64_t enterprise_id, int64_t pass_id);
void console_note_snapshot(server_console *console, int64_t enterprise_id, int64_t pass_id);
void console_note_device(server_console *console, int64_t enterprise_id, int64_t device_id);
void console_note_grants(server_console *console, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids,
                         size_t count);
void console_note_alarm(server_console *console, int64_t enterprise_id, int64_t alarm_id);

/* The same, for those watchers alone who may see it. */
void console_note_operation(server_console *console, int64_t enterprise_id, int64_t operation_id);
