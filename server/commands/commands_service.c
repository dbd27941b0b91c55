/* Commands: the handlers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "command_store.h"
#include "org.h"
#include "smartpass/v1/commands.names.h"
#include "smartpass/v1/commands.rpc.h"

#define KIND(name) SMARTPASS__V1__COMMAND_KIND__COMMAND_KIND_##name

SP_STATUS(NO_DEVICE, SP_FAILED_PRECONDITION, "There is no terminal in this group.");

enum { NAMES_MAX = 20 }; /* terminals that the audit log names */

/* ---- Which terminals --------------------------------------------------------------------------------------------- */

/* What a request names: terminals, or else a group. */
typedef struct {
    const int64_t *ids;
    size_t id_count;
    int64_t group_id;
} command_choice;

typedef struct {
    db_tx *tx;
    command_target *list;
    size_t count;
} command_targets;

static sp_status scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, command_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status st = call_tx(call, ret_tx);

    if (sp_failed(st))
        return st;
    ret_scope->enterprise_id = who->enterprise_id;
    ret_scope->now_ms = call_now_ms(call);
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Ascending, each once. NULL: memory is out. */
static int64_t *unique_ids(arena *a, const int64_t *ids, size_t count, size_t *ret_count)
{
    int64_t *sorted = arena_array(a, count + 1, sizeof *sorted);
    size_t n = 0;

    if (!sorted)
        return NULL;
    for (size_t i = 0; i < count; i++)
        sorted[i] = ids[i];
    qsort(sorted, count, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || sorted[i] != sorted[n - 1])
            sorted[n++] = sorted[i];
    *ret_count = n;
    return sorted;
}

static sp_status targets_by_id(rpc_call *call, const command_choice *choice, command_targets *ret)
{
    command_scope scope;
    size_t count;
    const int64_t *ids = unique_ids(rpc_call_arena(call), choice->ids, choice->id_count, &count);

    if (!ids)
        return DB_NO_MEMORY;
    sp_status st = scope_find(call, 0, &ret->tx, &scope);
    if (!sp_failed(st))
        st = command_store_targets(ret->tx, &scope, ids, count, &ret->list, &ret->count);
    if (!sp_failed(st) && ret->count < count)
        return rpc_call_violation(call, "device_ids", "DEVICE_UNKNOWN", "One of the terminals does not exist.");
    return st;
}

static sp_status targets_of_group(rpc_call *call, int64_t group_id, command_targets *ret)
{
    command_scope scope;
    sp_status st = scope_find(call, group_id, &ret->tx, &scope);

    if (strcmp(st.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "group_id", "GROUP_UNKNOWN", "There is no such group.");
    if (!sp_failed(st))
        st = command_store_targets(ret->tx, &scope, NULL, 0, &ret->list, &ret->count);
    return !sp_failed(st) && ret->count == 0 ? NO_DEVICE : st;
}

/* "device Gate", "devices Gate, Hall and 3 more". */
static void name_targets(rpc_call *call, const command_targets *targets)
{
    char text[1024] = "";
    size_t size = 0, named = 0;

    for (; named < targets->count && named < NAMES_MAX; named++) {
        int n = snprintf(text + size, sizeof text - size, "%s%s", named > 0 ? ", " : "", targets->list[named].name);

        if (n < 0 || (size_t)n >= sizeof text - size) {
            text[size] = '\0';
            break;
        }
        size += (size_t)n;
    }
    if (named < targets->count)
        call_audit_object(call, "devices %s and %zu more", text, targets->count - named);
    else
        call_audit_object(call, "%s %s", targets->count == 1 ? "device" : "devices", text);
}

static sp_status targets_find(rpc_call *call, const command_choice *choice, command_targets *ret)
{
    sp_status st;

    if (choice->group_id != 0 && choice->id_count > 0)
        return rpc_call_violation(call, "group_id", "ONE_OF_BOTH", "Name terminals or a group, not both.");
    if (choice->group_id == 0 && choice->id_count == 0)
        return rpc_call_violation(call, "device_ids", "FIELD_REQUIRED", "Choose a terminal.");
    st = choice->group_id != 0 ? targets_of_group(call, choice->group_id, ret) : targets_by_id(call, choice, ret);
    if (!sp_failed(st))
        name_targets(call, ret);
    return st;
}

/* ---- Giving ------------------------------------------------------------------------------------------------------ */

static sp_status give(rpc_call *call, const command_targets *targets, command_kind kind, bool sign_out,
                      SendCommandsResponse *reply)
{
    const caller *who = call_caller(call);
    const command_wish wish = {
        .enterprise_id = who->enterprise_id,
        .user_id = who->user_id,
        .operator_name = who->username,
        .kind = kind,
        .sign_out = sign_out,
        .now_ms = call_now_ms(call),
    };

    return command_store_add(targets->tx, &wish, targets->list, targets->count, reply);
}

static sp_status move_doors(rpc_call *call, const MoveDoorsRequest *request, SendCommandsResponse *reply)
{
    const command_choice choice = {request->device_ids, request->n_device_ids, 0};
    command_targets targets;
    sp_status st = targets_find(call, &choice, &targets);

    if (sp_failed(st))
        return st;
    call_audit_after(call, &request->base);
    return give(call, &targets, request->close ? KIND(CLOSE_DOOR) : KIND(OPEN_DOOR), false, reply);
}

static sp_status control_power(rpc_call *call, const ControlPowerRequest *request, SendCommandsResponse *reply)
{
    const command_choice choice = {request->device_ids, request->n_device_ids, request->group_id};
    command_targets targets;
    sp_status st = targets_find(call, &choice, &targets);

    if (sp_failed(st))
        return st;
    call_audit_after(call, &request->base);
    return give(call, &targets, request->shut_down ? KIND(SHUT_DOWN) : KIND(RESTART), false, reply);
}

static sp_status reset_devices(rpc_call *call, const ResetDevicesRequest *request, SendCommandsResponse *reply)
{
    const command_choice choice = {request->device_ids, request->n_device_ids, request->group_id};
    command_targets targets;
    sp_status st = targets_find(call, &choice, &targets);

    if (sp_failed(st))
        return st;
    if (request->confirm_count < 0 || (size_t)request->confirm_count != targets.count)
        return rpc_call_violation(call, "confirm_count", "COUNT_DIFFERS",
                                  "This is not how many terminals would be reset.");
    call_audit_after(call, &request->base);
    return give(call, &targets, KIND(RESET), request->sign_out, reply);
}

/* ---- Looking ----------------------------------------------------------------------------------------------------- */

static sp_status list_commands(rpc_call *call, const ListCommandsRequest *request, ListCommandsResponse *reply)
{
    const command_filter filter = {request->device_id, request->batch_id};
    command_scope scope;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (sp_failed(st))
        return st;
    st = scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = command_store_list(tx, &scope, &filter, &p, &reply->commands, &reply->n_commands);
    if (!sp_failed(st))
        st = command_store_count(tx, &scope, &filter, &reply->total_size);
    if (sp_failed(st) || reply->n_commands <= (size_t)p.size)
        return st;

    reply->n_commands = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", 0, reply->commands[p.size - 1]->id);
    return SP_DONE;
}

void commands_register(rpc_server *server)
{
    static const commands_service handlers = {
        .size = sizeof handlers,
        .move_doors = move_doors,
        .control_power = control_power,
        .reset_devices = reset_devices,
        .list_commands = list_commands,
    };
    commands_service_register(server, &handlers, NULL);
}
