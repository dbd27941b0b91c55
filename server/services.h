/* Everything that serves, put together: which domain hears of what from which other one is decided here and nowhere
 * else. */
#pragma once

#include "audit_sealer.h"
#include "audit_service.h"
#include "blobs.h"
#include "console.h"
#include "displays.h"
#include "enterprises.h"
#include "identity_client.h"
#include "ingest.h"
#include "link_service.h"
#include "monitor.h"
#include "operations.h"
#include "packages.h"
#include "pass.h"
#include "people.h"
#include "rpc.h"
#include "secrets.h"
#include "server_config.h"
#include "session.h"
#include "storage.h"
#include "ticker.h"
#include "transfer.h"
#include "users.h"

typedef struct {
    const server_config *config;
    storage *storage;
    secrets *secrets;
    blob_store *blobs;
    audit_sealer *sealer;
    server_audit *audit;
    identity_client *identity;
    session_server *sessions;
    server_users *users;
    server_people *people;
    server_pass *pass;
    server_console *console;
    server_operations *operations;
    server_transfer *transfer;
    server_enterprises *enterprises;
    ingest *ingest;
    server_packages *packages;
    server_displays *displays;
    server_link *link;
    server_monitor *monitor;
    ticker *sweeper;
    rpc_server *rpc;
    int port; /* of the public listener */
} services;

SP_STATUS(SERVICES_NOT_STARTED, SP_RESOURCE_EXHAUSTED, "Memory, threads or files are exhausted.");

/* Serves when it returns. detail gets 512 bytes and says more after a failure. */
sp_status services_start(const server_config *config, storage *s, secrets *secret, services *ret_services,
                         char *detail) SP_MUST_USE;

/* Lets running calls end within the configured time, then stops everything that services_start has started. */
void services_stop(services *s);
