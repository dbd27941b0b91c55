/* W3C Trace Context: the id that one request has in all the logs on its way. */
#pragma once

#include <stdbool.h>

enum { TRACE_ID_LENGTH = 32, SPAN_ID_LENGTH = 16, TRACEPARENT_LENGTH = 55 };

typedef struct {
    char trace_id[TRACE_ID_LENGTH + 1];
    char span_id[SPAN_ID_LENGTH + 1]; /* this gateway's own part of the way */
    char flags[3];
} trace_context;

/* Goes on with the trace of a traceparent header; begins one when that is NULL, malformed or of a version that cannot
 * be understood. Ids are unique, not secret. [any thread] */
void trace_begin(trace_context *trace, const char *traceparent);

/* The traceparent for the server behind. */
void trace_header(const trace_context *trace, char out[TRACEPARENT_LENGTH + 1]);
