/* Group commit of pass records: what all terminals send gathers for a few writers, each of which stores many records
 * with one statement and one COMMIT, and only then says so.
 *
 * A terminal always goes to the same writer, so that its batches are committed in the order they were submitted and a
 * cumulative acknowledgement never passes a failed one. A record that the database refuses for its values is set aside
 * in pass_rejected with an alarm and counts as stored; while the database is away, writers try again for ever. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db.h"
#include "smartpass/link/v1/link.pb-c.h"

typedef struct ingest ingest;

typedef struct {
    int64_t enterprise_id;
    int64_t device_id;
    int32_t epoch;
} ingest_source;

/* One record that was stored for the first time. Valid during the hook. */
typedef struct {
    const ingest_source *source;
    const Smartpass__Link__V1__PassRecord *record;
    int64_t id;
} ingest_stored;

typedef struct {
    db_pool *system; /* DB_SYSTEM, at least one connection a writer */
    int writers;     /* 0: 2 */
    int rows;        /* a transaction takes whole batches until it has so many records; 0: 512 */
    int gather_ms;   /* how long a busy writer waits for them; 0: 5 */
    size_t backlog;  /* records that may wait at one writer; 0: 65 536 */
    /* After a COMMIT, on the writer's thread, with the records that were new; must not block for long. May be NULL. */
    void (*stored)(void *arg, const ingest_stored *records, size_t count);
    void *arg;
} ingest_options;

ingest *ingest_new(const ingest_options *options);

/* Stops the writers after the transaction at hand; every batch still waiting is told so, and so will its terminal be by
 * the missing acknowledgement. */
void ingest_free(ingest *in);

/* Runs once for each accepted batch, on the writer's thread: committed is false only when the server stops. next is the
 * arg of another batch of the same source that was committed with this one and is told right after it, or NULL: where
 * both have one receiver, the later acknowledgement will do. */
typedef void (*ingest_done)(void *arg, bool committed, const void *next);

/* Copies the records. False, and nothing happens, when the writer's backlog is full or memory is out: the caller stops
 * reading from the terminal and tries again. [any thread] */
bool ingest_submit(ingest *in, const ingest_source *source, Smartpass__Link__V1__PassRecord *const *records,
                   size_t count, ingest_done done, void *arg) SP_MUST_USE;

/* The last sequence number of a source up to which nothing needs to be sent again; 0 before the first. tx is of the
 * role system. */
sp_status ingest_acked_seq(db_tx *tx, const ingest_source *source, int64_t *ret_seq) SP_MUST_USE;
