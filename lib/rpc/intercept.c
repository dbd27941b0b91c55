/* What every call passes through: the chain of interceptors, and what they may do to a call. */
#include <string.h>

#include "call.h"
#include "clock.h"

sp_status call_begin(rpc_call *call)
{
    const rpc_server_options *options = &call->server->options;

    if (call->method->internal)
        return SP_DONE;
    while (call->begun < options->interceptor_count) {
        const rpc_interceptor *one = &options->interceptors[call->begun++];
        sp_status status = one->begin != NULL ? one->begin(one->self, call) : SP_DONE;

        if (sp_failed(status))
            return status;
    }
    return SP_DONE;
}

/* The one that began last is nearest to the handler. */
sp_status call_finish(rpc_call *call, sp_status outcome)
{
    const rpc_interceptor *list = call->server->options.interceptors;

    for (size_t i = call->begun; i > 0; i--)
        if (list[i - 1].finish != NULL)
            outcome = list[i - 1].finish(list[i - 1].self, call, outcome);
    return outcome;
}

static void expired(timer *expiry)
{
    rpc_call *call = CORE_OWNER(expiry, rpc_call, expiry);

    pthread_mutex_lock(&call->lock);
    if (call->core != NULL)
        grpc_call_cancel_with_status(call->core, GRPC_STATUS_DEADLINE_EXCEEDED,
                                     "The server allows the call no more time.", NULL);
    pthread_mutex_unlock(&call->lock);
    call_unref(call);
}

void call_end(rpc_call *call, sp_status outcome)
{
    const rpc_interceptor *list = call->server->options.interceptors;

    if (timers_cancel(&call->server->timers, &call->expiry))
        call_unref(call);
    while (call->begun > 0) {
        const rpc_interceptor *one = &list[--call->begun];

        if (one->end != NULL)
            one->end(one->self, call, outcome);
    }
}

void call_tell_refused(const rpc_call *call, sp_status status)
{
    const rpc_server_options *options = &call->server->options;
    const rpc_method *method = call->method != NULL ? call->method->method : NULL;

    if (call->method != NULL && call->method->internal)
        return;
    for (size_t i = 0; i < options->interceptor_count; i++)
        if (options->interceptors[i].refused != NULL)
            options->interceptors[i].refused(options->interceptors[i].self, method, status);
}

bool rpc_call_limit_time(rpc_call *call, int64_t timeout_ms)
{
    timers *all = &call->server->timers;
    gpr_timespec deadline = core_deadline(timeout_ms > 0 ? timeout_ms : 1);

    if (rpc_call_time_left_ms(call) <= timeout_ms)
        return true;
    if (timers_cancel(all, &call->expiry))
        call_unref(call);
    call->expiry.ring = expired;
    call_ref(call);
    if (!timers_set(all, &call->expiry, clock_monotonic_ms() + timeout_ms)) {
        call_unref(call);
        return false;
    }
    call->deadline = deadline;
    return true;
}

bool rpc_call_attach(rpc_call *call, const void *owner, void *what)
{
    for (size_t i = 0; i < call->attached_count; i++) {
        if (call->attached[i].owner == owner) {
            call->attached[i].what = what;
            return true;
        }
    }
    if (call->attached_count == ATTACHED_MAX)
        return false;
    call->attached[call->attached_count++] = (call_attached){owner, what};
    return true;
}

void *rpc_call_attached(const rpc_call *call, const void *owner)
{
    for (size_t i = 0; i < call->attached_count; i++)
        if (call->attached[i].owner == owner)
            return call->attached[i].what;
    return NULL;
}

int64_t rpc_call_age_us(const rpc_call *call)
{
    return clock_monotonic_us() - call->arrived_us;
}
