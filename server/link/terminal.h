/* One connected terminal: its stream, what it said of itself, and how far its people feed has come. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "certificate.h"
#include "link_service.h"
#include "smartpass/link/v1/link.rpc.h"

struct capture_picture;
struct package_feed;
struct screen_picture;
struct snapshot_parts;

/* How it is, by its own account. */
typedef struct {
    bool known; /* it has said so on this stream */
    int64_t unsent_records, unsent_snapshots;
    int64_t free_bytes, total_bytes;
    char last_error[161];
} terminal_condition;

/* Written by the terminal's lane alone, except where a field says otherwise. Counted: whoever posts a job or waits for
 * a COMMIT holds it. */
typedef struct terminal {
    struct terminal *next; /* in its registry bucket, under the registry's lock */
    atomic_int references;
    server_link *link;
    link_connect_stream *stream; /* held as long as the terminal */
    int64_t enterprise_id;
    int64_t device_id;
    char certificate[CERTIFICATE_SERIAL_SIZE]; /* the one that opened the stream */

    atomic_bool closed;         /* done has come, or the stream was ended by us */
    atomic_int batches_waiting; /* record batches not yet committed; the stream rests when there are many */
    atomic_int_fast64_t last_seen_ms;
    atomic_int people_count, photo_count; /* as last reported */
    pthread_mutex_t condition_lock;
    terminal_condition condition; /* as last reported */

    atomic_bool greeted;  /* Hello has come */
    uint32_t store_epoch; /* written before the lane hears of the Hello */

    atomic_bool waiting; /* to be accepted, as last read */
    bool welcomed;       /* nothing may be sent before */
    int64_t welcomed_ms; /* commands that went out before did so on another stream */
    int64_t wipe_order;  /* that it has not followed yet; 0: none */
    char engine[65];

    int64_t sent_revision;      /* the last change that went out on this stream */
    int64_t confirmed_revision; /* the last one that came back */
    bool told_complete;

    int64_t setting_sent;   /* the version of the last setting that went out on this stream */
    int64_t setting_again;  /* to be sent again, with what follows; 0: none */
    bool setting_under_way; /* what went out last was not answered yet */
    bool setting_more;      /* more may have come meanwhile */

    struct snapshot_parts *parts; /* the picture that is arriving, or NULL */

    int64_t capture_wanted;          /* the photo that is wanted of it, as last read with the settings; 0: none */
    atomic_int_fast64_t capture_id;  /* of the photo that it was told to take; 0: none. Whoever ends it clears it */
    atomic_bool capture_checking;    /* the photo is here and being looked at; whoever looks clears it */
    struct capture_picture *capture; /* the photo as far as it has arrived, or NULL */

    atomic_int_fast64_t screen_until_ms; /* pictures of its screen are taken until then (monotonic); 0: nobody looks */
    struct screen_picture *screen;       /* the one that is arriving, or NULL */
    int64_t screen_began_ms;             /* when the last one began to */
    int screen_outcome;                  /* what became of that (screens.c) */
    int64_t display_wanted;              /* the version of its pass display, as last read with the settings */
    bool display_reported;               /* that version is in force, by its own account; read with it */
    int64_t display_told;                /* the version that it has, or was sent on this stream */
    bool display_sent;                   /* it was sent one on this stream */

    struct package_feed *package;  /* what it was offered, or NULL */
    atomic_bool log_lines_waiting; /* a batch of its log is on its way to the database */
    size_t log_lines_untrimmed;    /* stored since the log was last cut to its length */
    size_t log_lines_dropped;      /* on this stream */
} terminal;

/* Of the stream's caller; takes a hold on the stream. NULL when memory is out. */
terminal *terminal_new(server_link *link, link_connect_stream *stream);
terminal *terminal_hold(terminal *t);
void terminal_release(terminal *t);

/* Ends the stream with a status, once, behind what was sent already. [any thread] */
void terminal_end(terminal *t, sp_status status);

/* Ends it at once: what waits for a terminal that does not read would hold the end up for ever. [any thread] */
void terminal_cut(terminal *t, sp_status status);

/* Sends one message; a terminal that does not read is cut with RESOURCE_EXHAUSTED. [any thread] */
void terminal_send(terminal *t, const Smartpass__Link__V1__ConnectResponse *message);

/* What it says of itself, as far as a column can hold it. [any thread] */
void terminal_note_counts(terminal *t, uint32_t people, uint32_t photos);

void terminal_note_condition(terminal *t, const Smartpass__Link__V1__Heartbeat *beat);
terminal_condition terminal_read_condition(terminal *t);

/* Posts a job to the terminal's lane, with a hold that the job must release. Ends the stream when that fails. */
void terminal_post(terminal *t, void (*job)(void *terminal_));
