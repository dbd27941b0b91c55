/* Enterprises: the handlers. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "deletion.h"
#include "enterprise_store.h"
#include "enterprises.h"
#include "field.h"
#include "one_time_password.h"
#include "org.h"
#include "session.h"
#include "smartpass/v1/enterprises.names.h"
#include "smartpass/v1/enterprises.rpc.h"
#include "smartpass/v1/operations.names.h"
#include "timestamp.h"

SP_STATUS(ENTERPRISE_DELETING, SP_FAILED_PRECONDITION, "This enterprise is being deleted.");
SP_STATUS(HOME_ENTERPRISE, SP_FAILED_PRECONDITION, "The super administrator's own enterprise cannot be deleted.");

struct server_enterprises {
    enterprises_options options;
};

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status list_enterprises(rpc_call *call, const ListEnterprisesRequest *request, ListEnterprisesResponse *reply)
{
    const Enterprise *last;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, request->page_size, request->page_token, request->skip, &p);

    if (!sp_failed(status))
        status = call_system_tx(call, &tx);
    if (!sp_failed(status))
        status = enterprise_store_list(tx, request->query, &p, &reply->enterprises, &reply->n_enterprises);
    if (!sp_failed(status))
        status = enterprise_store_count(tx, request->query, &reply->total_size);
    if (sp_failed(status) || reply->n_enterprises <= (size_t)p.size)
        return status;
    reply->n_enterprises = (size_t)p.size;
    last = reply->enterprises[p.size - 1];
    reply->next_page_token = page_token(rpc_call_arena(call), last->name, 0, last->id);
    return SP_DONE;
}

static sp_status get_enterprise(rpc_call *call, const GetEnterpriseRequest *request, Enterprise *reply)
{
    Enterprise *enterprise;
    db_tx *tx;
    sp_status status = call_system_tx(call, &tx);

    if (!sp_failed(status))
        status = enterprise_store_get(tx, request->id, &enterprise);
    if (!sp_failed(status))
        *reply = *enterprise;
    return status;
}

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

/* A copy in the call's arena, because checking changes it. */
static sp_status enterprise_take(rpc_call *call, const Enterprise *from, Enterprise *ret_enterprise)
{
    if (!from)
        return rpc_call_violation(call, "enterprise", "FIELD_REQUIRED", "The enterprise is missing.");
    *ret_enterprise = *from;
    return sp_first_failure(field_take_line(call, "enterprise.name", &ret_enterprise->name, true),
                            field_take_line(call, "enterprise.time_zone", &ret_enterprise->time_zone, true));
}

static const char *password_words(const char *reason)
{
    if (strcmp(reason, "PASSWORD_TOO_SHORT") == 0)
        return "A password has at least 12 characters.";
    if (strcmp(reason, "PASSWORD_TOO_COMMON") == 0)
        return "This is one of the passwords that are tried first.";
    return "This cannot be a password.";
}

static sp_status administrator_check(rpc_call *call, const CreateEnterpriseRequest *request)
{
    sp_status status = field_check_username(call, "administrator_username", request->administrator_username);
    const char *reason;

    if (*request->administrator_password && !password_acceptable(request->administrator_password, &reason))
        status = sp_first_failure(status,
                                  rpc_call_violation(call, "administrator_password", reason, password_words(reason)));
    return status;
}

static sp_status name_taken(rpc_call *call)
{
    return rpc_call_violation(call, "enterprise.name", "NAME_TAKEN", "Another enterprise has this name.");
}

static sp_status username_taken(rpc_call *call)
{
    return rpc_call_violation(call, "administrator_username", "USERNAME_TAKEN", "Another user has this name.");
}

/* What the database has against it: all faults at once, so that a form can show them together. */
static sp_status objections_check(rpc_call *call, db_tx *tx, const Enterprise *enterprise, const char *username)
{
    enterprise_objections found;
    sp_status status = enterprise_store_objections(tx, enterprise, username, &found);

    if (sp_failed(status))
        return status;
    if (found.name_taken)
        status = name_taken(call);
    if (found.zone_unknown)
        status = sp_first_failure(status, rpc_call_violation(call, "enterprise.time_zone", "TIME_ZONE_UNKNOWN",
                                                             "This is no name of a time zone, like Europe/Berlin."));
    if (found.username_taken)
        status = sp_first_failure(status, username_taken(call));
    return status;
}

