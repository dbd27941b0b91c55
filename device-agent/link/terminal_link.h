/* The link of one terminal to its server: dials, greets, sends the journal, hands over what comes down, and starts
 * again after every failure. Performs what the core's table of transitions and its upload order decide.
 *
 * Never blocks. The owner waits for the descriptor and the due time and calls in; all times are of the monotonic
 * clock. The owner's functions are called from within, and must not free the link. One thread at a time. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "credentials.h"
#include "endpoint.h"
#include "grpc_outcome.h"
#include "journal.h"
#include "link_state.h"
#include "messages.h"

typedef struct terminal_link terminal_link;

typedef struct {
    void *self;
    /* Fills everything but what the journal knows (epoch, last_seq). */
    void (*hello)(void *self, Hello *ret_hello);
    void (*welcomed)(void *self, const Welcome *welcome);
    /* Milliseconds since 1970 by the server's clock, just now. */
    void (*server_time)(void *self, int64_t server_time_ms);
    void (*people)(void *self, const PeopleChanges *changes);
    void (*photo)(void *self, const PhotoChunk *chunk);
    void (*settings)(void *self, const SettingChanges *changes);
    void (*photo_order)(void *self, const CaptureOrder *order);
    /* Somebody looks at the screen, or not any more. NULL: nobody can. */
    void (*screen_order)(void *self, const ScreenOrder *order);
    /* Something to be done at once; the end of it is stored by the server. NULL: no command is taken. */
    void (*command)(void *self, const CommandOrder *order);
    void (*command_acked)(void *self, int64_t id);
    /* Fills the next report or request that is due; false: none. Asked again after terminal_link_report. */
    bool (*report)(void *self, ConnectRequest *ret_message);
    void (*package_offer)(void *self, const PackageOffer *offer); /* NULL: packages are not taken */
    void (*package_chunk)(void *self, const PackageChunk *chunk);
    void (*display_plan)(void *self, const DisplayPlan *plan); /* NULL: pass displays are not taken */
    void (*display_chunk)(void *self, const DisplayChunk *chunk);
    /* Fills the next part of a photo that was ordered, what there is to ask for of a pass display, what there is to say
     * about a package, or the next part of a frame of the screen; false: none. Asked only while no record waits. */
    bool (*photo_part)(void *self, ConnectRequest *ret_message);
    /* Fills the next lines of the terminal's own log; false: none. Asked only while no record waits, and not before
     * log_acked or a silence of half a minute. NULL: there is no log. */
    bool (*log_lines)(void *self, ConnectRequest *ret_message);
    void (*log_acked)(void *self, uint64_t number);
    /* Fills everything but what the journal knows. */
    void (*heartbeat)(void *self, Heartbeat *ret_heartbeat);
    void (*records_acked)(void *self);
    /* The connection is gone, and with it whatever the server would have sent next. */
    void (*hung_up)(void *self);
    /* The server claims records that the journal never gave out: the epoch must rise. */
    void (*epoch_taken)(void *self);
    /* People and records must go; without an order (0) the certificate too, with one the terminal comes back and names
     * it in its hello. The link is UNENROLLED already. */
    void (*wiped)(void *self, const char *reason, int64_t order);
    void (*state_changed)(void *self, link_state state, const grpc_outcome *why);
} link_owner;

typedef struct {
    int64_t backoff_first_ms;
    int64_t backoff_longest_ms;
    int64_t slow_retry_ms;  /* after a refusal */
    int64_t stable_ms;      /* online for so long: the backoff begins anew */
    int64_t welcome_ms;     /* from the stream to the welcome */
    int64_t renew_ahead_ms; /* before the certificate expires */
    int64_t renew_again_ms; /* after a renewal failed */
    uint32_t window;        /* records sent and not acknowledged */
    uint32_t batch;         /* records of one message */
} link_habits;

link_habits link_habits_usual(void);

/* Credentials are copied; journal and scratch are borrowed (all links of one thread may share one scratch). NULL when
 * memory is out. */
terminal_link *terminal_link_new(const endpoint *server, const credentials *c, journal *j, link_scratch *scratch,
                                 const link_owner *owner, const link_habits *habits);
void terminal_link_free(terminal_link *l); /* accepts NULL */

/* Begins to dial. */
void terminal_link_start(terminal_link *l, int64_t now_ms);

/* The same after a moment, as after a lost connection: when many begin together. */
void terminal_link_start_later(terminal_link *l, int64_t now_ms);

void terminal_link_ready(terminal_link *l, int64_t now_ms);
void terminal_link_tick(terminal_link *l, int64_t now_ms);
int terminal_link_fd(const terminal_link *l);              /* -1: nothing to wait for */
uint32_t terminal_link_connection(const terminal_link *l); /* another number whenever the descriptor is another */
bool terminal_link_wants_write(const terminal_link *l);
int64_t terminal_link_due_ms(const terminal_link *l);

/* The journal has a new record: it leaves before this returns, if the connection takes it. */
void terminal_link_appended(terminal_link *l);

/* The owner has something to report, or wants a heartbeat to go out soon. */
void terminal_link_report(terminal_link *l);
void terminal_link_beat(terminal_link *l);

/* The cable was pulled or plugged in. */
void terminal_link_carrier(terminal_link *l, bool there, int64_t now_ms);

/* What was received cannot be used: the connection is dropped at the next call into the link, which is due at once,
 * and dialled again by the backoff. */
void terminal_link_reconnect(terminal_link *l);

link_state terminal_link_is(const terminal_link *l);
uint64_t terminal_link_sent_seq(const terminal_link *l); /* the newest record sent on this connection */
