/* The terminal that a client certificate names. The core only passes the certificate on; whether it counts is decided
 * here, so that every refusal has a reason, a log line and an alarm. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "id.h"
#include "log.h"
#include "server_session_sql.h"

enum { REMEMBERED = 64, ALARM_AGAIN_MS = 10 * 60 * 1000 };

struct refusals {
    pthread_mutex_t lock;
    struct {
        uint64_t who;
        int64_t at_ms;
    } recent[REMEMBERED];
};

struct refusals *refusals_new(void)
{
    struct refusals *refusals = calloc(1, sizeof *refusals);

    if (refusals)
        pthread_mutex_init(&refusals->lock, NULL);
    return refusals;
}

void refusals_free(struct refusals *refusals)
{
    if (!refusals)
        return;
    pthread_mutex_destroy(&refusals->lock);
    free(refusals);
}

/* Whether this was not refused within the last minutes, which it now was. A full table forgets the oldest, so at worst
 * an alarm comes twice. */
static bool refusal_is_new(struct refusals *refusals, const char *whom, const char *reason, int64_t now_ms)
{
    uint64_t who = 14695981039346656037u;
    int place = 0;
    bool fresh;

    for (const char *c = whom; *c; c++)
        who = (who ^ (unsigned char)*c) * 1099511628211u;
    for (const char *c = reason; *c; c++)
        who = (who ^ (unsigned char)*c) * 1099511628211u;
    pthread_mutex_lock(&refusals->lock);
    for (int i = 0; i < REMEMBERED; i++) {
        if (refusals->recent[i].who == who) {
            place = i;
            break;
        }
        if (refusals->recent[i].at_ms < refusals->recent[place].at_ms)
            place = i;
    }
    fresh = refusals->recent[place].who != who || now_ms - refusals->recent[place].at_ms >= ALARM_AGAIN_MS;
    if (fresh) {
        refusals->recent[place].who = who;
        refusals->recent[place].at_ms = now_ms;
    }
    pthread_mutex_unlock(&refusals->lock);
    return fresh;
}

/* Of the enterprise whose terminal it is or was; a certificate that is not ours concerns the installation, enterprise
 * 0. Of such a certificate the caller chose the serial number, so it is the address that raises no second alarm soon.
 */
static void alarm_raise(call_context *context, const char *serial, int64_t enterprise_id, int64_t device_id,
                        sp_status why)
{
    arena *a = rpc_call_arena(context->call);
    const char *detail = arena_printf(a, "%s %s %s", why.reason, *serial ? serial : "-", context->who.address);
    const char *whom = device_id != 0 ? serial : context->who.address;
    db_tx *tx;
    sp_status status;

    if (!detail || !refusal_is_new(context->sessions->refusals, whom, why.reason, context->now_ms))
        return;
    status = db_begin(context->sessions->options.system, enterprise_id, a, &tx);
    if (sp_failed(status))
        return;
    status = db_query(tx, SQL_SESSION_ALARM_ADD,
                      DB_ARGS(db_int64(enterprise_id), db_int64(id_next()), db_time(context->now_ms),
                              db_int64_or_null(device_id), db_text(detail)),
                      NULL);
    status = db_end(tx, status);
    if (sp_failed(status))
        log_write(LOG_ERROR, "an alarm was lost", "reason", status.reason, NULL);
}

static sp_status verdict_status(certificate_verdict verdict, bool may_be_expired)
{
    switch (verdict) {
    case VERDICT_VALID:
        return SP_DONE;
    case VERDICT_EXPIRED:
        return may_be_expired ? SP_DONE : CERTIFICATE_IS_EXPIRED;
    default:
        return CERTIFICATE_FOREIGN;
    }
}

/* Whether the row and the certificate speak of the same terminal, and it may come in. A deleted terminal may open its
 * stream, to be told so, however old its certificate has grown meanwhile. */
static sp_status row_judge(call_context *context, const certificate_facts *facts, const db_rows *rows,
                           sp_status by_itself)
{
    bool revoked = rows->count && db_row_bool(rows, 0, 2), deleted = rows->count && db_row_bool(rows, 0, 3);
    char id[24];

    if (rows->count == 0)
        return sp_failed(by_itself) ? by_itself : CERTIFICATE_UNKNOWN;
    snprintf(id, sizeof id, "%lld", (long long)db_row_int(rows, 0, 1));
    if (strcmp(id, facts->common_name) != 0)
        return CERTIFICATE_UNKNOWN;
    if (deleted && rpc_call_method(context->call)->kind == RPC_BIDI) {
        context->who.device_deleted = true;
        return SP_DONE;
    }
    return revoked || deleted ? CERTIFICATE_REVOKED : by_itself;
}

static sp_status row_find(call_context *context, const certificate_facts *facts, db_rows *ret_rows)
{
    db_tx *tx;
    sp_status status = db_begin(context->sessions->options.system, 0, rpc_call_arena(context->call), &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_SESSION_FIND_CERTIFICATE, DB_ARGS(db_text(facts->serial)), ret_rows);
    db_rollback(tx);
    return status;
}

/* What there is to say against the certificate; SP_DONE when nothing, and then the row is the terminal's. */
static sp_status certificate_judge(call_context *context, bool may_be_expired, certificate_facts *ret_facts,
                                   db_rows *ret_rows)
{
    const authority *ca = context->sessions->options.ca;
    const char *pem = rpc_call_peer_certificate(context->call);

    if (!pem || !ca)
        return CERTIFICATE_MISSING;
    certificate_verdict verdict = authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, context->now_ms, ret_facts);
    sp_status status = verdict_status(verdict, may_be_expired);

    if (verdict != VERDICT_VALID && verdict != VERDICT_EXPIRED)
        return status;
    sp_status found = row_find(context, ret_facts, ret_rows);
    return sp_failed(found) ? found : row_judge(context, ret_facts, ret_rows, status);
}

sp_status caller_find_terminal(call_context *context, bool may_be_expired)
{
    certificate_facts facts = {.serial = ""};
    caller *who = &context->who;
    db_rows rows = {0};
    sp_status status = certificate_judge(context, may_be_expired, &facts, &rows);

    if (status.code == SP_UNAUTHENTICATED) {
        int64_t enterprise_id = rows.count ? db_row_int(&rows, 0, 0) : 0;

        alarm_raise(context, facts.serial, enterprise_id, rows.count ? db_row_int(&rows, 0, 1) : 0, status);
    }
    if (sp_failed(status))
        return status;
    who->kind = CALLER_DEVICE;
    who->enterprise_id = context->tx_enterprise_id = db_row_int(&rows, 0, 0);
    who->device_id = db_row_int(&rows, 0, 1);
    who->group_id = db_row_int(&rows, 0, 4);
    who->certificate_serial = arena_text(rpc_call_arena(context->call), facts.serial);
    return who->certificate_serial ? SP_DONE : OUT_OF_MEMORY;
}
