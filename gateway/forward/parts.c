/* Raw bodies that are streamed to the server: parts of at most UPLOAD_PART_MAX bytes as google.api.HttpBody, alone or
 * as a field of a message whose first one also has what path, query and form say. While one is under way the next is
 * gathered; when that is full, the client's connection waits. */
#include <string.h>

#include "forward.h"
#include "multipart.h"

enum { TYPE_MAX = 256, HEAD_MAX = 1024 };

static raw_head head_of(const forward *f)
{
    raw_head head = f->form ? form_file_head(f->form) : (raw_head){http_request_header(f->x, HTTP_CONTENT_TYPE), NULL};

    if (head.type && strlen(head.type) >= TYPE_MAX)
        head.type = NULL;
    return head;
}

/* Locked. Appends what the first message says besides its bytes. */
static bool add_parameters(forward *f, byte_buffer *wire, transcode_fault *fault)
{
    parameter_tree tree;

    if (f->form) {
        if (request_without_body(f, form_parameters(f->form), wire))
            return true;
        *fault = *form_fault(f->form);
        return false;
    }
    parameter_tree_init(&tree, http_arena(f->x), fault);
    return request_parameters(f, &tree) && request_without_body(f, &tree, wire);
}

/* Locked. Sends what is gathered; the last part half-closes the call. */
static void send_part(forward *f)
{
    const field_type *field = request_raw_field(f->match.route);
    transcode_fault fault = {.kind = FAULT_NONE};
    bool first = f->parts == 0;
    raw_head head = head_of(f);
    byte_buffer wire;

    byte_buffer_init(&wire, UPLOAD_PART_MAX + f->gateway->options.json_max + HEAD_MAX);
    if ((first && !add_parameters(f, &wire, &fault)) ||
        !request_add_raw(&wire, field, first ? &head : NULL, f->body.data, f->body.size)) {
        fault_set(&fault, FAULT_TOO_LARGE, "The request is too large.");
        forward_fail(f, &fault);
    } else {
        f->failed = !rpc_raw_write(f->call, wire.data ? wire.data : (const uint8_t *)"", wire.size, f->whole);
        f->closed = f->whole;
        f->writing = true;
        f->parts++;
    }
    f->body.size = 0;
    byte_buffer_done(&wire);
}

/* Locked. An upload without a byte still is one part, which tells its type. */
static void push(forward *f)
{
    if (f->writing || f->closed || f->ended || f->failed || !f->call)
        return;
    if (f->body.size > 0 || (f->whole && f->parts == 0)) {
        send_part(f);
    } else if (f->whole) {
        rpc_raw_half_close(f->call);
        f->closed = true;
    }
}

static void refuse_size(forward *f)
{
    transcode_fault fault = {.kind = FAULT_NONE};

    fault_set(&fault, FAULT_TOO_LARGE, "The upload is too large.");
    forward_fail(f, &fault);
}

static void parts_begin(forward *f)
{
    const gateway_options *options = &f->gateway->options;

    byte_buffer_init(&f->body, UPLOAD_PART_MAX);
    if (http_content_length(f->x) > (int64_t)options->stream_max) {
        answer_refuse(f, 413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The upload is too large.");
        return;
    }
    if (multipart_is_form(http_request_header(f->x, HTTP_CONTENT_TYPE))) {
        f->form = form_new(f, true);
        if (!f->form)
            return;
    }
    forward_start_method(f, NULL);
}

size_t parts_take(forward *f, const uint8_t *bytes, size_t size)
{
    size_t room = UPLOAD_PART_MAX - f->body.size, n = size < room ? size : room;

    if (f->ended || f->failed)
        return size; /* the answer is there or near: the rest is read away */
    if (!byte_buffer_append(&f->body, bytes, n))
        return 0;
    push(f);
    return n;
}

/* Locked. */
static size_t take_form(forward *f, const uint8_t *bytes, size_t size)
{
    size_t used = form_body(f->form, bytes, size);

    if (form_fault(f->form)->kind == FAULT_NONE)
        return used;
    forward_fail(f, form_fault(f->form));
    return size;
}

static size_t parts_body(forward *f, const uint8_t *bytes, size_t size)
{
    size_t used = size;

    pthread_mutex_lock(&f->lock);
    if (f->taken + size > f->gateway->options.stream_max)
        refuse_size(f);
    else if (!f->failed)
        used = f->form ? take_form(f, bytes, size) : parts_take(f, bytes, size);
    f->taken += used;
    pthread_mutex_unlock(&f->lock);
    return used;
}

static void parts_complete(forward *f)
{
    pthread_mutex_lock(&f->lock);
    f->whole = true;
    if (f->form && !form_complete(f->form))
        forward_fail(f, form_fault(f->form));
    else
        push(f);
    pthread_mutex_unlock(&f->lock);
}

const forward_input parts_input = {
    .begin = parts_begin,
    .body = parts_body,
    .complete = parts_complete,
    .writable = push,
};
