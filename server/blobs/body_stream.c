/* A picture as a stream of parts. */
#include "body_stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "google/api/httpbody.pb-c.h"
#include "hash.h"
#include "smartpass/v1/body.pb-c.h"
#include "text.h"

enum { PART_BYTES = 64 << 10, ETAG_BYTES = 16, INFO_MAX = 128 };

static const char info_type[] = "type.googleapis.com/smartpass.v1.BodyInfo";

/* The first parts leave on the worker that opened the stream, later ones from writable events: hence the lock. */
struct body_stream {
    pthread_mutex_t lock;
    rpc_stream *stream;
    const char *content_type;
    size_t size;
    size_t sent;
    uint8_t info[INFO_MAX]; /* a packed smartpass.v1.BodyInfo */
    size_t info_size;
    uint8_t bytes[];
};

/* A gateway answers ranges and repeated requests by size and hash. Without a hash it is told the size alone. */
static void describe(body_stream *b)
{
    Smartpass__V1__BodyInfo info = SMARTPASS__V1__BODY_INFO__INIT;
    uint8_t hash[SHA256_SIZE];
    char etag[2 * ETAG_BYTES + 1] = "";

    if (!sp_failed(sha256_of(b->bytes, b->size, hash)))
        hex_encode(hash, ETAG_BYTES, etag);
    info._size_case = SMARTPASS__V1__BODY_INFO___SIZE_SIZE;
    info.size = (int64_t)b->size;
    info.etag = etag;
    if (smartpass__v1__body_info__get_packed_size(&info) <= sizeof b->info)
        b->info_size = smartpass__v1__body_info__pack(&info, b->info);
}

static rpc_written send_part(body_stream *b)
{
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    Google__Protobuf__Any info = GOOGLE__PROTOBUF__ANY__INIT, *extensions[] = {&info};
    size_t left = b->size - b->sent;

    if (b->sent == 0) {
        info.type_url = (char *)info_type;
        info.value.data = b->info;
        info.value.len = b->info_size;
        part.n_extensions = 1;
        part.extensions = extensions;
    }
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
    describe(b);
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
