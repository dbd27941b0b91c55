/* Signing in at an identity provider: the handlers, for the table of the SessionService. */
#pragma once

#include "context.h"
#include "smartpass/v1/session.names.h"

sp_status get_sign_in_options(rpc_call *call, const GetSignInOptionsRequest *request, SignInOptions *reply);
sp_status start_external_login(rpc_call *call, const StartExternalLoginRequest *request,
                               StartExternalLoginResponse *reply);
sp_status finish_external_login(rpc_call *call, const FinishExternalLoginRequest *request, LoginResponse *reply);

/* identity_provider.c */
sp_status get_identity_provider(rpc_call *call, const GetIdentityProviderRequest *request, IdentityProvider *reply);
sp_status update_identity_provider(rpc_call *call, const UpdateIdentityProviderRequest *request,
                                   IdentityProvider *reply);

/* session_service.c: a new session for somebody who has proved who he is, as the answer of a sign-in. */
sp_status session_open(rpc_call *call, const login_account *who, LoginResponse *reply);
