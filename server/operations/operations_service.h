/* The OperationsService, and how a handler of any other one starts an operation. */
#pragma once

#include "operations.h"
#include "rpc.h"

void operations_register(rpc_server *server);

/* Starts an operation of the caller's in the call's transaction and answers with it. Its kind is the audit verb of the
 * method that is being called; request is what run() is given, NULL: nothing. */
sp_status operation_answer(rpc_call *call, const char *object, const ProtobufCMessage *request,
                           Smartpass__V1__Operation *reply) SP_MUST_USE;
