/* Calls with one reply: JSON, or a raw body. */
#include <string.h>

#include "forward.h"
#include "json_writer.h"
#include "wire_to_json.h"

static void reply_begin(forward *f)
{
    byte_buffer_init(&f->reply, f->gateway->options.memory_max);
}

static bool is_raw(const forward *f)
{
    const route *found = f->match.route;

    return found->raw_out ||
           (found->reply_field && !found->reply_field->repeated && is_http_body(found->reply_field->message));
}

static const char *keep_raw(forward *f, const uint8_t *bytes, size_t size)
{
    const uint8_t *data;
    size_t n;

    if (!raw_read(f, bytes, size, &data, &n))
        return "The message is malformed.";
    f->reply_state.size = (int64_t)n;
    return byte_buffer_append(&f->reply, data, n) ? NULL : "The reply is too large.";
}

static const char *keep_json(forward *f, const uint8_t *bytes, size_t size)
{
    const route *found = f->match.route;
    const wire_reply reply = {
        .pool = f->gateway->options.pool, .message = found->method->output, .only = found->reply_field};
    json_writer out;

    json_writer_init(&out, &f->reply);
    return wire_to_json(&reply, bytes, size, &f->scratch, &out);
}

static void reply_message(forward *f, const uint8_t *bytes, size_t size)
{
    if (f->replied)
        f->reply_fault = "There is more than one reply.";
    else
        f->reply_fault = is_raw(f) ? keep_raw(f, bytes, size) : keep_json(f, bytes, size);
    f->replied = true;
}

static void reply_done(forward *f, const rpc_answer *answer)
{
    if (sp_failed(answer->status))
        answer_failure(f, answer);
    else if (!f->replied || f->reply_fault)
        answer_unusable(f, f->reply_fault ? f->reply_fault : "There is none.");
    else if (is_raw(f))
        answer_raw(f, answer);
    else
        answer_json(f, answer);
}

const forward_output reply_output = {.begin = reply_begin, .message = reply_message, .done = reply_done};
