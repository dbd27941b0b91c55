/* What goes up, and in which order: records, reports, heartbeats, then the photo that somebody waits for, the
 * terminal's own log, and pictures of passes when nothing else waits. */
#include <string.h>

#include "terminal_link_parts.h"

enum { PICTURE_WAIT_MS = 30000, LOG_WAIT_MS = 30000 };

void link_conversation_begin(terminal_link *l)
{
    l->hello_due = false;
    l->welcomed = false;
    l->wiped = false;
    l->epoch_taken = false;
    l->unusable = false;
    l->beat_due = false;
    l->beat_ms = NEVER;
    l->picture_ms = NEVER;
    l->log_ms = NEVER;
}

static size_t encode(const terminal_link *l, uint8_t *out)
{
    return connect_request_encode(&l->scratch->up, out, LINK_MESSAGE_MAX);
}

static size_t say_hello(terminal_link *l, uint8_t *out)
{
    ConnectRequest *up = &l->scratch->up;

    memset(&up->message.hello, 0, sizeof up->message.hello);
    up->which_message = smartpass_link_v1_ConnectRequest_hello_tag;
    l->owner.hello(l->owner.self, &up->message.hello);
    up->message.hello.store_epoch = l->journal->facts.epoch;
    up->message.hello.last_seq = l->journal->facts.last_seq;
    l->hello_due = false;
    return encode(l, out);
}

typedef struct {
    record_batch batch;
    uint64_t last_seq;
} filling;

static bool add_record(void *arg, uint64_t seq, const uint8_t *record, size_t size)
{
    filling *f = arg;

    if (!record_batch_add(&f->batch, record, size))
        return false;
    f->last_seq = seq;
    return true;
}

static size_t send_records(terminal_link *l, uint32_t count, uint8_t *out)
{
    filling f;

    record_batch_begin(&f.batch, l->journal->facts.epoch, out, LINK_MESSAGE_MAX);
    if (l->journal->ops->read(l->journal, l->upload.sent_seq + 1, count, add_record, &f) == 0) {
        /* Given up after an epoch ended, or unreadable at the moment: nothing else may wait for them. What the server
         * does not have is tried again on the next connection. */
        upload_sent(&l->upload, l->upload.last_seq);
        return GRPC_NOTHING_NOW;
    }
    upload_sent(&l->upload, f.last_seq);
    return record_batch_end(&f.batch);
}

static size_t send_heartbeat(terminal_link *l, uint8_t *out)
{
    ConnectRequest *up = &l->scratch->up;
    const journal_facts *facts = &l->journal->facts;
    Heartbeat *beat = &up->message.heartbeat;

    memset(beat, 0, sizeof *beat);
    up->which_message = smartpass_link_v1_ConnectRequest_heartbeat_tag;
    l->owner.heartbeat(l->owner.self, beat);
    beat->unsent_records = facts->last_seq - facts->acked_seq;
    beat->unsent_snapshots = facts->waiting_pictures;
    beat->evicted_snapshots = facts->evicted_pictures;
    l->beat_due = false;
    l->beat_ms = l->now_ms + l->beat_every_ms;
    return encode(l, out);
}

static bool choose_picture(terminal_link *l)
{
    journal_picture picture;

    if (l->journal->facts.waiting_pictures == 0 || !l->journal->ops->oldest_picture(l->journal, &picture))
        return false;
    upload_choose(&l->upload, picture.seq, picture.size);
    l->picture_restarts = 0;
    return true;
}

static size_t send_chunk(terminal_link *l, uint8_t *out)
{
    ConnectRequest *up = &l->scratch->up;
    SnapshotChunk *chunk = &up->message.snapshot;
    const upload_picture *p = &l->upload.picture;
    journal_picture picture;
    size_t n;

    /* The oldest that waits is the one on its way. */
    if (!l->journal->ops->oldest_picture(l->journal, &picture) || picture.seq != p->seq)
        return GRPC_NOTHING_NOW;
    up->which_message = smartpass_link_v1_ConnectRequest_snapshot_tag;
    chunk->store_epoch = l->journal->facts.epoch;
    chunk->seq = p->seq;
    BYTES_FIELD_SET(chunk->sha256, picture.sha256, sizeof picture.sha256);
    chunk->offset = p->sent;
    chunk->total = p->total;
    n = l->journal->ops->read_picture(l->journal, p->seq, p->sent, chunk->data.bytes, UPLOAD_CHUNK_MAX);
    if (n == 0) {
        l->journal->ops->picture_done(l->journal, p->seq, PICTURE_REFUSED);
        upload_picture_done(&l->upload);
        return GRPC_NOTHING_NOW;
    }
    chunk->data.size = (pb_size_t)n;
    upload_chunk_sent(&l->upload, (uint32_t)n);
    l->picture_ms = l->now_ms + PICTURE_WAIT_MS;
    return encode(l, out);
}

static size_t send_picture(terminal_link *l, upload_step step, uint8_t *out)
{
    if (step == UPLOAD_PICTURE_CHOICE && !choose_picture(l))
        return GRPC_NOTHING_NOW;
    return send_chunk(l, out);
}

static bool fill_log(terminal_link *l)
{
    if (!l->owner.log_lines || l->log_ms != NEVER || !l->owner.log_lines(l->owner.self, &l->scratch->up))
        return false;
    l->scratch->up.message.log.store_epoch = l->journal->facts.epoch;
    l->log_ms = l->now_ms + LOG_WAIT_MS;
    return true;
}

static size_t next_message(terminal_link *l, uint8_t *out)
{
    uint32_t count;
    upload_step step;
    size_t size;

    if (l->hello_due)
        return say_hello(l, out);
    if (!l->welcomed || l->wiped)
        return GRPC_NOTHING_NOW;
    if (upload_next(&l->upload, &count) == UPLOAD_RECORDS && (size = send_records(l, count, out)) > 0)
        return size;
    memset(&l->scratch->up.message, 0, sizeof l->scratch->up.message); /* whoever fills it sets what there is to say */
    if (l->owner.report(l->owner.self, &l->scratch->up))
        return encode(l, out);
    if (l->beat_due)
        return send_heartbeat(l, out);
    if (l->upload.sent_seq == l->upload.last_seq && l->owner.photo_part(l->owner.self, &l->scratch->up))
        return encode(l, out);
    if (l->upload.sent_seq == l->upload.last_seq && fill_log(l))
        return encode(l, out);
    step = upload_next(&l->upload, &count);
    if (step == UPLOAD_PICTURE_CHOICE || step == UPLOAD_PICTURE_CHUNK)
        return send_picture(l, step, out);
    return GRPC_NOTHING_NOW;
}

/* The owner may find more to say while it fills a message (that its camera has failed, in its log): the connection must
 * not be woken from within its own question, so it is asked once more. */
size_t link_outbox_next(void *self, uint8_t *out)
{
    terminal_link *l = self;
    size_t size;

    l->asking = true;
    l->asked_meanwhile = false;
    size = next_message(l, out);
    if (size == GRPC_NOTHING_NOW && l->asked_meanwhile)
        size = next_message(l, out);
    l->asking = false;
    return size;
}
