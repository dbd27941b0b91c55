/* A picture as a stream of parts. */
#include "body_stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "google/api/httpbody.pb-c.h"

enum { PART_BYTES = 64 << 10 };

/* The first parts leave on the worker that opened the stream, later ones from writable events: hence the lock. */
struct body_stream {
    pthread_mutex_t lock;
    rpc_stream *stream;
    const char *content_type;
    size_t size;
    size_t sent;
    uint8_t bytes[];
};

static rpc_written send_part(body_stream *b)
{
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    size_t left = b->size - b->sent;

    part.content_type = b->sent == 0 ? (char *)b->content_type : "";
    part.data.data = b->bytes + b->sent;
    part.data.len = left < PART_BYTES ? left : PART_BYTES;
    rpc_written written = rpc_stream_write(b->stream, &part.base);
    if (written == RPC_WRITTEN)
        b->sent += part.data.len;
    return written;
}

void body_stream_writable(body_stream *b)
{
    rpc_written written = RPC_WRITTEN;

    if (!b)
        return;
    pthread_mutex_lock(&b->lock);
    while (b->sent < b->size && written == RPC_WRITTEN)
        written = send_part(b);
    if (b->sent == b->size)
        rpc_stream_finish(b->stream, SP_DONE);
    pthread_mutex_unlock(&b->lock);
}

body_stream *body_stream_start(rpc_stream *stream, const char *content_type, const uint8_t *bytes, size_t size)
{
    body_stream *b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    *b = (body_stream){.stream = stream, .content_type = content_type, .size = size};
    memcpy(b->bytes, bytes, size);
    pthread_mutex_init(&b->lock, NULL);
    body_stream_writable(b);
    return b;
}

void body_stream_free(body_stream *b)
{
    if (!b)
        return;
    pthread_mutex_destroy(&b->lock);
    free(b);
}
