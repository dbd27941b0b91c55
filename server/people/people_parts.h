/* Inside server/people: what its files share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "call.h"
#include "duplicates.h"
#include "erasure_list.h"
#include "lanes.h"
#include "people.h"
#include "smartpass/v1/blacklist.rpc.h"
#include "smartpass/v1/people.rpc.h"
#include "smartpass/v1/visitors.rpc.h"

struct server_people {
    people_options options;
    lanes *checks; /* threads on which pictures are looked at */
    duplicate_finder *duplicates;
    atomic_int uploads;     /* under way */
    erasure_list *erasures; /* NULL: none is kept */
    pthread_mutex_t noting; /* one at a time writes to it */
};

extern const people_upload_photo_events PHOTO_UPLOAD;     /* photo_upload.c */
extern const people_download_photo_events PHOTO_DOWNLOAD; /* photo_download.c */

void visitors_handlers_register(server_people *people, rpc_server *server);  /* visitors_service.c */
void blacklist_handlers_register(server_people *people, rpc_server *server); /* blacklist_service.c */

/* Ends the grants of those whose last day is over. Idempotent; others may run it at the same time. */
sp_status employment_sweep(server_people *people) SP_MUST_USE; /* employment.c */

/* erasure_service.c: slots of the three services. */
sp_status erasure_delete_employee(rpc_call *call, const Smartpass__V1__DeleteEmployeeRequest *request,
                                  Smartpass__V1__Erasure *reply);
sp_status erasure_delete_visitor(rpc_call *call, const Smartpass__V1__DeleteVisitorRequest *request,
                                 Smartpass__V1__Erasure *reply);
sp_status erasure_delete_blacklist_entry(rpc_call *call, const Smartpass__V1__DeleteBlacklistEntryRequest *request,
                                         Smartpass__V1__Erasure *reply);
sp_status erasure_batch_delete_employees(rpc_call *call, const Smartpass__V1__BatchDeleteEmployeesRequest *request,
                                         Smartpass__V1__Operation *reply);
sp_status erasure_batch_delete_visitors(rpc_call *call, const Smartpass__V1__BatchDeleteVisitorsRequest *request,
                                        Smartpass__V1__Operation *reply);
sp_status erasure_batch_delete_blacklist_entries(rpc_call *call,
                                                 const Smartpass__V1__BatchDeleteBlacklistEntriesRequest *request,
                                                 Smartpass__V1__Operation *reply);
sp_status erasure_list_erasures(rpc_call *call, const Smartpass__V1__ListErasuresRequest *request,
                                Smartpass__V1__ListErasuresResponse *reply);
sp_status erasure_get_erasure(rpc_call *call, const Smartpass__V1__GetErasureRequest *request,
                              Smartpass__V1__Erasure *reply);
