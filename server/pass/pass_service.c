/* Grants and pass records: the handlers. */
#include <stdlib.h>

#include "body_stream.h"
#include "call.h"
#include "grant_store.h"
#include "org.h"
#include "pass_store.h"
#include "smartpass/v1/pass.names.h"
#include "smartpass/v1/pass.rpc.h"
#include "timestamp.h"

/* A picture, sealed and open, and a few rows. */
#define SNAPSHOT_ARENA_BYTES (4u << 20)

struct server_pass {
    pass_options options;
};

static sp_status scope_find(rpc_call *call, db_tx **ret_tx, db_arg *ret_groups)
{
    const caller *who = call_caller(call);
    sp_status st = call_tx(call, ret_tx);

    return sp_failed(st) ? st : org_scope(*ret_tx, who, 0, ret_groups);
}

/* ---- Grants ------------------------------------------------------------------------------------------------------ */

static sp_status list_grants(rpc_call *call, const ListGrantsRequest *request, ListGrantsResponse *reply)
{
    arena *a = rpc_call_arena(call);
    grant_filter filter = {
        .enterprise_id = call_caller(call)->enterprise_id,
        .person_id = request->person_id,
        .device_id = request->device_id,
        .state = request->state,
        .query = request->query,
        .now_ms = call_now_ms(call),
    };
    int64_t last_ms;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = scope_find(call, &tx, &filter.groups);
    if (!sp_failed(st))
        st = grant_store_list(tx, &filter, &p, &reply->grants, &reply->n_grants, &last_ms);
    if (!sp_failed(st))
        st = grant_store_count(tx, &filter, &reply->total_size);
    if (sp_failed(st) || reply->n_grants <= (size_t)p.size)
        return st;

    reply->n_grants = (size_t)p.size;
    const Grant *last = reply->grants[p.size - 1];
    const char *device = arena_printf(a, "%lld", (long long)last->device_id);
    reply->next_page_token = device ? page_token(a, device, last_ms, last->person_id) : "";
    return SP_DONE;
}

static sp_status read_window(rpc_call *call, const BatchCreateGrantsRequest *request, grant_order *order)
{
    if (!timestamp_to_ms(request->valid_from, &order->valid_from_ms))
        return rpc_call_violation(call, "valid_from", "OUT_OF_RANGE", "This is no time of the calendar.");
    if (!timestamp_to_ms(request->valid_until, &order->valid_until_ms))
        return rpc_call_violation(call, "valid_until", "OUT_OF_RANGE", "This is no time of the calendar.");
    if (request->valid_until && order->valid_until_ms <= order->now_ms)
        return rpc_call_violation(call, "valid_until", "IN_THE_PAST", "The end lies in the past.");
    if (request->valid_until && order->valid_until_ms <= order->valid_from_ms)
        return rpc_call_violation(call, "valid_until", "BEFORE_START", "The end comes before the start.");
    return SP_DONE;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted and each once, because the counts are compared with what is known. */
static const int64_t *unique_ids(arena *a, const int64_t *ids, size_t count, size_t *ret_count)
{
    int64_t *sorted = arena_array(a, count, sizeof *sorted);
    size_t n = 0;

    if (!sorted)
        return NULL;
    for (size_t i = 0; i < count; i++)
        sorted[i] = ids[i];
    qsort(sorted, count, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || sorted[i] != sorted[n - 1])
            sorted[n++] = sorted[i];
    *ret_count = n;
    return sorted;
}

static sp_status batch_create_grants(rpc_call *call, const BatchCreateGrantsRequest *request,
                                     BatchCreateGrantsResponse *reply)
{
    arena *a = rpc_call_arena(call);
    grant_order order = {.enterprise_id = call_caller(call)->enterprise_id, .now_ms = call_now_ms(call)};
    grant_outcome outcome;
    db_tx *tx;

    call_audit_object(call, "%zu people at %zu terminals", request->n_person_ids, request->n_device_ids);
    sp_status st = read_window(call, request, &order);
    if (sp_failed(st))
        return st;
    order.person_ids = unique_ids(a, request->person_ids, request->n_person_ids, &order.person_count);
    order.device_ids = unique_ids(a, request->device_ids, request->n_device_ids, &order.device_count);
    if (!order.person_ids || !order.device_ids)
        return DB_NO_MEMORY;

    st = scope_find(call, &tx, &order.groups);
    if (!sp_failed(st))
        st = grant_store_put(tx, &order, &outcome, &reply->count);
    if (sp_failed(st))
        return st;
    if (outcome == GRANT_PERSON_UNKNOWN)
        return rpc_call_violation(call, "person_ids", "PERSON_UNKNOWN", "One of the people does not exist.");
    if (outcome == GRANT_DEVICE_UNKNOWN)
        return rpc_call_violation(call, "device_ids", "DEVICE_UNKNOWN", "One of the terminals does not exist.");
    call_audit_after(call, &request->base);
    return SP_DONE;
}

static sp_status batch_revoke_grants(rpc_call *call, const BatchRevokeGrantsRequest *request,
                                     BatchRevokeGrantsResponse *reply)
{
    arena *a = rpc_call_arena(call);
    int64_t *devices = arena_array(a, request->n_grants, sizeof *devices);
    int64_t *people = arena_array(a, request->n_grants, sizeof *people);
    grant_order pairs = {
        .enterprise_id = call_caller(call)->enterprise_id,
        .person_ids = people,
        .person_count = request->n_grants,
        .device_ids = devices,
        .device_count = request->n_grants,
        .now_ms = call_now_ms(call),
    };
    db_tx *tx;

    call_audit_object(call, "%zu grants", request->n_grants);
    if (!devices || !people)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < request->n_grants; i++) {
        devices[i] = request->grants[i]->device_id;
        people[i] = request->grants[i]->person_id;
    }
    sp_status st = scope_find(call, &tx, &pairs.groups);
    if (!sp_failed(st))
        st = grant_store_revoke(tx, &pairs, &reply->count);
    if (!sp_failed(st))
        call_audit_before(call, &request->base);
    return st;
}

