/* Records of a terminal: to ingest, and the acknowledgement back after the COMMIT. */
#include <stdlib.h>

#include "clock.h"
#include "link_parts.h"

/* Batches of one terminal that may wait for their COMMIT before its stream rests. */
enum { BATCHES_WAITING = 4 };

typedef struct {
    terminal *from;
    uint32_t epoch;
    uint64_t seq;
} pending_ack;

static void send_ack(const pending_ack *ack)
{
    RecordAck body = RECORD_ACK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.store_epoch = ack->epoch;
    body.seq = ack->seq;
    body.server_time_ms = clock_now_ms();
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_RECORD_ACK;
    message.record_ack = &body;
    terminal_send(ack->from, &message);
}

/* Acknowledgements are cumulative: of batches that were committed together, the last of a stream speaks for all.
 * On the writer's thread. */
static void on_committed(void *arg, bool committed, const void *next)
{
    pending_ack *ack = arg;
    const pending_ack *later = next;

    if (!committed)
        terminal_end(ack->from, LINK_SERVER_BUSY);
    else if (!later || later->from != ack->from || later->seq < ack->seq)
        send_ack(ack);
    if (atomic_fetch_sub(&ack->from->batches_waiting, 1) == BATCHES_WAITING)
        link_connect_resume(ack->from->stream);
    terminal_release(ack->from);
    free(ack);
}

static bool is_ordered(const RecordBatch *batch)
{
    for (size_t i = 0; i < batch->n_records; i++)
        if (batch->records[i]->seq == 0 || batch->records[i]->seq > INT64_MAX ||
            (i > 0 && batch->records[i]->seq <= batch->records[i - 1]->seq))
            return false;
    return true;
}

/* Looks again after pausing: the COMMIT that would have resumed the stream may have come in between. */
static void rest(terminal *t)
{
    link_connect_pause(t->stream);
    if (atomic_load(&t->batches_waiting) < BATCHES_WAITING)
        link_connect_resume(t->stream);
}

/* Counts before the submission, because the COMMIT may come before submit returns. */
static void submit(terminal *t, const RecordBatch *batch)
{
    pending_ack *ack = malloc(sizeof *ack);
    if (!ack) {
        terminal_end(t, LINK_NO_MEMORY);
        return;
    }
    *ack = (pending_ack){terminal_hold(t), batch->store_epoch, batch->records[batch->n_records - 1]->seq};
    if (atomic_fetch_add(&t->batches_waiting, 1) + 1 >= BATCHES_WAITING)
        rest(t);

    const ingest_source source = {t->enterprise_id, t->device_id, (int32_t)batch->store_epoch};
    if (!ingest_submit(t->link->options.in, &source, batch->records, batch->n_records, on_committed, ack)) {
        atomic_fetch_sub(&t->batches_waiting, 1);
        terminal_end(t, LINK_SERVER_BUSY);
        terminal_release(t);
        free(ack);
    }
}

void take_records(terminal *t, const RecordBatch *batch)
{
    if (batch->n_records == 0)
        return;
    if (batch->store_epoch != t->store_epoch)
        terminal_end(t, LINK_EPOCH_UNKNOWN);
    else if (!is_ordered(batch))
        terminal_end(t, LINK_RECORDS_UNORDERED);
    else
        submit(t, batch);
}
