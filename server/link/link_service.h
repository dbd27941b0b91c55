/* The device link: enrolment, and the terminals that are connected to this server now. */
#pragma once

#include "authority.h"
#include "blobs.h"
#include "db.h"
#include "ingest.h"
#include "people.h"
#include "rpc.h"

typedef struct server_link server_link;
struct server_displays;
struct server_packages;

/* What higher domains want to hear of; called on the link's own threads, after the COMMIT. Any may be NULL. */
typedef struct {
    void *arg;
    void (*device_changed)(void *arg, int64_t enterprise_id, int64_t device_id);
    void (*grants_changed)(void *arg, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids,
                           size_t count);
    void (*snapshot_stored)(void *arg, int64_t enterprise_id, int64_t pass_id);
} link_hooks;

/* Checks a web account's name and password for enrolment, with the lockout of a login (session domain). */
typedef sp_status (*link_check_account)(void *arg, rpc_call *call, const char *username, const char *password,
                                        int64_t *ret_enterprise_id, int64_t *ret_group_id);

typedef struct {
    db_pool *system;
    ingest *in;
    blob_store *blobs;
    server_people *people;            /* takes the photos that terminals take for a form; lives longer than the link */
    struct server_packages *packages; /* what terminals are offered; lives longer than the link */
    struct server_displays *displays; /* what terminals show; lives longer than the link */
    const authority *ca;
    const char *listen_conninfo; /* for the connection that hears of changes; as the system pool's */
    int heartbeat_seconds;       /* 0: 20 */
    link_check_account check_account;
    void *check_account_arg;
    link_hooks hooks;
} link_options;

/* Options are copied, what they point to is borrowed. NULL when memory or threads are out. */
server_link *link_new(const link_options *options);
void link_register(server_link *link, rpc_server *server);

/* After the rpc server has stopped and ingest has ended. */
void link_free(server_link *link);

/* Something that the terminal should have has changed and is committed: people or settings. Costs nothing when it is
 * not connected here. [any thread] */
void link_poke(server_link *link, int64_t device_id);

/* Ends the stream of a terminal that is connected here. [any thread] */
void link_cut(server_link *link, int64_t device_id, sp_status why);
