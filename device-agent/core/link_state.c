#include "link_state.h"

#include <stddef.h>

static const struct {
    link_state from;
    link_event on;
    link_state to;
    link_action action;
} transitions[] = {
    {LINK_UNENROLLED, LINK_ENROLLED, LINK_WAITING, LINK_DIAL_LATER},

    {LINK_CUT, LINK_CARRIER_FOUND, LINK_DIALLING, LINK_DIAL},

    {LINK_WAITING, LINK_DUE, LINK_DIALLING, LINK_DIAL},
    {LINK_WAITING, LINK_RENEWAL_DUE, LINK_RENEWING, LINK_RENEW},
    {LINK_WAITING, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},

    {LINK_REFUSED, LINK_DUE, LINK_DIALLING, LINK_DIAL},
    {LINK_REFUSED, LINK_RENEWAL_DUE, LINK_RENEWING, LINK_RENEW},
    {LINK_REFUSED, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},

    {LINK_RENEWING, LINK_RENEWED, LINK_DIALLING, LINK_DIAL},
    {LINK_RENEWING, LINK_NOT_RENEWED, LINK_DIALLING, LINK_DIAL},
    {LINK_RENEWING, LINK_DENIED, LINK_DIALLING, LINK_DIAL},
    {LINK_RENEWING, LINK_LOST, LINK_WAITING, LINK_DIAL_LATER},
    {LINK_RENEWING, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},

    {LINK_DIALLING, LINK_OPENED, LINK_GREETING, LINK_SAY_HELLO},
    {LINK_DIALLING, LINK_LOST, LINK_WAITING, LINK_DIAL_LATER},
    {LINK_DIALLING, LINK_DENIED, LINK_REFUSED, LINK_DIAL_MUCH_LATER},
    {LINK_DIALLING, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},

    {LINK_GREETING, LINK_WELCOMED, LINK_ONLINE, LINK_SEND_BACKLOG},
    {LINK_GREETING, LINK_LOST, LINK_WAITING, LINK_DIAL_LATER},
    {LINK_GREETING, LINK_DENIED, LINK_REFUSED, LINK_DIAL_MUCH_LATER},
    {LINK_GREETING, LINK_WIPE_ORDERED, LINK_UNENROLLED, LINK_WIPE},
    {LINK_GREETING, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},

    {LINK_ONLINE, LINK_LOST, LINK_WAITING, LINK_DIAL_LATER},
    {LINK_ONLINE, LINK_DENIED, LINK_REFUSED, LINK_DIAL_MUCH_LATER},
    {LINK_ONLINE, LINK_RENEWAL_DUE, LINK_RENEWING, LINK_RENEW},
    {LINK_ONLINE, LINK_WIPE_ORDERED, LINK_UNENROLLED, LINK_WIPE},
    {LINK_ONLINE, LINK_CARRIER_LOST, LINK_CUT, LINK_HANG_UP},
};

link_action link_step(link_state *state, link_event event)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++)
        if (transitions[i].from == *state && transitions[i].on == event) {
            *state = transitions[i].to;
            return transitions[i].action;
        }
    return LINK_DO_NOTHING;
}

const char *link_state_name(link_state state)
{
    static const char *const names[LINK_STATES] = {"not enrolled", "no network", "waiting",  "not authorised",
                                                   "renewing",     "dialling",   "greeting", "online"};

    return state < LINK_STATES ? names[state] : "";
}
