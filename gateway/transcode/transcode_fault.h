/* What is wrong with a request that could not be transcoded, and where. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    FAULT_NONE,
    FAULT_MALFORMED_JSON,
    FAULT_UNKNOWN_FIELD,
    FAULT_DUPLICATE_FIELD,
    FAULT_UNKNOWN_PARAMETER,
    FAULT_INVALID_VALUE,
    FAULT_TOO_LARGE,
} fault_kind;

typedef struct {
    fault_kind kind;
    char where[256];   /* "employee.name", "grants[3].personId"; "" for the request as a whole */
    char message[256]; /* one sentence */
} transcode_fault;

/* "UNKNOWN_FIELD" and so on: a reason of google.rpc.ErrorInfo. */
const char *fault_reason(fault_kind kind);

/* Sets the fault unless one is set; where is "" then. Always returns false, so that callers can return it. */
bool fault_set(transcode_fault *fault, fault_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What found the fault calls these on its way out, innermost first: they complete where from its end. A place too long
 * to be shown keeps its end. */
bool fault_in_field(transcode_fault *fault, const char *name, size_t length);
bool fault_in_item(transcode_fault *fault, size_t index);
