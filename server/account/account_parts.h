/* Between the files of this domain. Each handler is what the contract says of its method. */
#pragma once

#include "account.h"
#include "call.h"
#include "smartpass/v1/account.names.h"
#include "smartpass/v1/account.rpc.h"

sp_status account_start_second_factor(rpc_call *call, const StartSecondFactorRequest *request,
                                      StartSecondFactorResponse *reply);
sp_status account_finish_second_factor(rpc_call *call, const FinishSecondFactorRequest *request,
                                       FinishSecondFactorResponse *reply);
sp_status account_remove_second_factor(rpc_call *call, const RemoveSecondFactorRequest *request,
                                       RemoveSecondFactorResponse *reply);

sp_status account_list_tokens(rpc_call *call, const ListTokensRequest *request, ListTokensResponse *reply);
sp_status account_create_token(rpc_call *call, const CreateTokenRequest *request, CreateTokenResponse *reply);
sp_status account_delete_token(rpc_call *call, const DeleteTokenRequest *request, DeleteTokenResponse *reply);
