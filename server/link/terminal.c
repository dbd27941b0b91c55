/* One connected terminal: its life and what is sent to it. */
#include "terminal.h"

#include <stdlib.h>

#include "clock.h"
#include "link_parts.h"

terminal *terminal_new(server_link *link, link_connect_stream *stream, int64_t enterprise_id, int64_t device_id)
{
    terminal *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    atomic_init(&t->references, 1);
    atomic_init(&t->last_seen_ms, clock_now_ms());
    t->link = link;
    t->stream = link_connect_hold(stream);
    t->enterprise_id = enterprise_id;
    t->device_id = device_id;
    return t;
}

terminal *terminal_hold(terminal *t)
{
    atomic_fetch_add(&t->references, 1);
    return t;
}

void terminal_release(terminal *t)
{
    if (!t || atomic_fetch_sub(&t->references, 1) != 1)
        return;
    snapshot_forget(t);
    link_connect_release(t->stream);
    free(t);
}

void terminal_end(terminal *t, sp_status status)
{
    if (!atomic_exchange(&t->closed, true))
        link_connect_finish(t->stream, status);
}

void terminal_send(terminal *t, const Smartpass__Link__V1__ConnectResponse *message)
{
    /* What is queued would never leave, and neither would a status behind it. */
    if (!atomic_load(&t->closed) && link_connect_write(t->stream, message) == RPC_FULL &&
        !atomic_exchange(&t->closed, true))
        rpc_stream_cut(link_connect_raw(t->stream), LINK_TERMINAL_SLOW);
}

void terminal_post(terminal *t, void (*job)(void *terminal_))
{
    terminal_hold(t);
    if (!lanes_post(t->link->lanes, t->device_id, job, t)) {
        terminal_end(t, LINK_SERVER_BUSY);
        terminal_release(t);
    }
}
