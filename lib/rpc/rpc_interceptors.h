/* Interceptors ready for use: figures, deadlines, and limits on calls at once. In a chain they usually stand in this
 * order and before the one that asks who is calling, so that the figures know of all that the others refuse. */
#pragma once

#include "rpc.h"

PROTOBUF_C__BEGIN_DECLS

/* ---- Figures ----------------------------------------------------------------------------------------------------- */

/* Counts calls by method and code, how long they took and how many are in flight. It may serve several servers. */
typedef struct rpc_metrics rpc_metrics;

rpc_metrics *rpc_metrics_new(void);          /* NULL when memory is out */
void rpc_metrics_free(rpc_metrics *metrics); /* after its servers; NULL is nothing */
rpc_interceptor rpc_metrics_interceptor(rpc_metrics *metrics);

/* All of it as Prometheus reads it: rpc_server_started_total, rpc_server_handled_total, rpc_server_in_flight,
 * rpc_server_handling_seconds (a histogram; a stream takes as long as it lasts) and rpc_server_refused_total for calls
 * that reached no interceptor. Text of malloc, NULL when memory is out. [any thread] */
char *rpc_metrics_text(rpc_metrics *metrics);

/* ---- Deadlines --------------------------------------------------------------------------------------------------- */

/* Milliseconds; 0: none. */
typedef struct {
    const char *path;   /* "/smartpass.v1.PeopleService/GetEmployee" */
    int64_t default_ms; /* for callers who state none */
    int64_t max_ms;     /* for all */
} rpc_deadline;

/* Streams last, so only those that are named here have a deadline of the server's. Everything is borrowed. */
typedef struct {
    rpc_deadline unary; /* of unary methods that are not named; its path is ignored */
    const rpc_deadline *methods;
    size_t method_count;
} rpc_deadlines;

rpc_interceptor rpc_deadlines_interceptor(const rpc_deadlines *deadlines);

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

/* Calls at once, beyond which one is refused with RESOURCE_EXHAUSTED, reason TOO_MANY_CALLS; 0: no limit. */
typedef struct {
    const char *path;
    int at_once;
} rpc_quota;

/* Streams count as long as they are open. A peer is an address without its port; those on unix sockets have none and
 * are not counted, because a whole gateway may be behind them. Everything is borrowed. */
typedef struct {
    int of_method; /* of each method that is not named */
    int of_peer;
    const rpc_quota *methods;
    size_t method_count;
} rpc_quotas;

/* Keeps count for one server. NULL when memory is out. */
typedef struct rpc_limiter rpc_limiter;
rpc_limiter *rpc_limiter_new(const rpc_quotas *quotas);
void rpc_limiter_free(rpc_limiter *limiter); /* after its server; NULL is nothing */
rpc_interceptor rpc_limiter_interceptor(rpc_limiter *limiter);

PROTOBUF_C__END_DECLS
