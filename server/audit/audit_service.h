/* The AuditService: the log for those who may read it. */
#pragma once

#include "db.h"
#include "rpc.h"

typedef struct server_audit server_audit;

typedef struct {
    db_pool *app;
    const uint8_t *key; /* of the chain, borrowed */
} audit_service_options;

/* Options are copied. NULL when memory is out. */
server_audit *audit_service_new(const audit_service_options *options);

/* After the rpc server has stopped; waits for exports that still read. Accepts NULL. */
void audit_service_free(server_audit *audit);

void audit_service_serve(server_audit *audit, rpc_server *server);
