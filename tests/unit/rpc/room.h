/* The room: a small service with a hand-written table, the server that serves it on loopback, and what it has seen. */
#pragma once

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "room.pb-c.h"
#include "rpc.h"

typedef Room__V1__Note Note;
typedef Room__V1__Form Form;

#define NOTE_INIT ROOM__V1__NOTE__INIT
#define FORM_INIT ROOM__V1__FORM__INIT

enum { ROOM_ECHO, ROOM_ECHO_INLINE, ROOM_PLAY, ROOM_ABSENT, ROOM_COLLECT, ROOM_COUNT, ROOM_CHAT, ROOM_METHODS };

extern const rpc_service room_service;

/* Of this process, over all rooms. */
typedef struct {
    atomic_int begins, finishes, ends;
    atomic_int played;
    atomic_int opens, messages, half_closes, writables, cancels, dones;
    atomic_int on_cancels;
    atomic_int last_outcome;    /* code that the last `end` was given */
    _Atomic(rpc_stream *) held; /* a stream that a handler was told to hold */
} room_sight;

extern room_sight seen;

/* Handlers also run in a program without Check, and outside of the thread that Check listens to. */
#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition);                                   \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* What the service is registered with. */
extern const rpc_binding room_binding;

typedef struct {
    rpc_server *server;
    int port;
    char target[64];
} room;

/* Options may be NULL. Fails the test when the server does not start. */
void room_open(room *r, const rpc_server_options *options);
void room_close(room *r);

/* A server with the room's service and interceptor, neither bound nor started. */
rpc_server *room_server(const rpc_server_options *options);

rpc_client *room_client(const room *r);
rpc_client *room_client_to(const char *target);

/* One call of Play; the reply's text is malloc's when ret_text is not NULL. */
sp_status room_play(rpc_client *client, const char *name, int64_t number, const rpc_options *options, char **ret_text,
                    rpc_answer *answer);

/* True when the number is reached within five seconds. */
bool room_sees(atomic_int *count, int at_least);
void sleep_ms(int ms);