/* ---- Records ----------------------------------------------------------------------------------------------------- */

static sp_status list_passes(rpc_call *call, const ListPassesRequest *request, ListPassesResponse *reply)
{
    pass_filter filter = {.enterprise_id = call_caller(call)->enterprise_id, .request = request};
    int64_t last_ms;
    page p;
    db_tx *tx;

    if (!timestamp_to_ms(request->from, &filter.from_ms))
        return rpc_call_violation(call, "from", "OUT_OF_RANGE", "This is no time of the calendar.");
    if (!timestamp_to_ms(request->to, &filter.to_ms))
        return rpc_call_violation(call, "to", "OUT_OF_RANGE", "This is no time of the calendar.");
    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = scope_find(call, &tx, &filter.groups);
    if (!sp_failed(st))
        st = pass_store_list(tx, &filter, &p, &reply->passes, &reply->n_passes);
    if (!sp_failed(st))
        st = pass_store_count(tx, &filter, &reply->total_size);
    if (sp_failed(st) || reply->n_passes <= (size_t)p.size)
        return st;

    reply->n_passes = (size_t)p.size;
    const Pass *last = reply->passes[p.size - 1];
    timestamp_to_ms(last->occur_time, &last_ms);
    reply->next_page_token = page_token(rpc_call_arena(call), "", last_ms, last->id);
    return SP_DONE;
}

static sp_status load_snapshot(server_pass *pass, const caller *who, int64_t pass_id, arena *a,
                               const uint8_t **ret_jpeg, size_t *ret_size)
{
    int64_t blob_id;
    db_arg groups;
    db_tx *tx;

    sp_status st = db_begin(pass->options.app, who->enterprise_id, a, &tx);
    if (sp_failed(st))
        return st;
    st = org_scope(tx, who, 0, &groups);
    if (!sp_failed(st))
        st = pass_store_snapshot(tx, who->enterprise_id, groups, pass_id, &blob_id);
    if (!sp_failed(st))
        st = blob_get(pass->options.blobs, tx, who->enterprise_id, blob_id, ret_jpeg, ret_size);
    return db_end(tx, st);
}

static sp_status open_snapshot(pass_download_snapshot_stream *stream, const DownloadSnapshotRequest *request)
{
    rpc_call *call = pass_download_snapshot_call(stream);
    const uint8_t *jpeg;
    size_t size;
    arena a;

    arena_init(&a, SNAPSHOT_ARENA_BYTES);
    sp_status st = load_snapshot(rpc_call_self(call), call_caller(call), request->id, &a, &jpeg, &size);
    if (!sp_failed(st)) {
        body_stream *body = body_stream_start(pass_download_snapshot_raw(stream), "image/jpeg", jpeg, size);
        if (body)
            pass_download_snapshot_set_context(stream, body);
        else
            st = DB_NO_MEMORY;
    }
    arena_done(&a);
    return st;
}

static void snapshot_writable(pass_download_snapshot_stream *stream)
{
    body_stream_writable(pass_download_snapshot_context(stream));
}

static void snapshot_done(pass_download_snapshot_stream *stream)
{
    body_stream_free(pass_download_snapshot_context(stream));
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

server_pass *pass_new(const pass_options *options)
{
    server_pass *pass = calloc(1, sizeof *pass);
    if (pass)
        pass->options = *options;
    return pass;
}

void pass_free(server_pass *pass)
{
    free(pass);
}

void pass_register(server_pass *pass, rpc_server *server)
{
    static const pass_download_snapshot_events snapshot_events = {
        .open = open_snapshot,
        .writable = snapshot_writable,
        .done = snapshot_done,
    };
    static const pass_service handlers = {
        .size = sizeof handlers,
        .list_grants = list_grants,
        .batch_create_grants = batch_create_grants,
        .batch_revoke_grants = batch_revoke_grants,
        .list_passes = list_passes,
        .download_snapshot = &snapshot_events,
    };
    pass_service_register(server, &handlers, pass);
}
