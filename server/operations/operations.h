/* Operations: what takes longer than a call may. A handler starts one within its own transaction and answers at once; a
 * runner of any server takes it from the queue and works on it, whatever becomes of whoever asked for it.
 *
 * The queue is the table "operation". A runner holds what it works on by a lease that it renews; when it dies, another
 * takes the work up at the last checkpoint, or the operation ends as failed. Nothing that a runner wrote after it lost
 * its lease is ever committed, as long as the kind's transactions state their progress (operation_write). */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "db.h"
#include "smartpass/v1/operations.pb-c.h"

typedef struct server_operations server_operations;
typedef struct operation_run operation_run; /* one operation in the hands of a runner */

enum { OPERATION_REQUEST_MAX = 1 << 20, OPERATION_CHECKPOINT_MAX = 1 << 16, OPERATION_RESULT_MAX = 1 << 20 };

SP_STATUS(OPERATION_TOO_LARGE, SP_RESOURCE_EXHAUSTED,
          "The request, checkpoint or result of an operation is too large.");

/* ---- For handlers ------------------------------------------------------------------------------------------------ */

typedef struct {
    int64_t enterprise_id;
    const char *kind;
    const char *object;              /* what it does it to, in the operator's words */
    const ProtobufCMessage *request; /* what run() is given, packed; NULL: nothing */
    int64_t operator_user_id;
    const char *operator;
    int64_t group_id; /* the operator's */
    int64_t now_ms;
} operation_order;

/* Puts it into the queue; it begins when tx (either role) commits. */
sp_status operation_start(db_tx *tx, const operation_order *order, int64_t *ret_id) SP_MUST_USE;

/* One operation of the enterprise as clients see it, whoever started it, read with tx (either role) into its arena.
 * OPERATION_NOT_FOUND when it is gone. */
sp_status operation_read(db_tx *tx, int64_t enterprise_id, int64_t id, Smartpass__V1__Operation **ret_operation,
                         int64_t *ret_operator_user_id) SP_MUST_USE;
SP_STATUS(OPERATION_NOT_FOUND, SP_NOT_FOUND, "There is no such operation, or the caller does not see it.");

/* ---- For kinds --------------------------------------------------------------------------------------------------- */

/* How run() learns that it shall stop, and what it then returns. */
SP_STATUS(OPERATION_CANCELLED, SP_CANCELLED, "The operation was asked to stop.");
SP_STATUS(OPERATION_RELEASED, SP_CANCELLED, "The server stops; another one may go on.");
SP_STATUS(OPERATION_LOST, SP_ABORTED, "The operation is in other hands now.");

/* How an operation may fail that its kind did not fail itself. */
SP_STATUS(INTERRUPTED, SP_ABORTED, "The server that worked on it stopped, and nobody can go on where it was.");
SP_STATUS(ATTEMPTS_EXHAUSTED, SP_ABORTED, "It was taken up again and again, and never came to an end.");
SP_STATUS(OPERATION_KIND_UNKNOWN, SP_UNIMPLEMENTED, "No server knows how to do this.");

/* A kind of operation. run works on a runner's thread, blocks as it likes, and begins transactions of its own, with its
 * own pools. What it returns is the end: SP_DONE (succeeded), OPERATION_CANCELLED, or why it failed; with
 * OPERATION_RELEASED or OPERATION_LOST, and with SP_UNAVAILABLE when it is resumable, it goes back to the queue.
 *
 * A resumable kind is run again after a crash, from its last checkpoint: what it does between two checkpoints either
 * stands in one transaction with operation_write, or can be done twice. */
typedef struct {
    const char *name; /* as the audit verb of the method that starts it; static */
    bool resumable;
    sp_status (*run)(operation_run *run, void *arg);
    void *arg;
} operation_kind;

typedef struct {
    int64_t progress, total, failures; /* in the kind's own unit; total 0: not known yet */
    const char *stage;                 /* "wiping terminals", up to 95 bytes; NULL: as before */
    const void *checkpoint;            /* where to go on after a crash; NULL: as before */
    size_t checkpoint_size;
} operation_progress;

/* All borrowed from the run. */
int64_t operation_id(const operation_run *run);
int64_t operation_enterprise_id(const operation_run *run);
int64_t operation_operator_user_id(const operation_run *run);
const char *operation_operator(const operation_run *run);
int64_t operation_group_id(const operation_run *run);
int operation_attempt(const operation_run *run); /* 1: the first */
const uint8_t *operation_request(const operation_run *run, size_t *ret_size);
const uint8_t *operation_checkpoint(const operation_run *run, size_t *ret_size); /* of the run before; size 0: none */
const operation_progress *operation_progress_before(const operation_run *run);   /* of the run before; no checkpoint */

/* Says how far the work is and asks whether to go on; cheap enough for every step. Written at once when there is a
 * checkpoint, else once a second. SP_DONE, or OPERATION_CANCELLED, OPERATION_RELEASED or OPERATION_LOST: then run ends.
 * A database that cannot be reached for a moment is no reason to stop, except with a checkpoint, whose failure is
 * returned. Opens a transaction of its own: none of the same pool should be open. */
sp_status operation_report(operation_run *run, const operation_progress *progress) SP_MUST_USE;

/* The same within a transaction of the kind (either role; the operation's enterprise): what tx did and the checkpoint
 * become true together, or neither when the lease is lost (OPERATION_LOST: roll back). Does not ask whether to stop. */
sp_status operation_write(operation_run *run, db_tx *tx, const operation_progress *progress) SP_MUST_USE;

/* Whether to go on, as operation_report answers it; never blocks. [any thread] */
sp_status operation_go_on(const operation_run *run) SP_MUST_USE;

/* What the operation's reader gets when it has succeeded: a message of the contract, packed at once. */
sp_status operation_set_result(operation_run *run, const ProtobufCMessage *message) SP_MUST_USE;

/* ---- For the server ---------------------------------------------------------------------------------------------- */

typedef struct {
    db_pool *system;
    const char *listen_conninfo; /* for notifications; NULL: the queue is looked at now and then, nothing else */
    int threads;                 /* operations at once; 0: 2 */
    int lease_ms;                /* 0: 30 000 */
    int poll_ms;                 /* how often the queue is looked at without a hint; 0: 2000 */
    int64_t keep_ms;             /* how long ended operations stay; 0: 30 days */
    /* Something about an operation has changed, on whichever server; a hint. Must not block. */
    void (*changed)(void *arg, int64_t enterprise_id, int64_t operation_id);
    void *arg;
} operations_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out. */
server_operations *operations_new(const operations_options *options);

/* Before operations_run. False when there are too many. */
bool operations_add_kind(server_operations *operations, const operation_kind *kind);

/* Begins to take work. False when memory or threads are out. */
bool operations_run(server_operations *operations);

/* Tells every run to stop and waits for it: resumable ones go back to the queue, others end as INTERRUPTED. Accepts
 * NULL.
 */
void operations_free(server_operations *operations);

/* Removes what ended long ago, and ends what waits for a kind that nobody knows. Run it now and then. */
sp_status operations_sweep(server_operations *operations, int64_t now_ms) SP_MUST_USE;
