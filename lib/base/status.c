#include "status.h"

#include <stddef.h>

const char *sp_code_name(sp_code code)
{
    static const char *const names[] = {
        [SP_OK] = "OK",
        [SP_CANCELLED] = "CANCELLED",
        [SP_UNKNOWN] = "UNKNOWN",
        [SP_INVALID_ARGUMENT] = "INVALID_ARGUMENT",
        [SP_DEADLINE_EXCEEDED] = "DEADLINE_EXCEEDED",
        [SP_NOT_FOUND] = "NOT_FOUND",
        [SP_ALREADY_EXISTS] = "ALREADY_EXISTS",
        [SP_PERMISSION_DENIED] = "PERMISSION_DENIED",
        [SP_RESOURCE_EXHAUSTED] = "RESOURCE_EXHAUSTED",
        [SP_FAILED_PRECONDITION] = "FAILED_PRECONDITION",
        [SP_ABORTED] = "ABORTED",
        [SP_OUT_OF_RANGE] = "OUT_OF_RANGE",
        [SP_UNIMPLEMENTED] = "UNIMPLEMENTED",
        [SP_INTERNAL] = "INTERNAL",
        [SP_UNAVAILABLE] = "UNAVAILABLE",
        [SP_DATA_LOSS] = "DATA_LOSS",
        [SP_UNAUTHENTICATED] = "UNAUTHENTICATED",
    };

    /* The code may have come off the wire; as unsigned, a negative one is out of range as well. */
    if ((unsigned)code >= sizeof names / sizeof *names)
        return "UNKNOWN";
    return names[code];
}
