/* A server of the room's service whose handlers take no memory but the call's own, and a client of it: what fails
 * between the two is the runtime. */
#pragma once

#include "room.h"

typedef struct {
    rpc_server *server;
    rpc_client *client;
    char target[64];
    int workers; /* of the next server; 0: one, so that allocations come in nearly the same order each time */
} hut_place;

extern hut_place hut;

/* Who needs longer has hung. */
enum { HUT_PATIENCE_MS = 20000 };
extern const rpc_options hut_options;

/* A server with the service registered, reflection on and every interceptor there is; NULL when memory is out. One
 * server at a time. */
rpc_server *hut_server_new(void);
void hut_server_free(rpc_server *server); /* NULL is nothing */

/* Asks the server for its figures. */
sp_code hut_read_metrics(void);

/* A client with an interceptor that adds metadata to every call; NULL when memory is out. The target is set, and what
 * else the options have. */
rpc_client *hut_client_new(const rpc_client_options *options);

/* The server serves over TCP and the client is connected. Ends the program when it does not work. */
void hut_open(void);
void hut_close(void);

/* One call to the worker, one inline and one of each kind of stream are served by a client and a server that have gone
 * through want of memory. False, with the reason on stderr, when one is not. */
bool hut_works(rpc_client *client);
bool hut_still_works(void); /* the same of the hut's own client */

/* An alloc_scenario: something that is called in the open hut. */
#define HUT_CALL(name_, expected_, run_)                                                                               \
    {                                                                                                                  \
        .name = name_, .expected = expected_, .open = hut_open, .close = hut_close, .run = run_,                       \
        .works = hut_still_works,                                                                                      \
    }

/* Calls, each of which judges its reply: SP_DATA_LOSS is a wrong one. */
sp_code hut_echo(rpc_client *client, int slot);
sp_code hut_play(rpc_client *client, const char *name, const rpc_options *options);
sp_code hut_collect(rpc_client *client);
sp_code hut_count(rpc_client *client, int64_t notes);
sp_code hut_chat(rpc_client *client);

/* Bytes as they are, to any method; messages that come back are thrown away. */
sp_code hut_deliver(rpc_client *client, const char *path, const void *bytes, size_t size);
