/* Exports of lists of people: an operation for each kind, which writes the list as its operator sees it at that moment.
 */
#pragma once

#include "call.h"
#include "operations.h"
#include "person.h"
#include "smartpass/v1/transfer.pb-c.h"
#include "transfer_file.h"

typedef struct {
    db_pool *app;
    transfer_files *files;
} export_options;

/* The operations' kinds, borrowing options. False when there are too many. */
bool export_add_kinds(const export_options *options, server_operations *operations);

/* Starts one, and answers it. Violations are the call's answer. */
sp_status export_order(rpc_call *call, person_kind kind, const Smartpass__V1__PeopleFilter *filter,
                       Smartpass__V1__ExportFormat format, const char *language,
                       Smartpass__V1__Operation *reply) SP_MUST_USE;
