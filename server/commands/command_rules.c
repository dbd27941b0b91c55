#include "command_rules.h"

#include <string.h>

#define STATE(name) SMARTPASS__V1__COMMAND_STATE__COMMAND_STATE_##name
#define KIND(name) SMARTPASS__V1__COMMAND_KIND__COMMAND_KIND_##name
#define EVENT(name) SMARTPASS__LINK__V1__COMMAND_EVENT__COMMAND_EVENT_##name

int64_t command_good_for_ms(command_kind kind)
{
    switch (kind) {
    case KIND(RESTART):
    case KIND(SHUT_DOWN):
        return COMMAND_POWER_MS;
    case KIND(RESET):
        return COMMAND_RESET_MS;
    default:
        return COMMAND_DOOR_MS;
    }
}

bool command_is_over(const command_standing *standing)
{
    return standing->state != STATE(SENT) && standing->state != STATE(RECEIVED);
}

const char *command_refusal(bool online, bool approved)
{
    if (!approved)
        return "DEVICE_WAITING";
    return online ? "" : "DEVICE_OFFLINE";
}

static bool was_given_up(const command_standing *standing)
{
    return standing->state == STATE(FAILED) && strcmp(standing->reason, "DEVICE_LEFT") == 0;
}

static bool is_reason(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') && *c != '_')
            return false;
    return *text != '\0';
}

bool command_moved(const command_standing *now, command_event event, const char *reason, command_standing *ret_next)
{
    if (command_is_over(now) && !was_given_up(now))
        return false;
    switch (event) {
    case EVENT(RECEIVED):
        *ret_next = (command_standing){STATE(RECEIVED), ""};
        return now->state != STATE(RECEIVED);
    case EVENT(DONE):
        *ret_next = (command_standing){STATE(DONE), ""};
        return true;
    case EVENT(FAILED):
        *ret_next = (command_standing){STATE(FAILED), is_reason(reason) ? reason : "UNEXPLAINED"};
        return true;
    case EVENT(EXPIRED):
        /* One that it had already said to have: it has lost what it wrote down. */
        *ret_next = now->state == STATE(RECEIVED) ? (command_standing){STATE(FAILED), "INTERRUPTED"}
                                                  : (command_standing){STATE(EXPIRED), ""};
        return true;
    default:
        return false;
    }
}
