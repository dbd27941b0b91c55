#include "enrolment.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "grpc_unary.h"
#include "messages.h"
#include "store_epoch.h"
#include "tls_client.h"

typedef smartpass_link_v1_EnrolRequest EnrolRequest;
typedef smartpass_link_v1_EnrolResponse EnrolResponse;
typedef smartpass_link_v1_RenewRequest RenewRequest;
typedef smartpass_link_v1_RenewResponse RenewResponse;

enum { ENROL_WAIT_MS = 30000 };

static bool problem(enrolment_result *result, const char *text)
{
    snprintf(result->problem, sizeof result->problem, "%s", text);
    return false;
}

/* False when the text is longer than the contract allows. */
static bool set_text(char *out, size_t cap, const char *text)
{
    return (size_t)snprintf(out, cap, "%s", text) < cap;
}

#define SET(field, text) set_text((field), sizeof(field), (text))

static size_t encode_enrol(const enrolment *e, const char *csr, uint8_t *out, size_t cap)
{
    EnrolRequest request = {0};
    pb_ostream_t stream = pb_ostream_from_buffer(out, cap);
    bool fits = SET(request.username, e->username) && SET(request.password, e->password) &&
                SET(request.certificate_request, csr) && SET(request.serial_number, e->serial) &&
                SET(request.name, e->name) && SET(request.mac, e->mac) && SET(request.model, e->model);
    bool encoded = fits && pb_encode(&stream, smartpass_link_v1_EnrolRequest_fields, &request);

    explicit_bzero(&request, sizeof request);
    return encoded ? stream.bytes_written : 0;
}

static bool call_enrol(const enrolment *e, const char *csr, tls_first_sight *sight, EnrolResponse *ret,
                       enrolment_result *result)
{
    uint8_t request[4096];
    grpc_unary unary;
    grpc_outcome outcome;
    endpoint to;
    pb_istream_t stream;
    SSL_CTX *context;
    size_t size = encode_enrol(e, csr, request, sizeof request);

    if (size == 0)
        return problem(result, "One of the names is too long.");
    if (!endpoint_parse(e->server, &to))
        return problem(result, "The server is given as host:port.");
    context = tls_client_enrolling(sight);
    if (!context)
        return problem(result, "TLS is not available.");
    grpc_unary_init(&unary, request, size);
    outcome = grpc_unary_run(&unary, &to, context, ENROL_PATH, ENROL_WAIT_MS);
    SSL_CTX_free(context);
    explicit_bzero(request, sizeof request);
    if (outcome.code != SP_OK) {
        snprintf(result->problem, sizeof result->problem, "%s: %s", sp_code_name(outcome.code), outcome.message);
        return false;
    }
    stream = pb_istream_from_buffer(unary.reply, unary.reply_size);
    return pb_decode(&stream, smartpass_link_v1_EnrolResponse_fields, ret) ||
           problem(result, "The server's answer makes no sense.");
}

static bool keep(const enrolment *e, const char *key_pem, const EnrolResponse *answer, enrolment_result *result)
{
    credentials c = {.device_id = answer->device_id};
    sp_status status;

    if (!SET(c.server, e->server) || !SET(c.serial, e->serial) || !SET(c.name, e->name) || !SET(c.mac, e->mac))
        return problem(result, "One of the names is too long.");
    status = store_epoch_order(e->folder, answer->store_epoch > 0 ? answer->store_epoch : 1);
    if (!sp_failed(status))
        status = credentials_save(e->folder, &c, key_pem, answer->certificate, answer->authority);
    if (!sp_failed(status))
        status = credentials_load(e->folder, &c);
    if (sp_failed(status))
        return problem(result, status.message);
    result->device_id = answer->device_id;
    return true;
}

bool enrolment_run(const enrolment *e, enrolment_result *ret)
{
    tls_first_sight sight = {.pinned = e->fingerprint != NULL};
    EnrolResponse answer;
    char *key_pem;
    char *csr_pem;
    bool enrolled;

    *ret = (enrolment_result){0};
    if (sp_failed(csr_new(e->serial, &key_pem, &csr_pem)))
        return problem(ret, "A key cannot be made.");
    if (e->fingerprint)
        memcpy(sight.fingerprint, e->fingerprint, sizeof sight.fingerprint);
    enrolled = call_enrol(e, csr_pem, &sight, &answer, ret);
    if (enrolled && !tls_first_sight_vouched(&sight, answer.authority, ret->fingerprint))
        enrolled = problem(ret, "The authority that the server named did not sign the server's own certificate.");
    if (enrolled)
        enrolled = keep(e, key_pem, &answer, ret);
    tls_first_sight_done(&sight);
    secret_text_free(key_pem);
    free(csr_pem);
    return enrolled;
}

bool renewal_begin(renewal *r)
{
    RenewRequest request = {0};
    pb_ostream_t stream = pb_ostream_from_buffer(r->request, sizeof r->request);
    char *csr_pem;
    bool made;

    r->key_pem = NULL;
    if (sp_failed(csr_new("terminal", &r->key_pem, &csr_pem)))
        return false;
    made = SET(request.certificate_request, csr_pem) &&
           pb_encode(&stream, smartpass_link_v1_RenewRequest_fields, &request);
    r->request_size = stream.bytes_written;
    free(csr_pem);
    return made;
}

bool renewal_finish(const renewal *r, const uint8_t *reply, size_t size, const char *folder)
{
    RenewResponse answer;
    certificate_facts facts;
    pb_istream_t stream = pb_istream_from_buffer(reply, size);

    return pb_decode(&stream, smartpass_link_v1_RenewResponse_fields, &answer) &&
           !sp_failed(certificate_inspect(answer.certificate, &facts)) &&
           !sp_failed(credentials_renew(folder, r->key_pem, answer.certificate));
}

void renewal_done(renewal *r)
{
    secret_text_free(r->key_pem);
    r->key_pem = NULL;
}
