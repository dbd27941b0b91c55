/* Takes what comes as a stream of google.api.HttpBody parts to where it is kept: parts gather while a thread of a lane
 * keeps what came before them. While both are full the stream is paused, so that flow control holds the sender back: a
 * file is never in memory as a whole. */
#pragma once

#include "google/api/httpbody.pb-c.h"
#include "lanes.h"
#include "rpc.h"

typedef struct body_intake body_intake;

/* Whose bytes they are. look runs on the stream's thread, the others one after the other on the lane. After a failure
 * of look or keep, which answers the call, and after a call that is over early, only done follows. */
typedef struct {
    /* A part as it comes; a failure refuses the whole. NULL: any part is good. */
    sp_status (*look)(void *self, rpc_call *call, const Google__Api__HttpBody *part);

    sp_status (*keep)(void *self, const uint8_t *bytes, size_t size);

    /* Everything has been kept. May take its time; what comes of it is for answer. */
    void (*end)(void *self);

    /* The stream is still there: writes the answer to it, or gives the failure that ends it. Takes no time. */
    sp_status (*answer)(void *self, rpc_stream *stream);

    /* The last of all, also without an end; frees self. May take its time. */
    void (*done)(void *self);
} body_keeper;

SP_STATUS(BODY_NOT_TAKEN, SP_UNAVAILABLE, "The file cannot be taken at the moment; try again.");

/* From the stream's open event. NULL when memory is out; self then stays the caller's. keeper and threads outlive it.
 */
body_intake *body_intake_new(rpc_stream *stream, lanes *threads, const body_keeper *keeper, void *self);

/* The stream's further events; done accepts NULL. The intake itself ends when the lane has finished with it. */
void body_intake_message(body_intake *in, const Google__Api__HttpBody *part);
void body_intake_half_close(body_intake *in);
void body_intake_done(body_intake *in);
