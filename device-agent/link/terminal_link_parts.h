/* Between the files of the terminal's link; nobody else includes it. */
#pragma once

#include "backoff.h"
#include "enrolment.h"
#include "grpc_unary.h"
#include "terminal_link.h"
#include "upload.h"

#define NEVER INT64_MAX

struct terminal_link {
    endpoint server;
    credentials credentials;
    journal *journal;
    link_scratch *scratch;
    link_owner owner;
    link_habits habits;

    link_state state;
    backoff backoff;
    int64_t now_ms;
    int64_t retry_ms;   /* when waiting is over */
    int64_t welcome_ms; /* until when the welcome must be here */
    int64_t stable_ms;
    int64_t renew_not_before_ms;
    bool denied; /* the last attempt ended in a refusal: ask for a new certificate first */

    /* The connection that is open or being made: a look-up, then a call. */
    uint32_t connection;
    bool renewing;
    endpoint_lookup *lookup;
    endpoint_addresses addresses;
    size_t next_address;
    SSL_CTX *context;
    grpc_call *call;
    grpc_unary *unary;
    renewal renewal;

    /* The conversation on it. */
    upload upload;
    bool hello_due;
    bool welcomed;
    bool wiped;
    bool epoch_taken;
    bool unusable;
    bool beat_due;
    bool asking;          /* the owner is asked for the next message */
    bool asked_meanwhile; /* and has found more to say */
    int64_t beat_every_ms;
    int64_t beat_ms;
    int64_t picture_ms; /* until when the server must have said something about the picture */
    int picture_restarts;
    int64_t log_ms; /* until when the server must have acknowledged the lines that it was sent; NEVER: none are out */
    char wipe_reason[65];
    int64_t wipe_order;
};

/* The traffic of the Connect call. */
size_t link_outbox_next(void *self, uint8_t *out);
bool link_inbox_take(void *self, const uint8_t *bytes, size_t size);

/* A new conversation begins. */
void link_conversation_begin(terminal_link *l);

/* link_dial.c. Begins a connection, for a new certificate or for the stream; NULL, or why it cannot be begun. */
const char *link_dial(terminal_link *l, bool renewing);

/* Tries the next address that the look-up found; false when there is none left. */
bool link_dial_next(terminal_link *l);

/* The look-up's descriptor is ready; false when there is nobody to dial. */
bool link_take_lookup(terminal_link *l);

/* Drops whatever there is of a connection, and every time that was to come. */
void link_hang_up(terminal_link *l);
