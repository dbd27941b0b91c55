/* A ring of events and the watchers who follow it. */
#include "event_bus.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

typedef Smartpass__V1__Event Event;

enum { RING = 4096, ID_SIZE = 40, LAPSES = 1024 };

typedef struct {
    event_audience audience;
    Event *event; /* unpacked, malloc's */
} ring_entry;

struct event_watcher {
    event_bus *bus;
    event_watcher *next;
    event_viewer viewer;
    console_watch_events_stream *stream;
    uint64_t cursor; /* the next entry to look at */
    bool resync;     /* to be told first */
    bool full;       /* the stream takes no more until it says so */
};

/* One lock for all: what happens under it is a copy of a pointer and a write into a stream's queue. */
struct event_bus {
    pthread_mutex_t lock;
    uint64_t run;  /* tells the ids of this process from those of the one before */
    uint64_t head; /* number of the next entry */
    event_watcher *watchers;
    /* By enterprise, several of which may share a place: one more than the number that the last event would have had
     * that nobody put in the ring. Whoever wants to go on from before it has missed something. */
    uint64_t lapses[LAPSES];
    ring_entry ring[RING];
};

event_bus *event_bus_new(void)
{
    event_bus *bus = calloc(1, sizeof *bus);
    if (!bus)
        return NULL;
    pthread_mutex_init(&bus->lock, NULL);
    bus->run = (uint64_t)clock_now_ms();
    return bus;
}

static void free_event(Event *event)
{
    if (event)
        smartpass__v1__event__free_unpacked(event, NULL);
}

void event_bus_free(event_bus *bus)
{
    if (!bus)
        return;
    for (size_t i = 0; i < RING; i++)
        free_event(bus->ring[i].event);
    pthread_mutex_destroy(&bus->lock);
    free(bus);
}

static uint64_t *lapse_of(event_bus *bus, int64_t enterprise_id)
{
    return &bus->lapses[((uint64_t)enterprise_id * 0x9E3779B97F4A7C15u >> 40) % LAPSES];
}

bool event_bus_wants(event_bus *bus, int64_t enterprise_id)
{
    bool watched = false;

    pthread_mutex_lock(&bus->lock);
    for (event_watcher *w = bus->watchers; w && !watched; w = w->next)
        watched = w->viewer.enterprise_id == enterprise_id;
    if (!watched)
        *lapse_of(bus, enterprise_id) = bus->head + 1;
    pthread_mutex_unlock(&bus->lock);
    return watched;
}

/* ---- Sending ----------------------------------------------------------------------------------------------------- */

static uint64_t tail_of(const event_bus *bus)
{
    return bus->head > RING ? bus->head - RING : 0;
}

/* Locked. False when the stream takes no more at the moment. */
static bool send(event_watcher *w, const Event *event)
{
    w->full = console_watch_events_write(w->stream, event) == RPC_FULL;
    return !w->full;
}

/* Locked. An event of the watcher's own: its id says how far it has come. */
static bool send_own(event_bus *bus, event_watcher *w, Event *event)
{
    char id[ID_SIZE];

    snprintf(id, sizeof id, "%" PRIx64 "-%" PRIu64, bus->run, w->cursor);
    event->id = id;
    return send(w, event);
}

static bool send_resync(event_bus *bus, event_watcher *w)
{
    Event event = SMARTPASS__V1__EVENT__INIT;
    Smartpass__V1__Resync resync = SMARTPASS__V1__RESYNC__INIT;

    event.event_case = SMARTPASS__V1__EVENT__EVENT_RESYNC;
    event.resync = &resync;
    w->resync = !send_own(bus, w, &event);
    return !w->resync;
}

static bool concerns(const event_watcher *w, const ring_entry *entry)
{
    const event_audience *to = &entry->audience;

    if (to->enterprise_id != w->viewer.enterprise_id ||
        (to->operator_user_id && !operation_visible(&w->viewer.operations, to->operator_user_id)))
        return false;
    for (size_t i = 0; i < sizeof to->groups / sizeof *to->groups; i++)
        if (to->groups[i] && !event_scope_has(w->viewer.scope, to->groups[i]))
            return false;
    return true;
}

/* Locked. Sends what the watcher has not seen, as far as its stream takes it. */
static void pump(event_bus *bus, event_watcher *w)
{
    if (w->full)
        return;
    if (w->cursor < tail_of(bus)) {
        w->cursor = bus->head;
        w->resync = true;
    }
    if (w->resync && !send_resync(bus, w))
        return;
    for (; w->cursor < bus->head; w->cursor++) {
        const ring_entry *entry = &bus->ring[w->cursor % RING];
        if (concerns(w, entry) && !send(w, entry->event))
            return;
    }
}

/* Packing and unpacking is the one deep copy that protobuf-c offers. */
static Event *copy_event(const Event *event)
{
    size_t size = smartpass__v1__event__get_packed_size(event);
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    if (!bytes)
        return NULL;
    smartpass__v1__event__pack(event, bytes);
    Event *copy = smartpass__v1__event__unpack(NULL, size, bytes);
    free(bytes);
    return copy;
}

void event_bus_publish(event_bus *bus, const event_audience *audience, const Event *event)
{
    char id[ID_SIZE];
    Event numbered = *event;

    pthread_mutex_lock(&bus->lock);
    snprintf(id, sizeof id, "%" PRIx64 "-%" PRIu64, bus->run, bus->head + 1);
    numbered.id = id;
    Event *copy = copy_event(&numbered);
    if (copy) {
        ring_entry *entry = &bus->ring[bus->head % RING];
        free_event(entry->event);
        *entry = (ring_entry){*audience, copy};
        bus->head++;
        for (event_watcher *w = bus->watchers; w; w = w->next)
            pump(bus, w); /* also those of others, so that only what concerns them can make them fall behind */
    }
    pthread_mutex_unlock(&bus->lock);
}

