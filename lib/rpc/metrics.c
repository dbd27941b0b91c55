/* The interceptor that counts calls and times them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "rpc_interceptors.h"

enum {
    CODES = SP_UNAUTHENTICATED + 1,
    BOUNDS = 15,
    ROWS_MAX = 4096,
    TEXT_CAP = 256 << 20, /* bytes; more than all rows take */
};

/* Upper bounds of the histogram's buckets, in microseconds; one more bucket has none. */
static const int64_t bounds_us[BOUNDS] = {500,    1000,   2500,    5000,    10000,   25000,    50000,   100000,
                                          250000, 500000, 1000000, 2500000, 5000000, 10000000, 60000000};

/* Of one method. Rows are made once and stay, so whoever has one may count without a lock. */
typedef struct {
    const rpc_method *method;
    atomic_llong started;
    atomic_llong in_flight;
    atomic_llong handled[CODES];
    atomic_llong refused[CODES];
    atomic_llong took[BOUNDS + 1];
    atomic_llong took_us;
} row;

struct rpc_metrics {
    pthread_mutex_t lock; /* of adding rows */
    _Atomic(row *) rows[ROWS_MAX];
    atomic_llong unknown; /* calls of methods that nobody knows: their names are the caller's, so they are not kept */
};

rpc_metrics *rpc_metrics_new(void)
{
    rpc_metrics *metrics = calloc(1, sizeof *metrics);

    if (metrics != NULL)
        pthread_mutex_init(&metrics->lock, NULL);
    return metrics;
}

