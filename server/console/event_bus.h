/* Events on their way to watchers: a ring of the latest ones, and a cursor for each watcher. A watcher that reads
 * slowly falls behind in the ring, never in memory; one that fell out of it is told to load everything anew. */
#pragma once

#include "event_scope.h"
#include "operation_rules.h"
#include "rpc.h"
#include "smartpass/v1/console.rpc.h"

typedef struct event_bus event_bus;
typedef struct event_watcher event_watcher;

event_bus *event_bus_new(void);
void event_bus_free(event_bus *bus); /* when every watcher has left */

/* Whether an event of this enterprise should be published, because somebody watches. If not, the event counts as missed
 * by whoever comes back later. [any thread] */
bool event_bus_wants(event_bus *bus, int64_t enterprise_id);

/* Whom an event concerns. */
typedef struct {
    int64_t enterprise_id;
    int64_t operator_user_id; /* who started it: it is for those who may see that; 0: for every watcher */
    int64_t groups[2];        /* it is for those who see all of these; 0: none */
} event_audience;

/* Copies the event, gives it the next id and sends it to the watchers whom it concerns. [any thread] */
void event_bus_publish(event_bus *bus, const event_audience *audience, const Smartpass__V1__Event *event);

/* Events of this enterprise were not published although somebody watches: the watchers load everything anew. [any
 * thread] */
void event_bus_lost(event_bus *bus, int64_t enterprise_id);

/* Says to every watcher that nothing else has happened. [any thread] */
void event_bus_beat(event_bus *bus);

/* Every watcher's stream with a hold, in an array to be freed; NULL when memory is out. [any thread] */
console_watch_events_stream **event_bus_hold_all(event_bus *bus, size_t *ret_count);

/* Who watches. */
typedef struct {
    int64_t enterprise_id;
    operation_viewer operations;
    event_scope *scope; /* taken over, even on failure */
} event_viewer;

/* From now on, or from after last_event_id when the ring still has it; else a resync comes first. NULL when memory is
 * out. The stream is borrowed until event_bus_leave. */
event_watcher *event_bus_watch(event_bus *bus, const event_viewer *viewer, const char *last_event_id,
                               console_watch_events_stream *stream);

/* The streams of an enterprise whose scope is of another version of its tree, with a hold, in an array to be freed;
 * NULL when memory is out. [any thread] */
console_watch_events_stream **event_bus_hold_stale(event_bus *bus, int64_t enterprise_id, int64_t tree_version,
                                                   size_t *ret_count);

/* What the stream's watcher sees from now on; takes the scope over, also when the watcher has left. [any thread] */
void event_bus_rescope(event_bus *bus, const console_watch_events_stream *stream, event_scope *scope);

/* Whether the watcher's scope is this user's place in this version of the tree. [any thread] */
bool event_bus_scope_is(event_bus *bus, const console_watch_events_stream *stream, int64_t top_id,
                        int64_t tree_version);
void event_bus_writable(event_watcher *watcher); /* accepts NULL */
void event_bus_leave(event_watcher *watcher);    /* accepts NULL */
