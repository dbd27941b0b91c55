/* The interceptor that gives calls a deadline of the server's. */
#include <string.h>

#include "rpc_interceptors.h"

static const rpc_deadline *deadline_of(const rpc_deadlines *deadlines, const rpc_method *method)
{
    for (size_t i = 0; i < deadlines->method_count; i++)
        if (strcmp(deadlines->methods[i].path, method->path) == 0)
            return &deadlines->methods[i];
    return method->kind == RPC_UNARY ? &deadlines->unary : NULL;
}

static sp_status begin(void *self, rpc_call *call)
{
    const rpc_deadline *deadline = deadline_of(self, rpc_call_method(call));

    if (deadline == NULL)
        return SP_DONE;

    bool states_none = rpc_call_time_left_ms(call) == INT64_MAX;
    int64_t limit_ms = states_none && deadline->default_ms > 0 ? deadline->default_ms : deadline->max_ms;

    if (deadline->max_ms > 0 && limit_ms > deadline->max_ms)
        limit_ms = deadline->max_ms;
    if (limit_ms > 0 && !rpc_call_limit_time(call, limit_ms))
        return OUT_OF_MEMORY;
    return SP_DONE;
}

rpc_interceptor rpc_deadlines_interceptor(const rpc_deadlines *deadlines)
{
    return (rpc_interceptor){.self = (void *)deadlines, .begin = begin};
}
