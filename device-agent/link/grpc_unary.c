#include "grpc_unary.h"

#include <poll.h>
#include <string.h>

#include "clock.h"

void grpc_unary_init(grpc_unary *unary, const uint8_t *request, size_t size)
{
    unary->request = request;
    unary->request_size = size;
    unary->sent = false;
    unary->replied = false;
    unary->reply_size = 0;
}

static size_t next(void *self, uint8_t *out)
{
    grpc_unary *unary = self;

    if (unary->sent || unary->request_size > GRPC_MESSAGE_MAX)
        return GRPC_NO_MORE;
    memcpy(out, unary->request, unary->request_size);
    unary->sent = true;
    return unary->request_size;
}

static bool message(void *self, const uint8_t *bytes, size_t size)
{
    grpc_unary *unary = self;

    if (unary->replied)
        return false;
    memcpy(unary->reply, bytes, size);
    unary->reply_size = size;
    unary->replied = true;
    return true;
}

grpc_traffic grpc_unary_traffic(grpc_unary *unary)
{
    return (grpc_traffic){.self = unary, .next = next, .message = message};
}

grpc_outcome grpc_unary_outcome(const grpc_unary *unary, const grpc_call *call)
{
    grpc_outcome outcome = *grpc_call_outcome(call);

    if (outcome.code == SP_OK && !unary->replied)
        return grpc_outcome_failed(SP_INTERNAL, "the server answered without a message");
    return outcome;
}

static void run_call(grpc_call *call)
{
    while (grpc_call_is(call) != GRPC_CALL_ENDED) {
        struct pollfd watched = {.fd = grpc_call_fd(call),
                                 .events = (short)(POLLIN | (grpc_call_wants_write(call) ? POLLOUT : 0))};
        int64_t wait_ms = grpc_call_due_ms(call) - clock_monotonic_ms();
        int ready = poll(&watched, 1, wait_ms < 0 ? 0 : (int)(wait_ms > 60000 ? 60000 : wait_ms));

        if (ready > 0)
            grpc_call_ready(call, clock_monotonic_ms());
        else
            grpc_call_tick(call, clock_monotonic_ms());
    }
}

grpc_outcome grpc_unary_run(grpc_unary *unary, const endpoint *to, SSL_CTX *context, const char *path, int64_t whole_ms)
{
    grpc_patience patience = grpc_patience_usual();
    grpc_outcome outcome = grpc_outcome_failed(SP_UNAVAILABLE, "the server's name has no address");
    endpoint_addresses addresses;

    patience.whole_ms = whole_ms;
    endpoint_resolve(to, &addresses);
    for (size_t i = 0; i < addresses.count && !unary->sent; i++) {
        grpc_call *call =
            grpc_call_new(context, (const struct sockaddr *)&addresses.address[i], addresses.size[i], to->authority,
                          to->host, path, &patience, grpc_unary_traffic(unary), clock_monotonic_ms());

        if (!call)
            return grpc_outcome_failed(SP_RESOURCE_EXHAUSTED, "memory is out");
        run_call(call);
        outcome = grpc_unary_outcome(unary, call);
        grpc_call_free(call);
    }
    return outcome;
}
