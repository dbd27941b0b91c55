/* One connected terminal: its life and what is sent to it. */
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>

#include "call.h"
#include "clock.h"
#include "link_parts.h"

terminal *terminal_new(server_link *link, link_connect_stream *stream)
{
    const caller *who = call_caller(link_connect_call(stream));
    terminal *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    atomic_init(&t->references, 1);
    pthread_mutex_init(&t->condition_lock, NULL);
    atomic_init(&t->last_seen_ms, clock_now_ms());
    t->link = link;
    t->stream = link_connect_hold(stream);
    t->enterprise_id = who->enterprise_id;
    t->device_id = who->device_id;
    snprintf(t->certificate, sizeof t->certificate, "%s", who->certificate_serial);
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
    capture_forget(t);
    screen_forget_parts(t);
    package_forget(t);
    link_connect_release(t->stream);
    pthread_mutex_destroy(&t->condition_lock);
    free(t);
}

bool is_word(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') && *c != '_')
            return false;
    return *text != '\0';
}

void terminal_end(terminal *t, sp_status status)
{
    if (!atomic_exchange(&t->closed, true))
        link_connect_finish(t->stream, status);
}

void terminal_cut(terminal *t, sp_status status)
{
    if (!atomic_exchange(&t->closed, true))
        rpc_stream_cut(link_connect_raw(t->stream), status);
}

void terminal_send(terminal *t, const Smartpass__Link__V1__ConnectResponse *message)
{
    if (!atomic_load(&t->closed) && link_connect_write(t->stream, message) == RPC_FULL)
        terminal_cut(t, LINK_TERMINAL_SLOW);
}

void terminal_note_counts(terminal *t, uint32_t people, uint32_t photos)
{
    atomic_store(&t->people_count, people < INT32_MAX ? (int)people : INT32_MAX);
    atomic_store(&t->photo_count, photos < INT32_MAX ? (int)photos : INT32_MAX);
}

/* Numbers of the protocol are unsigned, those of the database are not. */
static int64_t bounded(uint64_t number)
{
    return number < INT64_MAX ? (int64_t)number : INT64_MAX;
}

void terminal_note_condition(terminal *t, const Smartpass__Link__V1__Heartbeat *beat)
{
    pthread_mutex_lock(&t->condition_lock);
    t->condition.known = true;
    t->condition.unsent_records = bounded(beat->unsent_records);
    t->condition.unsent_snapshots = bounded(beat->unsent_snapshots);
    t->condition.free_bytes = bounded(beat->free_bytes);
    t->condition.total_bytes = bounded(beat->total_bytes);
    snprintf(t->condition.last_error, sizeof t->condition.last_error, "%s", beat->last_error);
    pthread_mutex_unlock(&t->condition_lock);
}

terminal_condition terminal_read_condition(terminal *t)
{
    pthread_mutex_lock(&t->condition_lock);
    const terminal_condition condition = t->condition;
    pthread_mutex_unlock(&t->condition_lock);
    return condition;
}

void terminal_post(terminal *t, void (*job)(void *terminal_))
{
    terminal_hold(t);
    if (!lanes_post(t->link->lanes, t->device_id, job, t)) {
        terminal_end(t, LINK_SERVER_BUSY);
        terminal_release(t);
    }
}
