#include "transcode_fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

enum { NAME_SHOWN_MAX = 80 };

const char *fault_reason(fault_kind kind)
{
    static const char *const reasons[] = {
        [FAULT_NONE] = "",
        [FAULT_MALFORMED_JSON] = "MALFORMED_JSON",
        [FAULT_UNKNOWN_FIELD] = "UNKNOWN_FIELD",
        [FAULT_DUPLICATE_FIELD] = "DUPLICATE_FIELD",
        [FAULT_UNKNOWN_PARAMETER] = "UNKNOWN_PARAMETER",
        [FAULT_INVALID_VALUE] = "INVALID_VALUE",
        [FAULT_TOO_LARGE] = "TOO_LARGE",
    };

    return reasons[kind];
}

bool fault_set(transcode_fault *fault, fault_kind kind, const char *format, ...)
{
    va_list args;

    if (fault->kind != FAULT_NONE)
        return false;
    fault->kind = kind;
    fault->where[0] = '\0';
    va_start(args, format);
    vsnprintf(fault->message, sizeof fault->message, format, args);
    va_end(args);
    return false;
}

static void put_before(transcode_fault *fault, const char *text, size_t length)
{
    size_t held = strlen(fault->where);

    if (length + held >= sizeof fault->where)
        return;
    memmove(fault->where + length, fault->where, held + 1);
    memcpy(fault->where, text, length);
}

/* A name may be anything that a client sent: long ones are cut between two characters. */
static size_t shown_length(const char *name, size_t length)
{
    const uint8_t *at = (const uint8_t *)name, *end = at + length;
    size_t shown = 0;

    while (at + shown < end && shown < NAME_SHOWN_MAX) {
        size_t n = utf8_length(at + shown, end);

        if (n == 0)
            break;
        shown += n;
    }
    return shown;
}

bool fault_in_field(transcode_fault *fault, const char *name, size_t length)
{
    if (fault->where[0] != '\0' && fault->where[0] != '[')
        put_before(fault, ".", 1);
    put_before(fault, name, shown_length(name, length));
    return false;
}

bool fault_in_item(transcode_fault *fault, size_t index)
{
    char text[24];

    if (fault->where[0] != '\0' && fault->where[0] != '[')
        put_before(fault, ".", 1);
    put_before(fault, text, (size_t)snprintf(text, sizeof text, "[%zu]", index));
    return false;
}
