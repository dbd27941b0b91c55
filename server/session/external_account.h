/* The account of somebody whom an identity provider vouches for. */
#pragma once

#include "context.h"
#include "identity_client.h"
#include "smartpass/v1/session.names.h"

SP_STATUS(NOT_MAPPED, SP_PERMISSION_DENIED,
          "The identity provider knows this user, but nothing says where he belongs.");
SP_STATUS(ACCOUNT_DISABLED, SP_PERMISSION_DENIED, "This account is disabled.");

/* Finds it by issuer and subject, makes it when there is none, and moves it to where the provider's first fitting
 * mapping says. An account is never taken over by its name. In a transaction of its own, by the role system. */
sp_status external_account_obtain(rpc_call *call, const IdentityProvider *provider, const identity_person *person,
                                  login_account *ret_account) SP_MUST_USE;
