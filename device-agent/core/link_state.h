/* The life of the link as a table of transitions. Decides, never acts: whoever drives the link performs the action and
 * reports what came of it as the next event. Pure. */
#pragma once

typedef enum {
    LINK_UNENROLLED, /* no certificate: nothing to dial with */
    LINK_CUT,        /* no carrier */
    LINK_WAITING,    /* for the next attempt */
    LINK_REFUSED,    /* not authorised: asks again only after a long while */
    LINK_RENEWING,   /* asking for a new certificate */
    LINK_DIALLING,   /* TCP, TLS, HTTP/2 */
    LINK_GREETING,   /* hello sent, waiting for the welcome */
    LINK_ONLINE,
    LINK_STATES,
} link_state;

typedef enum {
    LINK_ENROLLED,    /* there is a certificate */
    LINK_DUE,         /* the wait is over */
    LINK_RENEWAL_DUE, /* the wait is over or the certificate is ageing: a new one comes first */
    LINK_RENEWED,     /* the new certificate is on the disk */
    LINK_NOT_RENEWED, /* the server answered, but gave none: the old one may still do */
    LINK_OPENED,      /* the stream stands */
    LINK_WELCOMED,
    LINK_LOST,   /* connection broken, timed out, or ended by the server */
    LINK_DENIED, /* the server does not authorise this terminal */
    LINK_WIPE_ORDERED,
    LINK_CARRIER_LOST,
    LINK_CARRIER_FOUND,
    LINK_EVENTS,
} link_event;

typedef enum {
    LINK_DO_NOTHING,
    LINK_DIAL,
    LINK_RENEW, /* hang up if need be, then ask for a new certificate */
    LINK_SAY_HELLO,
    LINK_SEND_BACKLOG,
    LINK_DIAL_LATER,      /* hang up, wait by the backoff */
    LINK_DIAL_MUCH_LATER, /* hang up, wait long */
    LINK_HANG_UP,         /* there is no carrier: nobody hears a good-bye */
    LINK_WIPE,            /* hang up, clear people, records and certificate */
} link_action;

/* Moves the state; events that a state does not list change nothing. */
link_action link_step(link_state *state, link_event event);

/* "online", "waiting", …: for status and screen. */
const char *link_state_name(link_state state);
