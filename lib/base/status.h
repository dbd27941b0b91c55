/* One error value for the whole house. A status is small, copied freely and owns nothing: reason and message are
 * static strings. Dynamic facts (which field, which limit) travel as details of the call, never in the message. */
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are gRPC's, so that a status crosses the wire unchanged. */
typedef enum {
    SP_OK = 0,
    SP_CANCELLED = 1,
    SP_UNKNOWN = 2,
    SP_INVALID_ARGUMENT = 3,
    SP_DEADLINE_EXCEEDED = 4,
    SP_NOT_FOUND = 5,
    SP_ALREADY_EXISTS = 6,
    SP_PERMISSION_DENIED = 7,
    SP_RESOURCE_EXHAUSTED = 8,
    SP_FAILED_PRECONDITION = 9,
    SP_ABORTED = 10,
    SP_OUT_OF_RANGE = 11,
    SP_UNIMPLEMENTED = 12,
    SP_INTERNAL = 13,
    SP_UNAVAILABLE = 14,
    SP_DATA_LOSS = 15,
    SP_UNAUTHENTICATED = 16,
} sp_code;

typedef struct {
    sp_code code;
    const char *reason;  /* UPPER_SNAKE_CASE, stable, what clients test; "" when done */
    const char *message; /* one English sentence for a developer; "" when done */
} sp_status;

#define SP_DONE ((sp_status){SP_OK, "", ""})

/* Declares a status of a domain: SP_STATUS(DEVICE_OFFLINE, SP_FAILED_PRECONDITION, "The terminal is offline."); */
#define SP_STATUS(name, code_, message_) static const sp_status name = {code_, #name, message_}

SP_STATUS(OUT_OF_MEMORY, SP_RESOURCE_EXHAUSTED, "Memory is exhausted.");

#define SP_MUST_USE __attribute__((warn_unused_result))

static inline bool sp_failed(sp_status status)
{
    return status.code != SP_OK;
}

/* For checks that are all made, whatever came of the others. */
static inline sp_status sp_first_failure(sp_status a, sp_status b)
{
    return sp_failed(a) ? a : b;
}

/* The upper-snake name of a code as google.rpc.Code spells it, e.g. "NOT_FOUND"; "UNKNOWN" for any other number. */
const char *sp_code_name(sp_code code);

#ifdef __cplusplus
}
#endif
