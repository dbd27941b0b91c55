/* How a terminal becomes one of ours, and stays it: certificates. */
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "call.h"
#include "id.h"
#include "link_parts.h"
#include "server_link_sql.h"
#include "session.h"

typedef struct {
    int64_t enterprise_id;
    int64_t device_id;
    int64_t now_ms;
    int64_t not_after_ms;
    char *pem; /* on the call's arena */
} new_certificate;

static sp_status insert_certificate(db_tx *tx, const new_certificate *c, const certificate_facts *facts)
{
    return db_query(tx, SQL_LINK_ADD_CERTIFICATE,
                    DB_ARGS(db_text(facts->serial), db_int64(c->enterprise_id), db_int64(c->device_id),
                            db_time(c->now_ms), db_time(facts->not_after_ms)),
                    NULL);
}

/* Signs the request for this terminal and notes the certificate. */
static sp_status issue(rpc_call *call, db_tx *tx, const char *request_pem, new_certificate *c)
{
    server_link *link = rpc_call_self(call);
    arena *a = rpc_call_arena(call);
    certificate_facts facts;
    char *pem = NULL;

    const client_subject subject = {
        .common_name = arena_printf(a, "%lld", (long long)c->device_id),
        .organization = arena_printf(a, "%lld", (long long)c->enterprise_id),
    };
    if (!subject.common_name || !subject.organization)
        return LINK_NO_MEMORY;
    sp_status st = authority_sign_client(link->options.ca, request_pem, strlen(request_pem), &subject, c->now_ms, &pem);
    if (st.code == SP_INVALID_ARGUMENT)
        return rpc_call_violation(call, "certificate_request", st.reason, st.message);
    if (sp_failed(st))
        return st;

    c->pem = arena_text(a, pem);
    free(pem);
    if (!c->pem)
        return LINK_NO_MEMORY;
    st = certificate_inspect(c->pem, &facts);
    if (sp_failed(st))
        return st;
    c->not_after_ms = facts.not_after_ms;
    return insert_certificate(tx, c, &facts);
}

/* ---- Enrol ------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t enterprise_id;
    int64_t group_id;
    int64_t device_id;
    int64_t store_epoch;
    bool known; /* enrolled before under the same serial number */
} enrolment;

static sp_status add_device(db_tx *tx, const EnrolRequest *request, int64_t now_ms, enrolment *e)
{
    const char *name = request->name[0] ? request->name : request->mac[0] ? request->mac : request->serial_number;

    e->device_id = id_next();
    e->store_epoch = 1;
    sp_status st = db_query(tx, SQL_LINK_ENROL_DEVICE,
                            DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id), db_int64(e->group_id),
                                    db_text(request->serial_number), db_text(name), db_text(request->mac),
                                    db_text(request->model), db_time(now_ms)),
                            NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_ENROL_STATUS, DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id)), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_ENROL_FEED, DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id)), NULL);
    return st;
}

/* A terminal that comes again keeps its place, but not its certificates, and its store begins a new epoch. */
static sp_status renew_device(db_tx *tx, const EnrolRequest *request, int64_t now_ms, enrolment *e)
{
    db_rows epoch;
    sp_status st = db_query(
        tx, SQL_LINK_ENROL_AGAIN,
        DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id), db_text(request->mac), db_text(request->model)),
        NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_REVOKE_CERTIFICATES,
                      DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id), db_time(now_ms)), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_ENROL_RAISE_EPOCH, DB_ARGS(db_int64(e->enterprise_id), db_int64(e->device_id)),
                      &epoch);
    if (!sp_failed(st) && epoch.count == 1)
        e->store_epoch = db_row_int(&epoch, 0, 0);
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_ENROL_NOTIFY, DB_ARGS(db_int64(e->device_id)), NULL);
    return st;
}

static sp_status enter_device(db_tx *tx, const EnrolRequest *request, int64_t now_ms, enrolment *e)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_LINK_ENROL_ENTERPRISE, DB_ARGS(db_int64(e->enterprise_id)), &rows);
    if (!sp_failed(st) && rows.count == 0)
        return BAD_CREDENTIALS; /* the account went while its password was looked at */
    if (!sp_failed(st))
        st = db_query(tx, SQL_LINK_ENROL_FIND,
                      DB_ARGS(db_int64(e->enterprise_id), db_text(request->serial_number), db_int64(e->group_id)),
                      &rows);
    if (sp_failed(st))
        return st;
    e->known = rows.count > 0;
    if (!e->known)
        return add_device(tx, request, now_ms, e);
    e->device_id = db_row_int(&rows, 0, 0);
    if (!db_row_bool(&rows, 0, 1))
        return LINK_DEVICE_ELSEWHERE;
    return renew_device(tx, request, now_ms, e);
}

