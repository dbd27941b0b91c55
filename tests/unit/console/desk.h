/* A server with the console on loopback, and users of it who are signed in. One test at a time. */
#pragma once

#include "console_parts.h"
#include "smartpass/v1/console.client.h"
#include "smartpass/v1/console.names.h"
#include "world.h"

extern server_console *desk_console;
extern db_pool *desk_app, *desk_system;

/* Fixtures of a test case. */
void desk_up(void);
void desk_down(void);

/* Somebody of the enterprise, signed in from now on. */
typedef struct {
    char bearer[64];
    char token_hash[65];
    rpc_metadatum metadata;
    rpc_options options;
} desk_user;
void desk_sign_in(desk_user *user, int64_t enterprise_id);
void desk_sign_out(const desk_user *user);

extern rpc_client *desk_client;

/* A stream of events, open when it returns. */
typedef console_watch_events_client desk_watch;
desk_watch *desk_watch_from(const desk_user *user, int64_t enterprise_id, const char *last_event_id);

/* The next event that is no heartbeat; it lives until the test ends. NULL at the end of the stream. */
const Event *desk_next(desk_watch *watch);

/* The same with heartbeats. */
const Event *desk_next_of_all(desk_watch *watch);

/* How the stream ended: the reason, "" for OK; the text lives until the next call. */
const char *desk_end(desk_watch *watch);

/* Hangs up, and returns when the server has seen it. */
void desk_leave(desk_watch *watch);

/* Puts a device event on the bus, whose id tells it from others and whose name has so many bytes. */
void desk_publish(int64_t enterprise_id, int64_t number, size_t name_size);
