/* The enterprises of the installation, for the super administrator: the EnterprisesService. */
#pragma once

#include "password.h"
#include "rpc.h"

typedef struct server_enterprises server_enterprises;

typedef struct {
    password_policy passwords;
} enterprises_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out. */
server_enterprises *enterprises_new(const enterprises_options *options);
void enterprises_register(server_enterprises *enterprises, rpc_server *server);
void enterprises_free(server_enterprises *enterprises); /* after the rpc server has stopped */
