/* Packages: the handlers. */
#include "package_store.h"

static sp_status list_packages(rpc_call *call, const ListPackagesRequest *request, ListPackagesResponse *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    package_rows rows;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = package_store_list(tx, enterprise_id, request->query, &p, &rows);
    if (!sp_failed(st))
        st = package_store_count(tx, enterprise_id, request->query, &reply->total_size);
    if (sp_failed(st))
        return st;
    reply->packages = rows.packages;
    reply->n_packages = rows.count;
    if (rows.count <= (size_t)p.size)
        return SP_DONE;

    reply->n_packages = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", rows.last_number, rows.packages[p.size - 1]->id);
    return SP_DONE;
}

static sp_status delete_package(rpc_call *call, const DeletePackageRequest *request, DeletePackageResponse *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    const char *version = "";
    Package *package;
    db_tx *tx;

    (void)reply;
    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = package_store_get(tx, enterprise_id, request->id, &package);
    if (!sp_failed(st)) {
        call_audit_before(call, &package->base);
        st = package_store_delete(tx, enterprise_id, request->id, &version);
    }
    call_audit_object(call, "package %s", version);
    return st;
}

void packages_register(server_packages *packages, rpc_server *server)
{
    static const packages_service handlers = {
        .size = sizeof handlers,
        .list_packages = list_packages,
        .upload_package = &PACKAGE_UPLOAD,
        .delete_package = delete_package,
        .create_rollout = handle_create_rollout,
        .list_rollouts = handle_list_rollouts,
        .get_rollout = handle_get_rollout,
        .list_rollout_devices = handle_list_rollout_devices,
        .continue_rollout = handle_continue_rollout,
        .cancel_rollout = handle_cancel_rollout,
    };
    packages_service_register(server, &handlers, packages);
}
