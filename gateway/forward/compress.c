#include "compress.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

enum { WINDOW_OF_GZIP = 15 + 16, MEMORY_LEVEL = 8, KEPT_MAX = 4 };

struct compressors {
    int level;
    pthread_mutex_t lock;
    z_stream *kept[KEPT_MAX];
    size_t count;
};

static void stream_free(z_stream *stream)
{
    if (!stream)
        return;
    deflateEnd(stream);
    free(stream);
}

compressors *compressors_new(int level)
{
    compressors *set = calloc(1, sizeof *set);

    if (!set)
        return NULL;
    set->level = level;
    pthread_mutex_init(&set->lock, NULL);
    return set;
}

void compressors_free(compressors *set)
{
    if (!set)
        return;
    while (set->count > 0)
        stream_free(set->kept[--set->count]);
    pthread_mutex_destroy(&set->lock);
    free(set);
}

static z_stream *borrow(compressors *set)
{
    z_stream *stream = NULL;

    pthread_mutex_lock(&set->lock);
    if (set->count > 0)
        stream = set->kept[--set->count];
    pthread_mutex_unlock(&set->lock);
    if (stream)
        return stream;
    stream = calloc(1, sizeof *stream);
    if (stream &&
        deflateInit2(stream, set->level, Z_DEFLATED, WINDOW_OF_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        stream = NULL;
    }
    return stream;
}

static void give_back(compressors *set, z_stream *stream)
{
    if (deflateReset(stream) == Z_OK) {
        pthread_mutex_lock(&set->lock);
        if (set->count < KEPT_MAX) {
            set->kept[set->count++] = stream;
            stream = NULL;
        }
        pthread_mutex_unlock(&set->lock);
    }
    stream_free(stream);
}

bool compress_bytes(compressors *set, byte_buffer *bytes)
{
    byte_buffer packed;
    z_stream *stream;
    bool smaller = false;

    if (bytes->size > UINT32_MAX || !(stream = borrow(set)))
        return false;
    byte_buffer_init(&packed, bytes->cap);
    if (byte_buffer_reserve(&packed, bytes->size)) {
        stream->next_in = bytes->data;
        stream->avail_in = (uInt)bytes->size;
        stream->next_out = packed.data;
        stream->avail_out = (uInt)bytes->size;
        smaller = deflate(stream, Z_FINISH) == Z_STREAM_END;
        packed.size = bytes->size - stream->avail_out;
    }
    give_back(set, stream);
    if (smaller) {
        byte_buffer_done(bytes);
        *bytes = packed;
    } else {
        byte_buffer_done(&packed);
    }
    return smaller;
}
