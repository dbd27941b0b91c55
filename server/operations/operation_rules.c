#include "operation_rules.h"

#include <string.h>

#include "operations.h"

bool operation_visible(const operation_viewer *viewer, int64_t operator_user_id)
{
    return viewer->sees_all || (viewer->user_id != 0 && viewer->user_id == operator_user_id);
}

static bool is(sp_status status, sp_status expected)
{
    return strcmp(status.reason, expected.reason) == 0;
}

static operation_ending ended(Smartpass__V1__OperationState state, sp_status error)
{
    return (operation_ending){.state = state, .error = error};
}

operation_ending operation_end(sp_status outcome, bool resumable, int attempt)
{
    if (!sp_failed(outcome))
        return ended(SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_SUCCEEDED, SP_DONE);
    if (is(outcome, OPERATION_CANCELLED))
        return ended(SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_CANCELLED, SP_DONE);

    bool released = is(outcome, OPERATION_RELEASED), lost = is(outcome, OPERATION_LOST);
    if (resumable && (released || lost || outcome.code == SP_UNAVAILABLE)) {
        if (released || attempt < OPERATION_ATTEMPTS_MAX)
            return (operation_ending){.back = true, .counts = !released};
        return ended(SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED, ATTEMPTS_EXHAUSTED);
    }
    return ended(SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED, released || lost ? INTERRUPTED : outcome);
}
