/* /healthz: whether the server behind the gateway serves, for load balancers and scripts. */
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "protowire.h"

enum { HEALTH_TIMEOUT_MS = 2000, STATUS_FIELD = 1, STATUS_SERVING = 1 };

static void health_message(forward *f, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field field;

    while (protowire_next(&reader, &field))
        if (field.number == STATUS_FIELD && field.kind == WIRE_VARINT)
            f->replied = field.value == STATUS_SERVING;
}

static void health_done(forward *f, const rpc_answer *answer)
{
    bool serving = !sp_failed(answer->status) && f->replied;
    char *text = strdup(serving ? "{\"status\":\"SERVING\"}" : "{\"status\":\"NOT_SERVING\"}");
    answer_fields fields;

    fields_begin(f, &fields);
    field_add(&fields, "Content-Type", "application/json");
    http_answer_take(f->x, &(http_head){serving ? 200 : 503, fields.list, fields.count}, text, text ? strlen(text) : 0);
}

static void health_begin(forward *f)
{
    (void)f;
}

static size_t health_body(forward *f, const uint8_t *bytes, size_t size)
{
    (void)f, (void)bytes;
    return size;
}

static void health_complete(forward *f)
{
    const byte_buffer nothing = {.cap = 0};

    forward_start(f, CALL_UNARY, "/grpc.health.v1.Health/Check", HEALTH_TIMEOUT_MS, &nothing);
}

const forward_input health_input = {.begin = health_begin, .body = health_body, .complete = health_complete};
const forward_output health_output = {.message = health_message, .done = health_done};
