/* Events on their way to watchers: a ring of the latest ones, and a cursor for each watcher. A watcher that reads
 * slowly falls behind in the ring, never in memory; one that fell out of it is told to load everything anew. */
#pragma once

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

/* Copies the event, gives it the next id and sends it to the enterprise's watchers. [any thread] */
void event_bus_publish(event_bus *bus, int64_t enterprise_id, const Smartpass__V1__Event *event);

/* The same for what a user has started: those watchers alone get it who may see that. */
void event_bus_publish_of(event_bus *bus, int64_t enterprise_id, int64_t operator_user_id,
                          const Smartpass__V1__Event *event);

/* Events of this enterprise were not published although somebody watches: the watchers load everything anew. [any
 * thread] */
void event_bus_lost(event_bus *bus, int64_t enterprise_id);

/* Says to every watcher that nothing else has happened. [any thread] */
void event_bus_beat(event_bus *bus);

/* Every watcher's stream with a hold, in an array to be freed; NULL when memory is out. [any thread] */
console_watch_events_stream **event_bus_hold_all(event_bus *bus, size_t *ret_count);

/* From now on, or from after last_event_id when the ring still has it; else a resync comes first. NULL when memory is
 * out. The stream is borrowed until event_bus_leave. */
event_watcher *event_bus_watch(event_bus *bus, int64_t enterprise_id, operation_viewer viewer,
                               const char *last_event_id, console_watch_events_stream *stream);
void event_bus_writable(event_watcher *watcher); /* accepts NULL */
void event_bus_leave(event_watcher *watcher);    /* accepts NULL */
