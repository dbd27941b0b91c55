#include "services.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "capture.h"
#include "clock.h"
#include "commands.h"
#include "devices.h"
#include "log.h"
#include "operations_service.h"
#include "org.h"
#include "packages.h"
#include "photo_check.h"
#include "retention.h"
#include "screens.h"
#include "settings_service.h"
#include "smartpass_descriptors.h"

enum { DETAIL = 512, SWEEP_MS = 60000, QUEUES = 2 };

/* ---- Who hears of what ------------------------------------------------------------------------------------------- */

static void records_stored(void *arg, const ingest_stored *records, size_t count)
{
    services *s = arg;

    for (size_t i = 0; i < count; i++)
        console_note_pass(s->console, records[i].source->enterprise_id, records[i].id);
}

static void device_changed(void *arg, int64_t enterprise_id, int64_t device_id)
{
    console_note_device(((services *)arg)->console, enterprise_id, device_id);
}

static void grants_changed(void *arg, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids, size_t count)
{
    console_note_grants(((services *)arg)->console, enterprise_id, device_id, person_ids, count);
}

static void snapshot_stored(void *arg, int64_t enterprise_id, int64_t pass_id)
{
    console_note_snapshot(((services *)arg)->console, enterprise_id, pass_id);
}

static void operation_changed(void *arg, int64_t enterprise_id, int64_t operation_id)
{
    console_note_operation(((services *)arg)->console, enterprise_id, operation_id);
}

static void alarm_changed(void *arg, int64_t enterprise_id, int64_t alarm_id)
{
    console_note_alarm(((services *)arg)->console, enterprise_id, alarm_id);
}

/* ---- What follows when a person goes ----------------------------------------------------------------------------- */

static sp_status person_revoked(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms)
{
    sp_status status = pass_person_revoked(tx, enterprise_id, person_id, now_ms);

    return sp_failed(status) ? status : displays_forget_person(tx, enterprise_id, person_id);
}

static sp_status person_forgotten(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms)
{
    sp_status status = pass_person_forgotten(tx, enterprise_id, person_id, now_ms);

    return sp_failed(status) ? status : displays_forget_person(tx, enterprise_id, person_id);
}

/* ---- The domains ------------------------------------------------------------------------------------------------- */

static bool blobs_start(services *s)
{
    char folder[4200];

    snprintf(folder, sizeof folder, "%.4000s/blobs", s->config->data);
    s->blobs = blob_store_new(&(blob_options){folder, s->secrets->master_key_path});
    return s->blobs != NULL;
}

/* A quarter of the threads may wait for the identity provider. */
static bool identity_start(services *s)
{
    s->identity = identity_client_new(&(identity_options){
        .at_once = (int)(s->config->workers + 3) / 4,
        .authorities = s->config->identity_authorities,
    });
    return s->identity != NULL;
}

static bool people_side_start(services *s)
{
    char erasures[4200];

    snprintf(erasures, sizeof erasures, "%.4000s/erasures", s->config->data);
    s->sessions = session_new(&(session_options){
        .app = s->storage->app,
        .system = s->storage->system,
        .ca = s->secrets->ca,
        .gateways = s->config->gateways,
        .passwords = {password_cost_standard, s->secrets->pepper, sizeof s->secrets->pepper},
        .master_key = blob_store_master_key(s->blobs),
        .identity = s->identity,
        .idle_ms = s->config->session_idle_ms,
        .total_ms = s->config->session_total_ms,
        .logins_at_once = (int)(s->config->workers + 1) * 3 / 4,
    });
    s->sealer = audit_sealer_new(&(audit_sealer_options){.system = s->storage->system, .key = s->secrets->audit_key});
    s->audit = audit_service_new(&(audit_service_options){.app = s->storage->app, .key = s->secrets->audit_key});
    s->users = users_new(&(users_options){
        .passwords = {password_cost_standard, s->secrets->pepper, sizeof s->secrets->pepper},
        .well_known_reset = strcmp(s->config->reset_password, "123456") == 0,
    });
    s->people = people_new(&(people_options){
        .app = s->storage->app,
        .system = s->storage->system,
        .blobs = s->blobs,
        .check_photo = photo_check_run,
        .check_photo_threads = (int)s->config->worker_processes,
        .hooks = {.people_changed = pass_people_changed,
                  .person_revoked = person_revoked,
                  .person_forgotten = person_forgotten},
        .erasures = erasures,
        .node = (int)s->config->node,
    });
    s->pass = pass_new(&(pass_options){.app = s->storage->app, .blobs = s->blobs});
    s->console = console_new(&(console_options){.app = s->storage->app});
    return org_remember_trees() && s->sessions && s->sealer && s->audit && s->users && s->people && s->pass &&
           s->console;
}

