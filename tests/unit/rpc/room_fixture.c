/* The room's interceptor, and servers and clients of it for tests. */
#include <string.h>
#include <time.h>

#include "room.h"

SP_STATUS(NOT_ADMITTED, SP_UNAUTHENTICATED, "The room is closed to you.");
SP_STATUS(PLAY_LOST, SP_ABORTED, "The answer was changed on its way out.");

room_sight seen;

void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

bool room_sees(atomic_int *count, int at_least)
{
    for (int i = 0; i < 500; i++) {
        if (atomic_load(count) >= at_least)
            return true;
        sleep_ms(10);
    }
    return false;
}

static sp_status begin(void *self, rpc_call *call)
{
    EXPECT(self == &seen);
    atomic_fetch_add(&seen.begins, 1);
    rpc_call_set_context(call, strdup(rpc_call_method(call)->name));
    return rpc_call_metadata(call, "x-stranger") != NULL ? NOT_ADMITTED : SP_DONE;
}

static sp_status finish(void *self, rpc_call *call, sp_status outcome)
{
    const char *lose = rpc_call_metadata(call, "x-lose");

    (void)self;
    atomic_fetch_add(&seen.finishes, 1);
    return lose != NULL ? PLAY_LOST : outcome;
}

static void end(void *self, rpc_call *call, sp_status outcome)
{
    (void)self;
    free(rpc_call_context(call));
    rpc_call_set_context(call, NULL);
    atomic_store(&seen.last_outcome, outcome.code);
    atomic_fetch_add(&seen.ends, 1);
}

rpc_server *room_server(const rpc_server_options *options)
{
    rpc_server_options filled = options != NULL ? *options : (rpc_server_options){.workers = 4};

    const rpc_interceptor own = {.self = &seen, .begin = begin, .finish = finish, .end = end};
    rpc_interceptor chain[8];

    /* The test's own come first, the room's last. */
    EXPECT(filled.interceptor_count < 8);
    for (size_t i = 0; i < filled.interceptor_count; i++)
        chain[i] = filled.interceptors[i];
    chain[filled.interceptor_count++] = own;
    filled.interceptors = chain;

    rpc_server *server = rpc_server_new(&filled);

    EXPECT(server != NULL);
    rpc_server_register(server, &room_service, &room_binding);
    return server;
}

void room_open(room *r, const rpc_server_options *options)
{
    const rpc_listener listener = {.id = 7, .address = "127.0.0.1:0"};

    r->server = room_server(options);
    EXPECT(rpc_server_listen(r->server, &listener, &r->port).code == SP_OK);
    EXPECT(r->port > 0);
    snprintf(r->target, sizeof r->target, "127.0.0.1:%d", r->port);
    EXPECT(rpc_server_start(r->server).code == SP_OK);
}

void room_close(room *r)
{
    rpc_server_free(r->server);
}

rpc_client *room_client_to(const char *target)
{
    rpc_client *client = rpc_client_new(&(rpc_client_options){.target = target});

    EXPECT(client != NULL);
    return client;
}

rpc_client *room_client(const room *r)
{
    return room_client_to(r->target);
}

sp_status room_play(rpc_client *client, const char *name, int64_t number, const rpc_options *options, char **ret_text,
                    rpc_answer *answer)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    ProtobufCMessage *reply = NULL;

    form.name = (char *)name;
    form.note = &note;
    note.number = number;

    sp_status status = rpc_client_call(client, &room_service.methods[ROOM_PLAY], options, &form.base, &reply, answer);

    if (!sp_failed(status)) {
        if (ret_text != NULL)
            *ret_text = strdup(((Note *)reply)->text);
        protobuf_c_message_free_unpacked(reply, NULL);
    }
    return status;
}
