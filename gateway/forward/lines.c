/* Streams of messages: a body of JSON texts, one a line. Each becomes a message as soon as its line has come; while one
 * is under way, the client's connection waits. */
#include <stdio.h>
#include <string.h>

#include "forward.h"

static void lines_begin(forward *f)
{
    byte_buffer_init(&f->body, f->gateway->options.json_max);
    arena_init(&f->scratch, f->gateway->options.json_max * 4 + (1 << 20));
    forward_start_method(f, NULL);
}

static bool is_blank(const byte_buffer *line)
{
    for (size_t i = 0; i < line->size; i++)
        if (!strchr(" \t\r\n", line->data[i]) || line->data[i] == '\0')
            return false;
    return true;
}

/* The place of a fault is counted in lines of the body, not of the line. */
static void number_fault(transcode_fault *fault, uint64_t line)
{
    char message[sizeof fault->message];

    snprintf(message, sizeof message, "Message %llu: %.200s", (unsigned long long)line, fault->message);
    memcpy(fault->message, message, sizeof message);
}

/* Locked. */
static void send_line(forward *f)
{
    transcode_fault fault = {.kind = FAULT_NONE};
    parameter_tree tree;
    byte_buffer wire;

    byte_buffer_init(&wire, f->gateway->options.json_max * 2);
    parameter_tree_init(&tree, &f->scratch, &fault);
    f->parts++;
    if (request_parameters(f, &tree) && request_from_json(f, &tree, f->body.data, f->body.size, &wire)) {
        f->failed = !rpc_raw_write(f->call, wire.data ? wire.data : (const uint8_t *)"", wire.size, false);
        f->writing = true;
    } else {
        number_fault(&fault, f->parts);
        forward_fail(f, &fault);
    }
    arena_reset(&f->scratch);
    f->body.size = 0;
    byte_buffer_done(&wire);
}

/* Locked. The last line may have come while another was under way. */
static void push_rest(forward *f)
{
    if (!f->whole || f->writing || f->closed || f->ended || f->failed || !f->call)
        return;
    if (!is_blank(&f->body)) {
        send_line(f);
        return;
    }
    rpc_raw_half_close(f->call);
    f->closed = true;
}

/* Locked. Up to and including one line; 0 when the one before has not left. */
static size_t take_line(forward *f, const uint8_t *bytes, size_t size)
{
    const uint8_t *feed = memchr(bytes, '\n', size);
    size_t n = feed ? (size_t)(feed - bytes) + 1 : size;
    transcode_fault fault = {.kind = FAULT_NONE};

    if (feed && f->writing)
        return 0;
    if (!byte_buffer_append(&f->body, bytes, n)) {
        fault_set(&fault, FAULT_TOO_LARGE, "A message is too large.");
        number_fault(&fault, f->parts + 1);
        forward_fail(f, &fault);
        return size;
    }
    if (feed && is_blank(&f->body))
        f->body.size = 0;
    else if (feed)
        send_line(f);
    return n;
}

static size_t lines_body(forward *f, const uint8_t *bytes, size_t size)
{
    size_t used = 0, n = 1;

    pthread_mutex_lock(&f->lock);
    while (used < size && n > 0) {
        n = f->ended || f->failed || !f->call ? size - used : take_line(f, bytes + used, size - used);
        used += n;
    }
    pthread_mutex_unlock(&f->lock);
    return used;
}

static void lines_complete(forward *f)
{
    pthread_mutex_lock(&f->lock);
    f->whole = true;
    push_rest(f);
    pthread_mutex_unlock(&f->lock);
}

const forward_input lines_input = {
    .begin = lines_begin,
    .body = lines_body,
    .complete = lines_complete,
    .writable = push_rest,
};