/* ---- Creating ---------------------------------------------------------------------------------------------------- */

/* The administrator's first password: the given one, or a random one that is good for a day. */
static sp_status password_choose(rpc_call *call, const CreateEnterpriseRequest *request, new_account *account,
                                 CreateEnterpriseResponse *reply)
{
    arena *a = rpc_call_arena(call);
    char *password;
    sp_status status;

    account->password = request->administrator_password;
    if (*request->administrator_password)
        return SP_DONE;
    password = arena_alloc(a, ONE_TIME_PASSWORD_SIZE);
    if (!password)
        return OUT_OF_MEMORY;
    status = one_time_password_new(password);
    account->password = reply->one_time_password = password;
    account->password_expires_ms = call_now_ms(call) + ONE_TIME_PASSWORD_MS;
    reply->one_time_password_expire_time = timestamp_or_null(a, account->password_expires_ms);
    return status;
}

static sp_status enterprise_add(rpc_call *call, db_tx *tx, Enterprise *enterprise, new_account *account,
                                const char *phc)
{
    sp_status status =
        org_add_enterprise(tx, enterprise->name, enterprise->time_zone, &enterprise->id, &account->group_id);

    if (strcmp(status.reason, ENTERPRISE_NAME_TAKEN.reason) == 0)
        return name_taken(call);
    account->enterprise_id = enterprise->id;
    if (!sp_failed(status))
        status = session_insert_account(tx, account, phc);
    return strcmp(status.reason, ACCOUNT_NAME_TAKEN.reason) == 0 ? username_taken(call) : status;
}

/* The hash is made between two transactions: it takes its time. */
static sp_status create_checked(rpc_call *call, Enterprise *enterprise, new_account *account,
                                CreateEnterpriseResponse *reply)
{
    const server_enterprises *enterprises = rpc_call_self(call);
    char phc[PASSWORD_PHC_SIZE];
    db_tx *tx;
    sp_status status = call_system_tx(call, &tx);

    if (!sp_failed(status))
        status = objections_check(call, tx, enterprise, account->username);
    if (!sp_failed(status))
        status = call_commit(call);
    if (!sp_failed(status))
        status = password_hash(&enterprises->options.passwords, account->password, phc);
    if (!sp_failed(status))
        status = call_system_tx(call, &tx);
    if (!sp_failed(status))
        status = enterprise_add(call, tx, enterprise, account, phc);
    if (!sp_failed(status))
        status = enterprise_store_get(tx, enterprise->id, &reply->enterprise);
    if (!sp_failed(status))
        call_audit_after(call, &reply->enterprise->base);
    return status;
}

static sp_status create_enterprise(rpc_call *call, const CreateEnterpriseRequest *request,
                                   CreateEnterpriseResponse *reply)
{
    new_account account = {.username = request->administrator_username, .must_change_password = true};
    Enterprise enterprise = ENTERPRISE_INIT;
    sp_status status;

    status = enterprise_take(call, request->enterprise, &enterprise);
    enterprise.id = 0;
    call_audit_object(call, "enterprise %s", enterprise.name);
    status = sp_first_failure(status, administrator_check(call, request));
    if (!sp_failed(status))
        status = password_choose(call, request, &account, reply);
    return sp_failed(status) ? status : create_checked(call, &enterprise, &account, reply);
}

/* ---- Updating ---------------------------------------------------------------------------------------------------- */