void rpc_metrics_free(rpc_metrics *metrics)
{
    if (metrics == NULL)
        return;
    for (size_t i = 0; i < ROWS_MAX; i++)
        free(atomic_load(&metrics->rows[i]));
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

/* The method's row, or the free place where it belongs; NULL when all are taken. */
static _Atomic(row *) *place_of(rpc_metrics *metrics, const rpc_method *method)
{
    size_t at = (size_t)((uint64_t)(uintptr_t)method * 0x9e3779b97f4a7c15u >> 40);

    for (size_t i = 0; i < ROWS_MAX; i++) {
        _Atomic(row *) *place = &metrics->rows[(at + i) % ROWS_MAX];
        const row *found = atomic_load_explicit(place, memory_order_acquire);

        if (found == NULL || found->method == method)
            return place;
    }
    return NULL;
}

static row *add_row(rpc_metrics *metrics, const rpc_method *method)
{
    pthread_mutex_lock(&metrics->lock);

    _Atomic(row *) *place = place_of(metrics, method);
    row *found = place != NULL ? atomic_load(place) : NULL;

    if (place != NULL && found == NULL && (found = calloc(1, sizeof *found)) != NULL) {
        found->method = method;
        atomic_store_explicit(place, found, memory_order_release);
    }
    pthread_mutex_unlock(&metrics->lock);
    return found;
}

/* NULL when memory is out: the call is then served uncounted. */
static row *row_of(rpc_metrics *metrics, const rpc_method *method)
{
    _Atomic(row *) *place = place_of(metrics, method);
    row *found = place != NULL ? atomic_load_explicit(place, memory_order_acquire) : NULL;

    return found != NULL ? found : add_row(metrics, method);
}

static void count(atomic_llong *figure, long long by)
{
    atomic_fetch_add_explicit(figure, by, memory_order_relaxed);
}

static size_t code_index(sp_status status)
{
    return (size_t)status.code < CODES ? (size_t)status.code : (size_t)SP_UNKNOWN;
}

static sp_status begin(void *self, rpc_call *call)
{
    row *own = row_of(self, rpc_call_method(call));

    if (own != NULL) {
        count(&own->started, 1);
        count(&own->in_flight, 1);
    }
    (void)rpc_call_attach(call, self, own);
    return SP_DONE;
}

static void end(void *self, rpc_call *call, sp_status outcome)
{
    row *own = rpc_call_attached(call, self);
    int64_t took_us = rpc_call_age_us(call);
    size_t bucket = 0;

    if (own == NULL)
        return;
    while (bucket < BOUNDS && took_us > bounds_us[bucket])
        bucket++;
    count(&own->in_flight, -1);
    count(&own->handled[code_index(outcome)], 1);
    count(&own->took[bucket], 1);
    count(&own->took_us, took_us);
}

static void refused(void *self, const rpc_method *method, sp_status status)
{
    rpc_metrics *metrics = self;
    row *own = method != NULL ? row_of(metrics, method) : NULL;

    count(own != NULL ? &own->refused[code_index(status)] : &metrics->unknown, 1);
}

rpc_interceptor rpc_metrics_interceptor(rpc_metrics *metrics)
{
    return (rpc_interceptor){.self = metrics, .begin = begin, .end = end, .refused = refused};
}

/* ---- As text ----------------------------------------------------------------------------------------------------- */

static long long value(const atomic_llong *figure)
{
    return atomic_load_explicit((atomic_llong *)figure, memory_order_relaxed);
}

static const char *kind_name(rpc_kind kind)
{
    static const char *const names[] = {
        [RPC_UNARY] = "unary",
        [RPC_CLIENT_STREAM] = "client_stream",
        [RPC_SERVER_STREAM] = "server_stream",
        [RPC_BIDI] = "bidi_stream",
    };

    return names[kind];
}

/* The labels of a row, without the closing brace. Names of the contract need no escapes. */
static void write_name(FILE *out, const char *name, const char *suffix, const row *r)
{
    const char *service = r->method->path + 1;

    fprintf(out, "%s%s{type=\"%s\",service=\"%.*s\",method=\"%s\"", name, suffix, kind_name(r->method->kind),
            (int)strcspn(service, "/"), service, r->method->name);
}

static void write_one(FILE *out, const char *name, const row *r, const atomic_llong *figure)
{
    write_name(out, name, "", r);
    fprintf(out, "} %lld\n", value(figure));
}

static void write_codes(FILE *out, const char *name, const row *r, const atomic_llong *figures)
{
    for (size_t code = 0; code < CODES; code++) {
        if (value(&figures[code]) == 0)
            continue;
        write_name(out, name, "", r);
        fprintf(out, ",code=\"%s\"} %lld\n", sp_code_name((sp_code)code), value(&figures[code]));
    }
}

static void write_times(FILE *out, const char *name, const row *r)
{
    long long sum = 0;

    for (size_t i = 0; i <= BOUNDS; i++) {
        sum += value(&r->took[i]);
        write_name(out, name, "_bucket", r);
        if (i < BOUNDS)
            fprintf(out, ",le=\"%g\"} %lld\n", (double)bounds_us[i] / 1e6, sum);
        else
            fprintf(out, ",le=\"+Inf\"} %lld\n", sum);
    }
    write_name(out, name, "_sum", r);
    fprintf(out, "} %.6f\n", (double)value(&r->took_us) / 1e6);
    write_name(out, name, "_count", r);
    fprintf(out, "} %lld\n", sum);
}

typedef enum { STARTED, HANDLED, IN_FLIGHT, REFUSED, TIMES, FAMILIES } family;

static void write_row(FILE *out, family which, const char *name, const row *r)
{
    switch (which) {
    case STARTED:
        write_one(out, name, r, &r->started);
        break;
    case HANDLED:
        write_codes(out, name, r, r->handled);
        break;
    case IN_FLIGHT:
        write_one(out, name, r, &r->in_flight);
        break;
    case REFUSED:
        write_codes(out, name, r, r->refused);
        break;
    default:
        write_times(out, name, r);
    }
}

static void write_family(FILE *out, family which, const rpc_metrics *metrics)
{
    static const struct {
        const char *name;
        const char *type;
        const char *help;
    } about[FAMILIES] = {
        [STARTED] = {"rpc_server_started_total", "counter", "Calls that reached the interceptors."},
        [HANDLED] = {"rpc_server_handled_total", "counter", "Calls that have ended, by code."},
        [IN_FLIGHT] = {"rpc_server_in_flight", "gauge", "Calls under way, open streams among them."},
        [REFUSED] = {"rpc_server_refused_total", "counter", "Calls refused before any interceptor, by code."},
        [TIMES] = {"rpc_server_handling_seconds", "histogram", "From arrival to answer."},
    };

    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", about[which].name, about[which].help, about[which].name,
            about[which].type);
    for (size_t i = 0; i < ROWS_MAX; i++) {
        const row *r = atomic_load_explicit((_Atomic(row *) *)&metrics->rows[i], memory_order_acquire);

        if (r != NULL)
            write_row(out, which, about[which].name, r);
    }
    if (which == REFUSED)
        fprintf(out, "%s{type=\"\",service=\"\",method=\"\",code=\"UNIMPLEMENTED\"} %lld\n", about[which].name,
                value(&metrics->unknown));
}

char *rpc_metrics_text(rpc_metrics *metrics)
{
    byte_buffer text;

    byte_buffer_init(&text, TEXT_CAP);

    FILE *out = byte_buffer_stream(&text);

    if (out == NULL)
        return NULL;
    for (family which = STARTED; which < FAMILIES; which++)
        write_family(out, which, metrics);

    if (!byte_buffer_stream_close(out)) {
        byte_buffer_done(&text);
        return NULL;
    }
    return (char *)text.data;
}
