/* Who signs in, and what each may do: the users and roles of an enterprise. */
#pragma once

#include <stdbool.h>

#include "password.h"
#include "rpc.h"

typedef struct server_users server_users;

typedef struct {
    password_policy passwords;
    bool well_known_reset; /* a reset gives others than administrators "123456", for an hour, instead of a random one */
} users_options;

/* Options are copied, the pepper is borrowed. NULL when memory is out. */
server_users *users_new(const users_options *options);
void users_free(server_users *users); /* after the rpc server has stopped */

/* The UsersService. */
void users_register(server_users *users, rpc_server *server);