static bool packages_start(services *s)
{
    char folder[4200];

    snprintf(folder, sizeof folder, "%.4000s/packages", s->config->data);
    s->packages = packages_new(&(packages_options){
        .app = s->storage->app,
        .system = s->storage->system,
        .folder = folder,
        .keys = s->config->package_keys,
    });
    return s->packages != NULL;
}

static bool displays_start(services *s)
{
    s->displays = displays_new(&(displays_options){
        .app = s->storage->app,
        .system = s->storage->system,
        .blobs = s->blobs,
        .check_picture = photo_check_picture,
    });
    return s->displays != NULL;
}

static bool terminal_side_start(services *s)
{
    s->ingest = ingest_new(&(ingest_options){.system = s->storage->system, .stored = records_stored, .arg = s});
    if (!s->ingest)
        return false;
    s->link = link_new(&(link_options){
        .system = s->storage->system,
        .in = s->ingest,
        .blobs = s->blobs,
        .people = s->people,
        .packages = s->packages,
        .displays = s->displays,
        .ca = s->secrets->ca,
        .listen_conninfo = s->storage->conninfo,
        .check_account = session_check_account,
        .check_account_arg = s->sessions,
        .hooks = {s, device_changed, grants_changed, snapshot_stored},
    });
    s->monitor = monitor_new(&(monitor_options){
        .system = s->storage->system,
        .listen_conninfo = s->storage->conninfo,
        .hooks = {s, alarm_changed},
    });
    return s->link && s->monitor;
}

static bool transfer_start(services *s)
{
    char folder[4200];

    snprintf(folder, sizeof folder, "%.4000s/transfer", s->config->data);
    s->transfer = transfer_new(&(transfer_options){
        .app = s->storage->app,
        .system = s->storage->system,
        .workers = photo_check_workers(),
        .blobs = s->blobs,
        .folder = folder,
        .hooks = {.people_changed = pass_people_changed, .person_revoked = person_revoked},
    });
    return s->transfer != NULL;
}

static bool enterprises_start(services *s)
{
    s->enterprises = enterprises_new(&(enterprises_options){
        .system = s->storage->system,
        .passwords = {password_cost_standard, s->secrets->pepper, sizeof s->secrets->pepper},
    });
    return s->enterprises != NULL;
}

/* Every kind of long work that this server can do. */
static bool operations_start(services *s)
{
    s->operations = operations_new(&(operations_options){
        .system = s->storage->system,
        .listen_conninfo = s->storage->conninfo,
        .changed = operation_changed,
        .arg = s,
    });
    return s->operations && enterprises_add_kinds(s->enterprises, s->operations) &&
           people_add_kinds(s->people, s->operations) && transfer_add_kinds(s->transfer, s->operations) &&
           operations_run(s->operations);
}

static void sweep(void *arg)
{
    services *s = arg;
    sp_status status = session_sweep(s->sessions);

    if (!sp_failed(status))
        status = people_sweep(s->people);
    if (!sp_failed(status))
        status = retention_sweep(
            &(retention_options){s->storage->system, s->config->keep_rejected_ms, s->config->keep_alarms_ms},
            clock_now_ms());
    if (!sp_failed(status))
        status = monitor_sweep_logs(s->storage->system, clock_now_ms() - s->config->keep_device_logs_ms);
    if (!sp_failed(status))
        status = transfer_sweep(s->transfer);
    if (!sp_failed(status))
        status = capture_sweep(s->storage->system, clock_now_ms());
    if (!sp_failed(status))
        status = screens_sweep(s->storage->system);
    if (!sp_failed(status))
        status = displays_sweep(s->displays);
    if (!sp_failed(status))
        status = packages_sweep(s->packages);
    if (!sp_failed(status))
        status = commands_sweep(s->storage->system, clock_now_ms());
    if (!sp_failed(status))
        status = operations_sweep(s->operations, clock_now_ms());
    if (sp_failed(status))
        log_write(LOG_WARNING, "sweeping failed", "reason", status.reason, NULL);
}

/* ---- The doors --------------------------------------------------------------------------------------------------- */

