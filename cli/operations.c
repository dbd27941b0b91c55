/* operation list, operation get, operation cancel. */
#include <inttypes.h>
#include <stdio.h>

#include "ctl.h"
#include "smartpass/v1/operations.client.h"
#include "times.h"

typedef Smartpass__V1__Operation Operation;

enum { PAGE = 100 };

static const char *state_name(Smartpass__V1__OperationState state)
{
    static const char *const names[] = {"-", "queued", "running", "succeeded", "failed", "cancelled"};

    return (size_t)state < sizeof names / sizeof *names ? names[state] : names[0];
}

static void print_operation(const Operation *o)
{
    char when[TIME_TEXT_SIZE];

    time_text(o->create_time, when);
    printf("%-20" PRId64 " %s %-10s %" PRId64 "/%" PRId64 " %s %s by %s", o->id, when, state_name(o->state),
           o->progress, o->total, o->kind, o->object, o->operator_);
    if (o->failures > 0)
        printf(", %" PRId64 " failures", o->failures);
    if (o->stage[0] && !o->done)
        printf(", %s", o->stage);
    if (o->error)
        printf(": %s (%s)", o->error->message, o->error->reason);
    putchar('\n');
}

int run_operation_list(const ctl *c)
{
    Smartpass__V1__ListOperationsRequest request = SMARTPASS__V1__LIST_OPERATIONS_REQUEST__INIT;
    Smartpass__V1__ListOperationsResponse *reply = NULL;
    rpc_answer answer = {0};
    bool more = true;

    request.page_size = PAGE;
    while (more) {
        Smartpass__V1__ListOperationsResponse *next;
        sp_status st = operations_list_operations(c->client, c->options, &request, &next, &answer);
        if (reply)
            smartpass__v1__list_operations_response__free_unpacked(reply, NULL);
        if (sp_failed(st))
            return ctl_fail("operation list", st, &answer);
        rpc_answer_done(&answer);
        reply = next;
        for (size_t i = 0; i < reply->n_operations; i++)
            print_operation(reply->operations[i]);
        request.page_token = reply->next_page_token;
        more = reply->next_page_token[0] != 0;
    }
    smartpass__v1__list_operations_response__free_unpacked(reply, NULL);
    return CTL_DONE;
}

static int show(const char *what, sp_status st, Operation *operation, rpc_answer *answer)
{
    if (sp_failed(st))
        return ctl_fail(what, st, answer);
    rpc_answer_done(answer);
    print_operation(operation);
    smartpass__v1__operation__free_unpacked(operation, NULL);
    return CTL_DONE;
}

int run_operation_get(const ctl *c)
{
    Smartpass__V1__GetOperationRequest request = SMARTPASS__V1__GET_OPERATION_REQUEST__INIT;
    rpc_answer answer = {0};
    Operation *operation = NULL;

    request.id = c->flags->operation;
    sp_status st = operations_get_operation(c->client, c->options, &request, &operation, &answer);
    return show("operation get", st, operation, &answer);
}

int run_operation_cancel(const ctl *c)
{
    Smartpass__V1__CancelOperationRequest request = SMARTPASS__V1__CANCEL_OPERATION_REQUEST__INIT;
    rpc_answer answer = {0};
    Operation *operation = NULL;

    request.id = c->flags->operation;
    sp_status st = operations_cancel_operation(c->client, c->options, &request, &operation, &answer);
    return show("operation cancel", st, operation, &answer);
}
