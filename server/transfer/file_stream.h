/* Sends a file as a stream of google.api.HttpBody parts, as fast as the reader takes them, each on a thread of its own.
 */
#pragma once

#include <pthread.h>

#include "rpc.h"

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int running;
} file_streams;

void file_streams_init(file_streams *streams);
void file_streams_done(file_streams *streams); /* waits for the last */

SP_STATUS(TOO_MANY_DOWNLOADS, SP_RESOURCE_EXHAUSTED, "Too many files are being downloaded; try again in a moment.");
SP_STATUS(DOWNLOAD_NOT_READ, SP_DEADLINE_EXCEEDED, "Nobody read the file for too long.");

typedef struct file_stream file_stream;

typedef struct {
    int fd;                   /* becomes the stream's, whatever start answers */
    const char *name;         /* under which it is saved; copied */
    const char *content_type; /* static */
    int64_t id;               /* of these bytes; 0: none */
} file_stream_source;

/* The caller passes the stream's events on; done frees it. */
sp_status file_stream_start(file_streams *streams, rpc_stream *stream, const file_stream_source *source,
                            file_stream **ret_stream) SP_MUST_USE;
void file_stream_writable(file_stream *f); /* all accept NULL */
void file_stream_cancel(file_stream *f);
void file_stream_done(file_stream *f);
