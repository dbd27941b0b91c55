/* The head of an HTTP/1.x request, byte by byte as RFC 9110 and 9112 want it. What two readers could understand in two
 * ways (a length given twice, a folded line, a bare line feed) is refused. No sockets, no threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* Headers that the gateway knows; others cannot be asked for. */
typedef enum {
    HTTP_ACCEPT,
    HTTP_ACCEPT_ENCODING,
    HTTP_ACCESS_CONTROL_REQUEST_METHOD,
    HTTP_AUTHORIZATION,
    HTTP_CONNECTION,
    HTTP_CONTENT_ENCODING,
    HTTP_CONTENT_LENGTH,
    HTTP_CONTENT_TYPE,
    HTTP_COOKIE,
    HTTP_EXPECT,
    HTTP_HOST,
    HTTP_IF_MODIFIED_SINCE,
    HTTP_IF_NONE_MATCH,
    HTTP_IF_RANGE,
    HTTP_LAST_EVENT_ID,
    HTTP_ORIGIN,
    HTTP_RANGE,
    HTTP_TRACEPARENT,
    HTTP_TRACESTATE,
    HTTP_TRANSFER_ENCODING,
    HTTP_USER_AGENT,
    HTTP_X_FORWARDED_FOR,
    HTTP_X_REQUEST_ID,
    HTTP_X_SMARTPASS,
    HTTP_HEADER_COUNT,
} http_header_id;

enum { HTTP_METHOD_MAX = 24, HTTP_FIELDS_MAX = 100 };

typedef enum {
    HEAD_FINE,
    HEAD_MALFORMED,
    HEAD_TARGET_TOO_LONG,
    HEAD_TOO_LARGE,
    HEAD_VERSION_UNKNOWN,
    HEAD_CODING_UNKNOWN,
    HEAD_EXPECTATION_UNKNOWN,
    HEAD_LENGTH_AMBIGUOUS,
    HEAD_NO_MEMORY,
} head_outcome;

typedef struct {
    const char *method;
    const char *path, *query; /* still percent-encoded; the query without its question mark */
    size_t path_length, query_length;
    const char *fields[HTTP_HEADER_COUNT]; /* values without blanks around; a list's repetitions are joined */
    int64_t content_length;                /* −1: chunked; 0: no body */
    bool keep_alive;
    bool http_1_0;
    bool expects_continue;
} request_head;

/* Bytes up to and including the empty line that ends a head; 0 while it is not there. *scanned is how far an earlier
 * call has looked, 0 at first. */
size_t http_head_end(const char *bytes, size_t size, size_t *scanned);

/* Whether bytes that begin like this can still become a head: of other protocols the first bytes already tell. */
bool http_head_may_begin(const char *bytes, size_t size);

/* Parses a whole head in place, writing NULs into it. Everything points into the text or the arena. Unless it is fine,
 * what had been read by then is in ret_head, the rest is empty. */
head_outcome http_head_parse(char *text, size_t size, size_t target_max, arena *memory, request_head *ret_head);
