/* /healthz: whether the server behind the gateway serves, for load balancers and scripts. */
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "protowire.h"

enum { HEALTH_TIMEOUT_MS = 2000, STATUS_FIELD = 1, STATUS_SERVING = 1 };

static void health_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field field;
    forward *f = context;
    bool serving = false;

    while (protowire_next(&reader, &field))
        if (field.number == STATUS_FIELD && field.kind == WIRE_VARINT)
            serving = field.value == STATUS_SERVING;
    pthread_mutex_lock(&f->lock);
    f->replied = serving;
    pthread_mutex_unlock(&f->lock);
    rpc_raw_read(call);
}

static void health_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    const http_field type = {"Content-Type", "application/json"};
    forward *f = context;
    bool serving = !sp_failed(answer->status) && f->replied;
    char *text = strdup(serving ? "{\"status\":\"SERVING\"}" : "{\"status\":\"NOT_SERVING\"}");
    http_head head = {serving ? 200 : 503, &type, 1};

    (void)call;
    http_answer_take(f->x, &head, text, text ? strlen(text) : 0);
    forward_call_ended(f);
}

static size_t health_body(forward *f, const uint8_t *bytes, size_t size)
{
    (void)f, (void)bytes;
    return size;
}

static void health_complete(forward *f)
{
    static const rpc_raw_events events = {.message = health_message, .done = health_done};
    const byte_buffer nothing = {.cap = 0};

    forward_start(f, CALL_UNARY, "/grpc.health.v1.Health/Check", HEALTH_TIMEOUT_MS, &events, &nothing);
}

const forward_shape health_shape = {.body = health_body, .complete = health_complete};
