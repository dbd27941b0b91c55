#include "command_rules.h"

static bool is_over(const command_order *o, const order_circumstances *at)
{
    return o->left_ms == 0 || (at->clock_synced && at->now_ms >= o->not_after_ms);
}

static order_verdict failed(const char *reason)
{
    return (order_verdict){ORDER_FAILED, reason};
}

order_verdict order_judge(const command_order *o, const order_circumstances *at)
{
    const order_verdict begun = {ORDER_BEGUN, ""};

    if (is_over(o, at))
        return (order_verdict){ORDER_EXPIRED, ""};
    if (at->memory_lost)
        return failed("INTERRUPTED");
    switch (o->kind) {
    case ORDER_OPEN_DOOR:
    case ORDER_CLOSE_DOOR:
        return begun;
    case ORDER_RESTART:
    case ORDER_SHUT_DOWN:
        if (!at->can_switch)
            return failed("NOT_OFFERED");
        return at->ending ? failed("BUSY") : begun;
    case ORDER_RESET:
        return at->ending || at->resetting ? failed("BUSY") : begun;
    default: /* of a newer server */
        return failed("NOT_OFFERED");
    }
}

order_verdict order_recovered(int kind)
{
    return kind == ORDER_RESTART ? (order_verdict){ORDER_DONE, ""} : failed("INTERRUPTED");
}