static sp_status update_locked(rpc_call *call, db_tx *tx, const Enterprise *enterprise, Enterprise *reply)
{
    enterprise_locked former;
    Enterprise *read;
    sp_status status = enterprise_store_lock(tx, enterprise->id, &former);

    if (!sp_failed(status) && former.deleting)
        status = ENTERPRISE_DELETING;
    if (!sp_failed(status))
        status = enterprise_store_get(tx, enterprise->id, &read);
    if (!sp_failed(status))
        call_audit_before(call, &read->base);
    if (!sp_failed(status))
        status = objections_check(call, tx, enterprise, "");
    if (!sp_failed(status))
        status = enterprise_store_update(tx, enterprise, former.name);
    if (strcmp(status.reason, ENTERPRISE_NAME_TAKEN.reason) == 0)
        return name_taken(call);
    if (!sp_failed(status))
        status = enterprise_store_get(tx, enterprise->id, &read);
    if (sp_failed(status))
        return status;
    *reply = *read;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

static sp_status update_enterprise(rpc_call *call, const UpdateEnterpriseRequest *request, Enterprise *reply)
{
    Enterprise enterprise = ENTERPRISE_INIT;
    db_tx *tx;
    sp_status status = enterprise_take(call, request->enterprise, &enterprise);

    call_audit_object(call, "enterprise %s", enterprise.name);
    if (!sp_failed(status))
        status = call_system_tx(call, &tx);
    return sp_failed(status) ? status : update_locked(call, tx, &enterprise, reply);
}

/* ---- Deleting ---------------------------------------------------------------------------------------------------- */

static sp_status deletion_order(rpc_call *call, db_tx *tx, const DeleteEnterpriseRequest *request, const char *name,
                                int64_t *ret_operation_id)
{
    const caller *who = call_caller(call);
    const operation_order order = {
        .enterprise_id = who->enterprise_id,
        .object = name,
        .operator_user_id = who->user_id,
        .operator= who->username,
        .group_id = who->group_id,
        .now_ms = call_now_ms(call),
    };

    return deletion_start(tx, request->id, &order, ret_operation_id);
}

/* Of an enterprise that is being deleted already, the operation that is at work; when that has failed or was cancelled,
 * another begins where it stopped. */
static sp_status delete_locked(rpc_call *call, db_tx *tx, const DeleteEnterpriseRequest *request,
                               const enterprise_locked *enterprise, Operation *reply)
{
    int64_t home = call_caller(call)->enterprise_id, operator_user_id, operation_id = enterprise->deletion;
    Operation *operation = NULL;
    sp_status status = SP_DONE;

    if (operation_id != 0)
        status = operation_read(tx, home, operation_id, &operation, &operator_user_id);
    if (strcmp(status.reason, OPERATION_NOT_FOUND.reason) == 0)
        status = SP_DONE;
    if (!sp_failed(status) && (!operation || operation->done)) {
        status = deletion_order(call, tx, request, enterprise->name, &operation_id);
        if (!sp_failed(status))
            status = operation_read(tx, home, operation_id, &operation, &operator_user_id);
    }
    if (!sp_failed(status))
        *reply = *operation;
    return status;
}

static sp_status delete_enterprise(rpc_call *call, const DeleteEnterpriseRequest *request, Operation *reply)
{
    enterprise_locked enterprise;
    Enterprise *before;
    db_tx *tx;
    sp_status status = call_system_tx(call, &tx);

    if (!sp_failed(status))
        status = enterprise_store_lock(tx, request->id, &enterprise);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "enterprise %s", enterprise.name);
    if (enterprise.home)
        return HOME_ENTERPRISE;
    if (strcmp(request->confirm_name, enterprise.name) != 0)
        return rpc_call_violation(call, "confirm_name", "NAME_DIFFERS", "This is not the enterprise's name.");
    status = enterprise_store_get(tx, request->id, &before);
    if (!sp_failed(status))
        call_audit_before(call, &before->base);
    return sp_failed(status) ? status : delete_locked(call, tx, request, &enterprise, reply);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static const enterprises_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_enterprises = list_enterprises,
    .get_enterprise = get_enterprise,
    .create_enterprise = create_enterprise,
    .update_enterprise = update_enterprise,
    .delete_enterprise = delete_enterprise,
};

server_enterprises *enterprises_new(const enterprises_options *options)
{
    server_enterprises *enterprises = calloc(1, sizeof *enterprises);

    if (enterprises)
        enterprises->options = *options;
    return enterprises;
}

bool enterprises_add_kinds(const server_enterprises *enterprises, server_operations *operations)
{
    return operations_add_kind(operations, &(operation_kind){.name = DELETION_KIND,
                                                             .resumable = true,
                                                             .run = deletion_run,
                                                             .arg = enterprises->options.system});
}

void enterprises_register(server_enterprises *enterprises, rpc_server *server)
{
    enterprises_service_register(server, &HANDLERS, enterprises);
}

void enterprises_free(server_enterprises *enterprises)
{
    free(enterprises);
}