static sp_status enrol_once(rpc_call *call, const EnrolRequest *request, enrolment *e, new_certificate *c)
{
    server_link *link = rpc_call_self(call);
    db_tx *tx;
    sp_status st = db_begin(link->options.system, 0, rpc_call_arena(call), &tx);
    if (sp_failed(st))
        return st;

    st = enter_device(tx, request, c->now_ms, e);
    c->enterprise_id = e->enterprise_id;
    c->device_id = e->device_id;
    if (!sp_failed(st))
        st = issue(call, tx, request->certificate_request, c);
    return db_end(tx, st);
}

/* Whether it can be shown on one line; empty is. */
static bool is_printable(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return *text != ' ' && (*text == '\0' || text[strlen(text) - 1] != ' ');
}

static sp_status check_words(rpc_call *call, const EnrolRequest *request)
{
    const struct {
        const char *field, *text;
    } words[] = {{"serial_number", request->serial_number},
                 {"name", request->name},
                 {"mac", request->mac},
                 {"model", request->model}};
    sp_status st = SP_DONE;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!is_printable(words[i].text))
            st = rpc_call_violation(call, words[i].field, "NOT_PRINTABLE",
                                    "It has control characters, or begins or ends with a space.");
    return st;
}

sp_status handle_enrol(rpc_call *call, const EnrolRequest *request, EnrolResponse *reply)
{
    server_link *link = rpc_call_self(call);
    enrolment e = {0};
    new_certificate c = {.now_ms = call_now_ms(call)};

    sp_status st = check_words(call, request);
    if (!sp_failed(st))
        st = link->options.check_account(link->options.check_account_arg, call, request->username, request->password,
                                         &e.enterprise_id, &e.group_id);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", request->serial_number);

    st = enrol_once(call, request, &e, &c);
    if (strcmp(st.reason, DB_DUPLICATE.reason) == 0) /* the same terminal enrolled at the same time: now it is known */
        st = enrol_once(call, request, &e, &c);
    if (sp_failed(st))
        return st;

    if (e.known)
        link_cut(link, e.device_id, CERTIFICATE_REVOKED);
    reply->device_id = e.device_id;
    reply->enterprise_id = e.enterprise_id;
    reply->certificate = c.pem;
    reply->authority = (char *)authority_certificate_pem(link->options.ca);
    reply->not_after_ms = c.not_after_ms;
    reply->store_epoch = (uint32_t)e.store_epoch;
    return SP_DONE;
}

/* ---- Renew ------------------------------------------------------------------------------------------------------- */

/* Whether it may still have another, until the transaction ends: whoever revokes the terminal's certificates meanwhile
 * revokes the new one too. */
static sp_status hold_device(db_tx *tx, const caller *who)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_LINK_RENEW_HOLD, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->device_id)), &rows);

    if (!sp_failed(st) && rows.count > 0)
        st = db_query(tx, SQL_LINK_RENEW_CHECK, DB_ARGS(db_text(who->certificate_serial)), &rows);
    return !sp_failed(st) && rows.count == 0 ? CERTIFICATE_REVOKED : st;
}

/* The old certificate stays good until it expires: the answer with the new one may get lost. */
sp_status handle_renew(rpc_call *call, const RenewRequest *request, RenewResponse *reply)
{
    server_link *link = rpc_call_self(call);
    const caller *who = call_caller(call);
    new_certificate c = {.enterprise_id = who->enterprise_id, .device_id = who->device_id, .now_ms = call_now_ms(call)};
    db_tx *tx;

    sp_status st = db_begin(link->options.system, 0, rpc_call_arena(call), &tx);
    if (sp_failed(st))
        return st;
    st = hold_device(tx, who);
    if (!sp_failed(st))
        st = issue(call, tx, request->certificate_request, &c);
    st = db_end(tx, st);
    if (sp_failed(st))
        return st;
    reply->certificate = c.pem;
    reply->not_after_ms = c.not_after_ms;
    return SP_DONE;
}