static sp_status doors_open(services *s, char *detail)
{
    char gateway[160];
    const rpc_listener public = {
        .id = LISTENER_PUBLIC,
        .address = s->config->listen,
        .cert_pem = s->secrets->server_certificate_pem,
        .key_pem = s->secrets->server_key_pem,
        .ask_client_cert = true,
    };
    const rpc_listener local = {.id = LISTENER_GATEWAY, .address = gateway};
    sp_status status;

    snprintf(gateway, sizeof gateway, "unix:%s", s->config->rpc_socket);
    unlink(s->config->rpc_socket); /* of a server that was killed; the data folder is ours alone */
    snprintf(detail, DETAIL, "%s", s->config->listen);
    status = rpc_server_listen(s->rpc, &public, &s->port);
    if (sp_failed(status))
        return status;
    snprintf(detail, DETAIL, "%s", gateway);
    status = rpc_server_listen(s->rpc, &local, NULL);
    return sp_failed(status) ? status : rpc_server_start(s->rpc);
}

static bool rpc_make(services *s)
{
    s->rpc = rpc_server_new(&(rpc_server_options){
        .workers = (int)s->config->workers,
        .queues = QUEUES,
        .interceptors = (const rpc_interceptor[]){session_interceptor(s->sessions)},
        .interceptor_count = 1,
        .descriptors = smartpass_descriptors,
        .descriptors_size = smartpass_descriptors_size,
    });
    if (!s->rpc)
        return false;
    session_register(s->sessions, s->rpc);
    account_register(s->rpc);
    audit_service_serve(s->audit, s->rpc);
    org_register(s->rpc);
    users_register(s->users, s->rpc);
    people_register(s->people, s->rpc);
    devices_register(s->rpc);
    settings_register(s->rpc);
    pass_register(s->pass, s->rpc);
    capture_register(s->people, s->rpc);
    screens_register(s->blobs, s->rpc);
    displays_register(s->displays, s->rpc);
    commands_register(s->rpc);
    packages_register(s->packages, s->rpc);
    link_register(s->link, s->rpc);
    monitor_register(s->rpc);
    console_register(s->console, s->rpc);
    transfer_register(s->transfer, s->rpc);
    operations_register(s->rpc);
    enterprises_register(s->enterprises, s->rpc);
    return true;
}

static sp_status domains_start(services *s, char *detail)
{
    sp_status status;

    if (!blobs_start(s) || !identity_start(s) || !people_side_start(s))
        return SERVICES_NOT_STARTED;
    status = people_replay_erasures(s->people, detail);
    if (sp_failed(status))
        return status;
    if (!packages_start(s) || !displays_start(s) || !terminal_side_start(s) || !transfer_start(s) ||
        !enterprises_start(s) || !operations_start(s) || !rpc_make(s))
        return SERVICES_NOT_STARTED;
    s->sweeper = ticker_new(SWEEP_MS, sweep, s);
    return s->sweeper ? doors_open(s, detail) : SERVICES_NOT_STARTED;
}

sp_status services_start(const server_config *config, storage *store, secrets *secret, services *ret_services,
                         char *detail)
{
    services *s = ret_services;
    sp_status status;

    *s = (services){.config = config, .storage = store, .secrets = secret};
    detail[0] = '\0';
    status = photo_check_start(config, detail);
    if (sp_failed(status))
        return status;
    status = domains_start(s, detail);
    if (sp_failed(status)) {
        services_stop(s);
        return status;
    }
    rpc_server_set_serving(s->rpc, true);
    return SP_DONE;
}

/* Calls end first, then what they feed, then what hears of that. */
void services_stop(services *s)
{
    if (s->rpc) {
        rpc_server_set_serving(s->rpc, false);
        rpc_server_stop(s->rpc, (int)s->config->drain_ms);
    }
    ticker_free(s->sweeper);
    operations_free(s->operations);
    transfer_free(s->transfer);
    enterprises_free(s->enterprises);
    ingest_free(s->ingest);
    link_free(s->link);
    packages_free(s->packages);
    displays_free(s->displays);
    monitor_free(s->monitor);
    users_free(s->users);
    people_free(s->people);
    pass_free(s->pass);
    console_free(s->console);
    audit_service_free(s->audit);
    audit_sealer_free(s->sealer);
    session_free(s->sessions);
    identity_client_free(s->identity);
    rpc_server_free(s->rpc);
    org_forget_trees();
    blob_store_free(s->blobs);
    photo_check_stop();
    *s = (services){0};
}
