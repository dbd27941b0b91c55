/* The enterprises of the installation, for the super administrator: the EnterprisesService. */
#pragma once

#include "operations.h"
#include "password.h"
#include "rpc.h"

typedef struct server_enterprises server_enterprises;

typedef struct {
    db_pool *system; /* for what runs long */
    password_policy passwords;
} enterprises_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out. */
server_enterprises *enterprises_new(const enterprises_options *options);

/* What it does as operations; before operations_run. False when there are too many. */
bool enterprises_add_kinds(const server_enterprises *enterprises, server_operations *operations);
void enterprises_register(server_enterprises *enterprises, rpc_server *server);
void enterprises_free(server_enterprises *enterprises); /* after the rpc server and the operations have stopped */
