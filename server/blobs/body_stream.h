/* Sends a picture as a stream of google.api.HttpBody parts, as fast as the reader takes them. */
#pragma once

#include "rpc.h"

typedef struct body_stream body_stream;

/* Copies the bytes and sends the first parts; the stream is finished with OK after the last. The caller passes the
 * stream's writable events to body_stream_writable and its done event to body_stream_free. NULL when memory is out. */
body_stream *body_stream_start(rpc_stream *stream, const char *content_type, const uint8_t *bytes, size_t size);
void body_stream_writable(body_stream *b); /* accepts NULL */
void body_stream_free(body_stream *b);     /* accepts NULL */
