#include "grpc_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grpc_http2.h"
#include "tls_socket.h"

struct grpc_call {
    grpc_call_state state;
    tls_socket socket;
    grpc_http2 http2;
    grpc_patience patience;
    grpc_outcome outcome;
    int64_t now_ms; /* the owner's last word about the time */
    int64_t dial_due_ms;
    int64_t whole_due_ms;
    int64_t leave_due_ms; /* INT64_MAX: not leaving */
    int64_t heard_ms;
    int64_t pinged_ms; /* 0: no ping is out */
};

grpc_patience grpc_patience_usual(void)
{
    return (grpc_patience){.dial_ms = 10000, .ping_after_ms = 20000, .ping_wait_ms = 10000, .leave_ms = 5000};
}

static void end(grpc_call *call, grpc_outcome outcome)
{
    if (call->state == GRPC_CALL_ENDED)
        return;
    call->state = GRPC_CALL_ENDED;
    call->outcome = outcome;
    grpc_http2_done(&call->http2);
    tls_socket_close(&call->socket);
}

static void end_broken(grpc_call *call)
{
    sp_code code = call->socket.refused ? SP_UNAUTHENTICATED : SP_UNAVAILABLE;

    end(call, grpc_outcome_failed(code, call->socket.failure));
}

/* Writes what there is to write; then looks whether the stream or the connection is over. */
static void settle(grpc_call *call)
{
    const char *why;
    bool sent;

    if (call->state != GRPC_CALL_OPEN)
        return;
    sent = grpc_http2_send(&call->http2, &why);
    if (call->http2.over)
        end(call, grpc_http2_outcome(&call->http2));
    else if (!sent && call->socket.state == TLS_SOCKET_CLOSED)
        end_broken(call);
    else if (!sent)
        end(call, grpc_outcome_failed(SP_INTERNAL, why));
    else if (call->http2.leaving && call->leave_due_ms == INT64_MAX)
        call->leave_due_ms = call->now_ms + call->patience.leave_ms;
}

static void open_stream(grpc_call *call)
{
    if (!grpc_http2_begin(&call->http2, &call->socket)) {
        end(call, grpc_outcome_failed(SP_RESOURCE_EXHAUSTED, "memory is out"));
        return;
    }
    call->state = GRPC_CALL_OPEN;
    call->dial_due_ms = INT64_MAX;
    call->heard_ms = call->now_ms;
    settle(call);
}

grpc_call *grpc_call_new(SSL_CTX *context, const struct sockaddr *address, socklen_t size, const char *authority,
                         const char *host, const char *path, const grpc_patience *patience, grpc_traffic traffic,
                         int64_t now_ms)
{
    grpc_call *call = calloc(1, sizeof *call);

    if (!call)
        return NULL;
    call->patience = *patience;
    call->now_ms = now_ms;
    call->dial_due_ms = now_ms + patience->dial_ms;
    call->whole_due_ms = patience->whole_ms > 0 ? now_ms + patience->whole_ms : INT64_MAX;
    call->leave_due_ms = INT64_MAX;
    grpc_http2_init(&call->http2, traffic, authority, path, patience->whole_ms);
    if (!tls_socket_dial(&call->socket, context, address, size, host))
        end_broken(call);
    return call;
}

static void receive(grpc_call *call)
{
    uint8_t bytes[16384];
    const char *why;

    for (;;) {
        ssize_t n = tls_socket_read(&call->socket, bytes, sizeof bytes);

        if (n == 0)
            break;
        if (n < 0) {
            /* The trailers may have come in the bytes before the connection closed. */
            if (call->http2.over)
                end(call, grpc_http2_outcome(&call->http2));
            else
                end_broken(call);
            return;
        }
        call->heard_ms = call->now_ms;
        call->pinged_ms = 0;
        if (!grpc_http2_receive(&call->http2, bytes, (size_t)n, &why)) {
            end(call, grpc_outcome_failed(SP_INTERNAL, why));
            return;
        }
    }
    settle(call);
}

void grpc_call_ready(grpc_call *call, int64_t now_ms)
{
    call->now_ms = now_ms;
    if (call->state == GRPC_CALL_CONNECTING) {
        if (!tls_socket_advance(&call->socket)) {
            end_broken(call);
            return;
        }
        if (call->socket.state != TLS_SOCKET_OPEN)
            return;
        open_stream(call);
    }
    if (call->state == GRPC_CALL_OPEN)
        receive(call);
}

static void keep_alive(grpc_call *call)
{
    if (call->pinged_ms != 0) {
        if (call->now_ms - call->pinged_ms >= call->patience.ping_wait_ms)
            end(call, grpc_outcome_failed(SP_UNAVAILABLE, "the server is silent"));
    } else if (call->now_ms - call->heard_ms >= call->patience.ping_after_ms) {
        call->pinged_ms = call->now_ms;
        grpc_http2_ping(&call->http2);
        settle(call);
    }
}

void grpc_call_tick(grpc_call *call, int64_t now_ms)
{
    call->now_ms = now_ms;
    if (call->state == GRPC_CALL_ENDED)
        return;
    if (now_ms >= call->dial_due_ms)
        end(call, grpc_outcome_failed(SP_UNAVAILABLE, "the server did not answer the dial in time"));
    else if (now_ms >= call->whole_due_ms)
        end(call, grpc_outcome_failed(SP_DEADLINE_EXCEEDED, "the call took too long"));
    else if (now_ms >= call->leave_due_ms)
        end(call, grpc_outcome_failed(SP_UNAVAILABLE, "the server is going away"));
    else if (call->state == GRPC_CALL_OPEN)
        keep_alive(call);
}

int64_t grpc_call_due_ms(const grpc_call *call)
{
    int64_t due_ms = call->whole_due_ms;

    if (call->state == GRPC_CALL_ENDED)
        return INT64_MAX;
    if (call->dial_due_ms < due_ms)
        due_ms = call->dial_due_ms;
    if (call->leave_due_ms < due_ms)
        due_ms = call->leave_due_ms;
    if (call->state == GRPC_CALL_OPEN) {
        int64_t alive_ms = call->pinged_ms != 0 ? call->pinged_ms + call->patience.ping_wait_ms
                                                : call->heard_ms + call->patience.ping_after_ms;

        if (alive_ms < due_ms)
            due_ms = alive_ms;
    }
    return due_ms;
}

void grpc_call_wake(grpc_call *call)
{
    if (call->state != GRPC_CALL_OPEN)
        return;
    grpc_http2_wake(&call->http2);
    if (!call->http2.receiving)
        settle(call);
}

void grpc_call_finish(grpc_call *call, int64_t now_ms)
{
    call->now_ms = now_ms;
    call->http2.leaving = true;
    grpc_call_wake(call);
}

grpc_call_state grpc_call_is(const grpc_call *call)
{
    return call->state;
}

int grpc_call_fd(const grpc_call *call)
{
    return call->socket.fd;
}

bool grpc_call_wants_write(const grpc_call *call)
{
    return call->socket.wants_write;
}

bool grpc_call_is_leaving(const grpc_call *call)
{
    return call->http2.leaving;
}

const grpc_outcome *grpc_call_outcome(const grpc_call *call)
{
    return &call->outcome;
}

void grpc_call_cut(grpc_call *call)
{
    if (call->state == GRPC_CALL_ENDED)
        return;
    tls_socket_cut(&call->socket);
    end_broken(call);
}

void grpc_call_free(grpc_call *call)
{
    if (!call)
        return;
    end(call, grpc_outcome_failed(SP_CANCELLED, "hung up"));
    free(call);
}
