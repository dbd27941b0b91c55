/* Streams of google.api.HttpBody: raw bytes, of which the client may want a part, or nothing when it has them. */
#include <stdio.h>
#include <string.h>

#include "forward.h"

/* Locked. What still comes is of no use to anybody. */
static void settle(forward *f, bool whole)
{
    if (f->head_sent)
        http_finish(f->x, whole);
    f->settled = true;
    rpc_raw_cancel(f->call);
}

/* Locked. The head, as soon as the first part tells what the body is. */
static void send_head(forward *f)
{
    answer_fields fields;
    unsigned status;
    int64_t length = -1;

    fields_begin(f, &fields);
    status = raw_fields(f, &fields);
    if (status == 416) {
        answer_beyond(f);
        settle(f, true);
        return;
    }
    if (f->reply_state.size >= 0)
        length = status == 304 ? 0 : f->wish.last - f->wish.first + 1;
    f->head_sent = true;
    http_answer_stream(f->x, &(http_head){status, fields.list, fields.count}, length);
    if (status == 304 || strcmp(http_method(f->x), "HEAD") == 0)
        settle(f, true);
}

/* Locked. The bytes of a part that the client wants; the size of the answer's queue. */
static size_t pass(forward *f, const uint8_t *bytes, size_t size)
{
    int64_t from = f->reply_at, to = f->reply_at + (int64_t)size; /* of this part, the end excluded */
    size_t queued = 0;

    f->reply_at = to;
    if (f->reply_state.size < 0)
        return size > 0 ? http_write(f->x, bytes, size) : 0;
    if (from < f->wish.first)
        from = f->wish.first < to ? f->wish.first : to;
    if (to > f->wish.last + 1)
        to = f->wish.last + 1;
    if (to > from)
        queued = http_write(f->x, bytes + (from - (f->reply_at - (int64_t)size)), (size_t)(to - from));
    if (f->reply_at > f->wish.last)
        settle(f, true);
    return queued;
}

static void download_message(forward *f, const uint8_t *bytes, size_t size)
{
    const uint8_t *data;
    size_t n;

    if (f->settled)
        return;
    if (!raw_read(f, bytes, size, &data, &n)) {
        f->reply_fault = "The message is malformed.";
        rpc_raw_cancel(f->call);
        return;
    }
    if (!f->replied)
        send_head(f);
    f->replied = true;
    if (!f->settled)
        f->resting = pass(f, data, n) >= HTTP_QUEUE_HIGH;
}

static void download_drained(forward *f)
{
    pthread_mutex_lock(&f->lock);
    if (f->resting && !f->ended) {
        f->resting = false;
        rpc_raw_read(f->call);
    }
    pthread_mutex_unlock(&f->lock);
}

static void download_done(forward *f, const rpc_answer *answer)
{
    if (f->settled)
        return;
    if (f->reply_fault && !f->head_sent)
        answer_unusable(f, f->reply_fault);
    else if (sp_failed(answer->status) && !f->head_sent)
        answer_failure(f, answer);
    else if (!f->head_sent && raw_read(f, NULL, 0, &(const uint8_t *){NULL}, &(size_t){0}))
        send_head(f);
    if (f->head_sent && !f->settled)
        http_finish(f->x, !sp_failed(answer->status) && !f->reply_fault);
}

const forward_output download_output = {
    .message = download_message,
    .done = download_done,
    .drained = download_drained,
};
