/* Enterprises and accounts that no signed-in user makes: those of the first start and of the maintenance commands. */
#pragma once

#include "password.h"
#include "server_config.h"
#include "storage.h"

SP_STATUS(TIME_ZONE_UNKNOWN, SP_INVALID_ARGUMENT, "The time zone is not known; use an IANA name like Asia/Shanghai.");
SP_STATUS(PASSWORD_UNFIT, SP_INVALID_ARGUMENT, "The password is too short, too well known or no text.");

/* When there is no enterprise yet: makes it, its root group and the account "admin", which must change its password. */
sp_status first_start(storage *s, const server_config *config, const password_policy *passwords) SP_MUST_USE;

/* Reads the password from standard input. Prints the enterprise's id. */
sp_status add_user_command(storage *s, const server_invocation *invocation,
                           const password_policy *passwords) SP_MUST_USE;

/* Prints the id. */
sp_status add_enterprise_command(storage *s, const server_invocation *invocation) SP_MUST_USE;
