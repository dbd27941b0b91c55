/* What the files of the link share: the link itself, its statuses, and the steps of a stream. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "lanes.h"
#include "link_service.h"
#include "registry.h"
#include "snapshot_shelf.h"
#include "smartpass/link/v1/link.names.h"

/* Photos for forms that are in memory, and those of them that are being looked at (captures.c). */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t idle; /* no photo is being looked at */
    int checks;
    atomic_int pictures;
} capture_desk;

/* Pictures of screens that are arriving, and the terminals that somebody looks at (screens.c). */
typedef struct {
    struct ticker *looks;
    atomic_int pictures;
    atomic_int watched;
} screen_desk;

struct server_link {
    link_options options;
    registry *terminals;
    lanes *lanes;
    snapshot_shelf *shelf;
    struct presence *presence;
    struct change_listener *listener;
    capture_desk captures;
    screen_desk screens;
    struct log_meters *logs;
};

SP_STATUS(LINK_REPLACED, SP_ABORTED, "The terminal has opened another stream.");
SP_STATUS(LINK_HELLO_EXPECTED, SP_FAILED_PRECONDITION, "The first message of a stream is Hello, and only the first.");
SP_STATUS(LINK_EPOCH_UNKNOWN, SP_INVALID_ARGUMENT, "Records belong to the store epoch of the stream's Hello.");
SP_STATUS(LINK_EPOCH_OUT_OF_RANGE, SP_INVALID_ARGUMENT, "A store epoch is at least 1 and below 2 to the power of 31.");
SP_STATUS(LINK_RECORDS_UNORDERED, SP_INVALID_ARGUMENT, "Records come in ascending order, from 1.");
SP_STATUS(LINK_SERVER_BUSY, SP_UNAVAILABLE, "The server cannot take more at the moment; connect again later.");
SP_STATUS(LINK_TERMINAL_SLOW, SP_RESOURCE_EXHAUSTED, "The terminal does not read what it is sent.");
SP_STATUS(LINK_DEVICE_ELSEWHERE, SP_PERMISSION_DENIED,
          "The terminal with this serial number belongs to a group that the account does not see.");
SP_STATUS(LINK_NO_MEMORY, SP_RESOURCE_EXHAUSTED, "Memory is out.");
SP_STATUS(LINK_WIPE_ORDERED, SP_ABORTED, "The terminal was given to another enterprise; clear it and connect again.");
SP_STATUS(LINK_DEVICE_MOVED, SP_ABORTED, "The terminal was given to another enterprise; connect again.");
SP_STATUS(LINK_DEVICE_DELETED, SP_PERMISSION_DENIED, "The terminal was deleted; enrol it anew.");

/* Handlers of messages, on the terminal's lane; what they are given lives until they return. */
void greet_terminal(terminal *t, arena *a, const ConnectRequest *request);
void feed_outcomes(terminal *t, arena *a, const ConnectRequest *request);
void feed_photo(terminal *t, arena *a, const ConnectRequest *request);
void setting_outcomes(terminal *t, arena *a, const ConnectRequest *request);
void snapshot_part(terminal *t, arena *a, const ConnectRequest *request);
void capture_reported(terminal *t, arena *a, const ConnectRequest *request);
void capture_part(terminal *t, arena *a, const ConnectRequest *request);
void order_reported(terminal *t, arena *a, const ConnectRequest *request);

/* A word of the link: capital letters, digits and underscores. */
bool is_word(const char *text);

void display_asked(terminal *t, arena *a, const ConnectRequest *request);
void display_reported(terminal *t, arena *a, const ConnectRequest *request);

void package_asked(terminal *t, arena *a, const ConnectRequest *request);
void package_reported(terminal *t, arena *a, const ConnectRequest *request);

/* On the queue's thread: never blocks. */
void take_records(terminal *t, const RecordBatch *batch);

/* Sends the next changes of the people feed when none is under way. On the lane. */
void feed_next(terminal *t);

/* Sends whatever the terminal should have and has not been sent yet; to one that waits to be accepted nothing. Ends the
 * stream of one that is not ours any more. On the lane. */
void terminal_catch_up(terminal *t);

/* Sends the next settings that the terminal should have, when none are under way. On the lane. */
void settings_next(terminal *t);

/* Tells the terminal about the photo that somebody wants of it, or does not want any more; after settings_next, which
 * has read of it. On the lane. */
void capture_next(terminal *t);

/* Sends the pass display that the terminal should have, when it has another one; after settings_next, which has read of
 * it (displays.c). On the lane. */
void display_next(terminal *t);

/* Offers the terminal the package that it should install, or takes the offer back (package_feed.c). On the lane. */
void package_next(terminal *t);

/* Drops what is known of the offer. */
void package_forget(terminal *t);

/* Tells the terminal what it was ordered to do at once (orders.c). On the lane. */
void orders_next(terminal *t);

/* What has to be looked at when a notification says so, as jobs, which release the terminal (changes.c). screens_due
 * tells it how long its screen is wanted. */
void orders_due(void *terminal_);
void package_due(void *terminal_);
void screens_due(void *terminal_);
void settings_due(void *terminal_);

/* Posts a job to the terminal's lane, if it is connected here. [any thread] */
void link_post(server_link *link, int64_t device_id, void (*job)(void *terminal_));

/* Makes those of the terminals look that were not told of a command yet. */
void orders_look(server_link *link, arena *a, db_arg device_ids);

/* Tells the terminal to clear itself, and ends its stream: for good with order 0, because it is not ours any more, or
 * to come back empty. [any thread] */
void terminal_wipe(terminal *t, int64_t order);

/* Drops what arrived of a picture. */
void snapshot_forget(terminal *t);

/* Keeps what arrived of a picture for the terminal's next stream. On the lane, when the stream is over. */
void snapshot_shelve(terminal *t);

/* Drops what arrived of a photo; and ends, when the stream is over, what the terminal was told to take. On the lane. */
void capture_forget(terminal *t);
void capture_left(terminal *t);

/* The photos as a whole. The end waits for those that are being looked at; the lanes have ended before. */
void capture_desk_init(capture_desk *desk);
void capture_desk_done(capture_desk *desk);

/* The live screen (screens.c). Whether a part is one that somebody waits for. [any thread] */
bool screen_expected(terminal *t, const ScreenChunk *part);
void screen_part(terminal *t, arena *a, const ConnectRequest *request);

/* Drops what arrived, and takes nothing more. On the lane, or when nobody holds the terminal any more. */
void screen_forget_parts(terminal *t);

/* Looks who looks, until it is stopped: before the lanes end. False when memory or threads are out. */
bool screen_desk_start(server_link *link);
void screen_desk_stop(server_link *link);

/* Enrolment (enrol.c). */
sp_status handle_enrol(rpc_call *call, const EnrolRequest *request, EnrolResponse *reply);
sp_status handle_renew(rpc_call *call, const RenewRequest *request, RenewResponse *reply);

/* The stream's events (connect.c). */
extern const link_connect_events connect_events;

/* Hears of committed changes by NOTIFY and pokes (changes.c). */
struct change_listener *change_listener_new(server_link *link);
void change_listener_free(struct change_listener *l);