void event_bus_lost(event_bus *bus, int64_t enterprise_id)
{
    pthread_mutex_lock(&bus->lock);
    *lapse_of(bus, enterprise_id) = bus->head + 1;
    for (event_watcher *w = bus->watchers; w; w = w->next)
        if (w->viewer.enterprise_id == enterprise_id) {
            w->resync = true;
            pump(bus, w);
        }
    pthread_mutex_unlock(&bus->lock);
}

void event_bus_beat(event_bus *bus)
{
    Event event = SMARTPASS__V1__EVENT__INIT;
    Smartpass__V1__Heartbeat beat = SMARTPASS__V1__HEARTBEAT__INIT;

    event.event_case = SMARTPASS__V1__EVENT__EVENT_HEARTBEAT;
    event.heartbeat = &beat;
    pthread_mutex_lock(&bus->lock);
    for (event_watcher *w = bus->watchers; w; w = w->next)
        if (!w->full)
            send_own(bus, w, &event);
    pthread_mutex_unlock(&bus->lock);
}

/* Locked. Those of one enterprise whose scope is of another version of its tree; with enterprise_id 0 all. */
static console_watch_events_stream **hold(event_bus *bus, int64_t enterprise_id, int64_t tree_version,
                                          size_t *ret_count)
{
    size_t count = 0, n = 0;

    for (event_watcher *w = bus->watchers; w; w = w->next)
        count++;
    console_watch_events_stream **streams = calloc(count + 1, sizeof *streams);
    for (event_watcher *w = bus->watchers; w && streams; w = w->next)
        if (enterprise_id == 0 ||
            (w->viewer.enterprise_id == enterprise_id && w->viewer.scope->tree_version != tree_version))
            streams[n++] = console_watch_events_hold(w->stream);
    *ret_count = n;
    return streams;
}

console_watch_events_stream **event_bus_hold_all(event_bus *bus, size_t *ret_count)
{
    pthread_mutex_lock(&bus->lock);
    console_watch_events_stream **streams = hold(bus, 0, 0, ret_count);
    pthread_mutex_unlock(&bus->lock);
    return streams;
}

console_watch_events_stream **event_bus_hold_stale(event_bus *bus, int64_t enterprise_id, int64_t tree_version,
                                                   size_t *ret_count)
{
    pthread_mutex_lock(&bus->lock);
    console_watch_events_stream **streams = hold(bus, enterprise_id, tree_version, ret_count);
    pthread_mutex_unlock(&bus->lock);
    return streams;
}

/* Locked. NULL when it has left. */
static event_watcher *watcher_of(const event_bus *bus, const console_watch_events_stream *stream)
{
    event_watcher *w = bus->watchers;

    while (w && w->stream != stream)
        w = w->next;
    return w;
}

void event_bus_rescope(event_bus *bus, const console_watch_events_stream *stream, event_scope *scope)
{
    pthread_mutex_lock(&bus->lock);
    event_watcher *w = watcher_of(bus, stream);
    event_scope *unused = scope;
    if (w) {
        unused = w->viewer.scope;
        w->viewer.scope = scope;
    }
    pthread_mutex_unlock(&bus->lock);
    event_scope_free(unused);
}

bool event_bus_scope_is(event_bus *bus, const console_watch_events_stream *stream, int64_t top_id, int64_t tree_version)
{
    pthread_mutex_lock(&bus->lock);
    const event_watcher *w = watcher_of(bus, stream);
    bool same = w && w->viewer.scope->top_id == top_id && w->viewer.scope->tree_version == tree_version;
    pthread_mutex_unlock(&bus->lock);
    return same;
}

/* ---- Watching ---------------------------------------------------------------------------------------------------- */

/* Locked. An id names the entry after the one that carried it. */
static void place_cursor(event_bus *bus, event_watcher *w, const char *last_event_id)
{
    uint64_t run, next;

    w->cursor = bus->head;
    if (!last_event_id[0])
        return;
    if (sscanf(last_event_id, "%" SCNx64 "-%" SCNu64, &run, &next) == 2 && run == bus->run && next <= bus->head &&
        next >= tail_of(bus) && next >= *lapse_of(bus, w->viewer.enterprise_id))
        w->cursor = next;
    else
        w->resync = true;
}

event_watcher *event_bus_watch(event_bus *bus, const event_viewer *viewer, const char *last_event_id,
                               console_watch_events_stream *stream)
{
    event_watcher *w = calloc(1, sizeof *w);
    if (!w) {
        event_scope_free(viewer->scope);
        return NULL;
    }
    *w = (event_watcher){.bus = bus, .viewer = *viewer, .stream = stream};

    pthread_mutex_lock(&bus->lock);
    place_cursor(bus, w, last_event_id);
    w->next = bus->watchers;
    bus->watchers = w;
    pump(bus, w);
    pthread_mutex_unlock(&bus->lock);
    return w;
}

void event_bus_writable(event_watcher *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->bus->lock);
    w->full = false;
    pump(w->bus, w);
    pthread_mutex_unlock(&w->bus->lock);
}

void event_bus_leave(event_watcher *w)
{
    if (!w)
        return;
    event_bus *bus = w->bus;
    pthread_mutex_lock(&bus->lock);
    event_watcher **place = &bus->watchers;
    while (*place != w)
        place = &(*place)->next;
    *place = w->next;
    pthread_mutex_unlock(&bus->lock);
    event_scope_free(w->viewer.scope);
    free(w);
}
