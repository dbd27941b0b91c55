/* audit verify, audit list, audit export. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "smartpass/v1/audit.client.h"
#include "text.h"
#include "times.h"

enum { PAGE = 100, HEAD_DIGITS = 64 };

static bool times_read(const ctl *c, Google__Protobuf__Timestamp *from, Google__Protobuf__Timestamp *to)
{
    if ((!*c->flags->from || time_parse(c->flags->from, from)) &&
        (!*c->flags->until || time_parse(c->flags->until, to)))
        return true;
    fprintf(stderr, "smartpassctl: times are written as 2026-11-22T08:00:00Z\n");
    return false;
}

/* ---- verify ------------------------------------------------------------------------------------------------------ */

/* "<64 digits>@<seal>". */
static bool anchor_read(const char *anchor, char head[HEAD_DIGITS + 1], int64_t *ret_seal)
{
    const char *at = strchr(anchor, '@');

    *ret_seal = 0;
    head[0] = '\0';
    if (!*anchor)
        return true;
    if (!at || at - anchor != HEAD_DIGITS || !int64_parse(at + 1, 1, INT64_MAX, ret_seal)) {
        fprintf(stderr, "smartpassctl: an anchor is written as HASH@SEAL\n");
        return false;
    }
    memcpy(head, anchor, HEAD_DIGITS);
    head[HEAD_DIGITS] = '\0';
    return true;
}

static int verdict_print(const Smartpass__V1__VerifyAuditResponse *v)
{
    printf("%" PRId64 " rows sealed, %" PRId64 " not yet\n", v->sealed_rows, v->unsealed_rows);
    if (v->first_bad_seal == 0) {
        printf("the chain holds; its head is %s@%" PRId64 "\n", v->head, v->sealed_rows);
        return CTL_DONE;
    }
    if (v->first_bad_row != 0)
        printf("the chain is broken at row %" PRId64 ", seal %" PRId64 "\n", v->first_bad_row, v->first_bad_seal);
    else
        printf("the chain is broken at seal %" PRId64 ": the row is missing, or is not the one that was there\n",
               v->first_bad_seal);
    return CTL_FAILED;
}

int run_audit_verify(const ctl *c)
{
    Smartpass__V1__VerifyAuditRequest request = SMARTPASS__V1__VERIFY_AUDIT_REQUEST__INIT;
    Smartpass__V1__VerifyAuditResponse *reply;
    char head[HEAD_DIGITS + 1];
    rpc_answer answer = {0};
    int code;

    if (!anchor_read(c->flags->anchor, head, &request.anchor_seal))
        return CTL_USAGE;
    request.anchor_head = head;
    sp_status st = audit_verify_audit(c->client, c->stream_options, &request, &reply, &answer); /* may take long */
    if (sp_failed(st))
        return ctl_fail("audit verify", st, &answer);
    rpc_answer_done(&answer);
    code = verdict_print(reply);
    smartpass__v1__verify_audit_response__free_unpacked(reply, NULL);
    return code;
}

/* ---- list -------------------------------------------------------------------------------------------------------- */

/* What others have named must not move the cursor. */
static void plain_print(const char *text)
{
    for (; *text; text++)
        putchar((unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text);
}

static void row_print(const Smartpass__V1__AuditRow *row)
{
    char when[TIME_TEXT_SIZE];

    time_text(row->time, when);
    printf("%-20" PRId64 " %s %-20s ", row->id, when, row->code == 0 ? "done" : row->reason);
    plain_print(row->operator_);
    printf(" %s ", row->address);
    plain_print(row->action);
    printf(": ");
    plain_print(row->object);
    putchar('\n');
}

int run_audit_list(const ctl *c)
{
    Google__Protobuf__Timestamp from = GOOGLE__PROTOBUF__TIMESTAMP__INIT, to = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Smartpass__V1__ListAuditRowsRequest request = SMARTPASS__V1__LIST_AUDIT_ROWS_REQUEST__INIT;
    Smartpass__V1__ListAuditRowsResponse *reply = NULL;
    rpc_answer answer = {0};
    int64_t shown = 0;
    bool more = true;

    if (!times_read(c, &from, &to))
        return CTL_USAGE;
    request.from = *c->flags->from ? &from : NULL;
    request.to = *c->flags->until ? &to : NULL;
    request.module = (char *)c->flags->module;
    request.operator_ = (char *)c->flags->operator_name;
    request.query = (char *)c->flags->query;
    request.refused = c->flags->refused;
    request.page_size = PAGE;
    while (more) {
        Smartpass__V1__ListAuditRowsResponse *next;
        sp_status st = audit_list_audit_rows(c->client, c->options, &request, &next, &answer);
        if (reply)
            smartpass__v1__list_audit_rows_response__free_unpacked(reply, NULL);
        if (sp_failed(st))
            return ctl_fail("audit list", st, &answer);
        rpc_answer_done(&answer);
        reply = next;
        for (size_t i = 0; i < reply->n_rows && (c->flags->count == 0 || shown < c->flags->count); i++, shown++)
            row_print(reply->rows[i]);
        request.page_token = reply->next_page_token;
        more = reply->next_page_token[0] != 0 && (c->flags->count == 0 || shown < c->flags->count);
    }
    smartpass__v1__list_audit_rows_response__free_unpacked(reply, NULL);
    return CTL_DONE;
}

/* ---- export ------------------------------------------------------------------------------------------------------ */

int run_audit_export(const ctl *c)
{
    Google__Protobuf__Timestamp from = GOOGLE__PROTOBUF__TIMESTAMP__INIT, to = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Smartpass__V1__ExportAuditRowsRequest request = SMARTPASS__V1__EXPORT_AUDIT_ROWS_REQUEST__INIT;
    audit_export_audit_rows_client *call;
    Google__Api__HttpBody *part;
    rpc_answer answer = {0};
    bool written = true;

    if (!times_read(c, &from, &to))
        return CTL_USAGE;
    request.from = *c->flags->from ? &from : NULL;
    request.to = *c->flags->until ? &to : NULL;
    request.module = (char *)c->flags->module;
    request.operator_ = (char *)c->flags->operator_name;
    request.query = (char *)c->flags->query;
    request.refused = c->flags->refused;
    call = audit_export_audit_rows_client_open(c->client, c->stream_options, &request);
    while ((part = audit_export_audit_rows_client_read(call)) != NULL) {
        written = fwrite(part->data.data, 1, part->data.len, stdout) == part->data.len;
        google__api__http_body__free_unpacked(part, NULL);
        if (!written)
            audit_export_audit_rows_client_cancel(call);
    }
    sp_status st = audit_export_audit_rows_client_finish(call, &answer);
    if (sp_failed(st))
        return ctl_fail("audit export", st, &answer);
    rpc_answer_done(&answer);
    if (fflush(stdout) != 0 || !written) {
        fprintf(stderr, "smartpassctl: the export could not be written\n");
        return CTL_FAILED;
    }
    return CTL_DONE;
}
