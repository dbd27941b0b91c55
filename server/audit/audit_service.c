/* The audit log: the handlers. */
#include "audit_service.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "audit_export.h"
#include "audit_verify.h"
#include "call.h"
#include "smartpass/v1/audit.names.h"
#include "smartpass/v1/audit.rpc.h"
#include "text.h"
#include "timestamp.h"

enum { VERIFICATIONS_MAX = 2 }; /* at once: each reads the whole log and keeps a thread */

struct server_audit {
    audit_service_options options;
    audit_exports exports;
    atomic_int verifications;
};

SP_STATUS(TOO_MANY_VERIFICATIONS, SP_RESOURCE_EXHAUSTED, "The audit log is being verified already; try again later.");

static sp_status times_read(rpc_call *call, const Google__Protobuf__Timestamp *from,
                            const Google__Protobuf__Timestamp *to, audit_filter *filter)
{
    if (!timestamp_to_ms(from, &filter->from_ms))
        return rpc_call_violation(call, "from", "OUT_OF_RANGE", "This is no time of the calendar.");
    if (!timestamp_to_ms(to, &filter->to_ms))
        return rpc_call_violation(call, "to", "OUT_OF_RANGE", "This is no time of the calendar.");
    return SP_DONE;
}

static sp_status list_audit_rows(rpc_call *call, const ListAuditRowsRequest *request, ListAuditRowsResponse *reply)
{
    audit_filter filter = {
        .enterprise_id = call_caller(call)->enterprise_id,
        .module = request->module,
        .operator_name = request->operator_,
        .query = request->query,
        .refused = request->refused,
    };
    int64_t last_us;
    page p;
    db_tx *tx;

    sp_status st = times_read(call, request->from, request->to, &filter);
    if (!sp_failed(st))
        st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = audit_reader_list(tx, &filter, &p, &reply->rows, &reply->n_rows, &last_us);
    if (!sp_failed(st))
        st = audit_reader_count(tx, &filter, &reply->total_size);
    if (sp_failed(st) || reply->n_rows <= (size_t)p.size)
        return st;

    reply->n_rows = (size_t)p.size;
    const AuditRow *last = reply->rows[p.size - 1];
    reply->next_page_token = page_token(rpc_call_arena(call), "", last_us, last->id);
    return SP_DONE;
}

static sp_status get_audit_row(rpc_call *call, const GetAuditRowRequest *request, AuditRow *reply)
{
    db_tx *tx;
    sp_status st = call_tx(call, &tx);

    return sp_failed(st) ? st : audit_reader_get(tx, call_caller(call)->enterprise_id, request->id, reply);
}

/* ---- Verifying --------------------------------------------------------------------------------------------------- */

static bool is_given_up(void *call)
{
    return rpc_call_cancelled(call);
}

static sp_status anchor_read(rpc_call *call, const VerifyAuditRequest *request, audit_verify_options *options)
{
    if (!*request->anchor_head && request->anchor_seal == 0)
        return SP_DONE;
    if (request->anchor_seal < 1)
        return rpc_call_violation(call, "anchor_seal", "OUT_OF_RANGE", "Seals are counted from 1.");
    if (strlen(request->anchor_head) != 2 * SHA256_SIZE ||
        !hex_decode(request->anchor_head, options->anchor, SHA256_SIZE))
        return rpc_call_violation(call, "anchor_head", "MALFORMED", "A head has 64 hexadecimal digits.");
    options->anchor_seal = request->anchor_seal;
    return SP_DONE;
}

static sp_status verify_audit(rpc_call *call, const VerifyAuditRequest *request, VerifyAuditResponse *reply)
{
    server_audit *audit = rpc_call_self(call);
    audit_verify_options options = {
        .pool = audit->options.app,
        .key = audit->options.key,
        .enterprise_id = call_caller(call)->enterprise_id,
        .give_up = is_given_up,
        .arg = call,
    };
    audit_verdict verdict = {0};

    sp_status st = anchor_read(call, request, &options);
    if (sp_failed(st))
        return st;
    st = TOO_MANY_VERIFICATIONS;
    if (atomic_fetch_add(&audit->verifications, 1) < VERIFICATIONS_MAX)
        st = audit_verify(&options, &verdict);
    atomic_fetch_sub(&audit->verifications, 1);
    if (sp_failed(st))
        return st;
    reply->sealed_rows = verdict.sealed_rows;
    reply->unsealed_rows = verdict.unsealed_rows;
    reply->first_bad_row = verdict.bad_row;
    reply->first_bad_seal = verdict.bad_seal;
    reply->head = arena_alloc(rpc_call_arena(call), 2 * SHA256_SIZE + 1);
    if (!reply->head)
        return OUT_OF_MEMORY;
    hex_encode(verdict.head, SHA256_SIZE, reply->head);
    return SP_DONE;
}

/* ---- Exporting --------------------------------------------------------------------------------------------------- */

static sp_status export_open(audit_export_audit_rows_stream *stream, const ExportAuditRowsRequest *request)
{
    rpc_call *call = audit_export_audit_rows_call(stream);
    server_audit *audit = rpc_call_self(call);
    audit_filter filter = {
        .enterprise_id = call_caller(call)->enterprise_id,
        .module = request->module,
        .operator_name = request->operator_,
        .query = request->query,
        .refused = request->refused,
    };
    audit_export *export;

    sp_status st = times_read(call, request->from, request->to, &filter);
    if (!sp_failed(st))
        st = audit_export_start(&audit->exports, audit_export_audit_rows_raw(stream), audit->options.app, &filter,
                                &export);
    if (!sp_failed(st))
        audit_export_audit_rows_set_context(stream, export);
    return st;
}

static void export_writable(audit_export_audit_rows_stream *stream)
{
    audit_export_writable(audit_export_audit_rows_context(stream));
}

static void export_cancel(audit_export_audit_rows_stream *stream)
{
    audit_export_cancel(audit_export_audit_rows_context(stream));
}

static void export_done(audit_export_audit_rows_stream *stream)
{
    audit_export_done(audit_export_audit_rows_context(stream));
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

server_audit *audit_service_new(const audit_service_options *options)
{
    server_audit *audit = calloc(1, sizeof *audit);

    if (!audit)
        return NULL;
    audit->options = *options;
    audit_exports_init(&audit->exports);
    return audit;
}

void audit_service_free(server_audit *audit)
{
    if (!audit)
        return;
    audit_exports_done(&audit->exports);
    free(audit);
}

void audit_service_serve(server_audit *audit, rpc_server *server)
{
    static const audit_export_audit_rows_events export_events = {
        .open = export_open,
        .writable = export_writable,
        .cancel = export_cancel,
        .done = export_done,
    };
    static const audit_service handlers = {
        .size = sizeof handlers,
        .list_audit_rows = list_audit_rows,
        .get_audit_row = get_audit_row,
        .export_audit_rows = &export_events,
        .verify_audit = verify_audit,
    };
    audit_service_register(server, &handlers, audit);
}
