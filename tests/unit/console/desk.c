#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "log.h"
#include "session.h"
#include "text.h"
#include "token.h"

server_console *desk_console;
db_pool *desk_app, *desk_system;
rpc_client *desk_client;

static session_server *sessions;
static rpc_server *server;
static arena memory;

void desk_up(void)
{
    char target[32];
    int port;

    log_set_level(LOG_ERROR); /* refusals are what some tests want */
    arena_init(&memory, 256 << 20);
    desk_app = fixture_pool(DB_APP, 4);
    desk_system = fixture_pool(DB_SYSTEM, 4);
    sessions = session_new(&(session_options){.app = desk_app, .system = desk_system});
    desk_console = console_new(&(console_options){.app = desk_app, .attend_ms = 300});
    server = rpc_server_new(&(rpc_server_options){
        .workers = 4,
        .interceptors = (const rpc_interceptor[]){session_interceptor(sessions)},
        .interceptor_count = 1,
    });
    ck_assert(sessions && desk_console && server);
    console_register(desk_console, server);
    assert_done(rpc_server_listen(server, &(rpc_listener){.id = LISTENER_PUBLIC, .address = "127.0.0.1:0"}, &port));
    assert_done(rpc_server_start(server));
    snprintf(target, sizeof target, "127.0.0.1:%d", port);
    desk_client = rpc_client_new(&(rpc_client_options){.target = target});
    ck_assert_ptr_nonnull(desk_client);
}

void desk_down(void)
{
    rpc_client_free(desk_client);
    rpc_server_stop(server, 200);
    console_free(desk_console);
    session_free(sessions);
    rpc_server_free(server);
    db_pool_free(desk_app);
    db_pool_free(desk_system);
    arena_done(&memory);
}

void desk_sign_in(desk_user *user, int64_t enterprise_id)
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[SHA256_SIZE];
    long long e = (long long)enterprise_id;

    assert_done(token_new(token, hash));
    snprintf(user->bearer, sizeof user->bearer, "Bearer %s", token);
    hex_encode(hash, sizeof hash, user->token_hash);
    fixture_sql("INSERT INTO app_user VALUES (%lld, %lld, %lld, 'user-%.20s', '', false, false, true, now(), '', true);"
                "INSERT INTO session VALUES ('\\x%s', %lld, %lld, now(), now(), now() + interval '1 hour', '', '', "
                "(random() * 1e15)::bigint)",
                e, e, e, user->token_hash, user->token_hash, e, e);
    user->metadata = (rpc_metadatum){"authorization", user->bearer};
    user->options = (rpc_options){.metadata = &user->metadata, .metadata_count = 1};
}

void desk_sign_out(const desk_user *user)
{
    fixture_sql("DELETE FROM session WHERE token_sha256 = '\\x%s'", user->token_hash);
}

/* ---- Watching ------------------------------------------------------------------------------------------------------
 */

/* 0: of all. */
static int watchers_of(int64_t enterprise_id)
{
    size_t count;
    console_watch_events_stream **streams = event_bus_hold_all(desk_console->bus, &count);
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        found +=
            enterprise_id == 0 || call_caller(console_watch_events_call(streams[i]))->enterprise_id == enterprise_id;
        console_watch_events_release(streams[i]);
    }
    free(streams);
    return found;
}

desk_watch *desk_watch_from(const desk_user *user, int64_t enterprise_id, const char *last_event_id)
{
    WatchEventsRequest request = WATCH_EVENTS_REQUEST_INIT;
    int before = watchers_of(enterprise_id);
    desk_watch *watch;

    request.last_event_id = (char *)last_event_id;
    watch = console_watch_events_client_open(desk_client, &user->options, &request);
    ck_assert_ptr_nonnull(watch);
    for (int i = 0; i < 1000 && watchers_of(enterprise_id) == before; i++)
        usleep(5000);
    ck_assert_int_eq(watchers_of(enterprise_id), before + 1);
    return watch;
}

static void message_free(void *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}

const Event *desk_next_of_all(desk_watch *watch)
{
    Event *event = console_watch_events_client_read(watch);

    if (event)
        ck_assert(arena_on_release(&memory, message_free, event));
    return event;
}

const Event *desk_next(desk_watch *watch)
{
    const Event *event;

    do
        event = desk_next_of_all(watch);
    while (event && event->event_case == SMARTPASS__V1__EVENT__EVENT_HEARTBEAT);
    return event;
}

const char *desk_end(desk_watch *watch)
{
    static char reason[64];
    rpc_answer answer;
    sp_status status;

    while (desk_next(watch))
        continue;
    status = console_watch_events_client_finish(watch, &answer);
    snprintf(reason, sizeof reason, "%s", sp_failed(status) ? status.reason : "");
    rpc_answer_done(&answer);
    return reason;
}

void desk_leave(desk_watch *watch)
{
    int before = watchers_of(0);

    console_watch_events_client_cancel(watch);
    desk_end(watch);
    while (watchers_of(0) >= before)
        usleep(2000);
}

void desk_publish(int64_t enterprise_id, int64_t number, size_t name_size)
{
    static char name[4096];
    Event event = EVENT_INIT;
    Smartpass__V1__Device device = SMARTPASS__V1__DEVICE__INIT;

    memset(name, 'n', name_size);
    name[name_size] = '\0';
    device.id = number;
    device.name = name;
    event.event_case = SMARTPASS__V1__EVENT__EVENT_DEVICE;
    event.device = &device;
    event_bus_publish(desk_console->bus, &(event_audience){.enterprise_id = enterprise_id}, &event);
}
