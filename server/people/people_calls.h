/* Inside server/people: what the handlers of the three kinds do, written once. */
#pragma once

#include "person.h"
#include "rpc.h"

/* A request of a list; texts are borrowed. */
typedef struct {
    person_kind kind;
    int32_t page_size;
    const char *page_token;
    int32_t skip;
    const char *query;
    int64_t group_id, section_id;
    int photo, grant;
} people_wanted;

/* The kind's messages, in the call's arena. */
typedef struct {
    ProtobufCMessage **people;
    size_t count;
    char *next_page_token;
    int32_t total_size;
} people_page;

sp_status people_list(rpc_call *call, const people_wanted *wanted, people_page *ret_page) SP_MUST_USE;
sp_status people_get(rpc_call *call, person_kind kind, int64_t id, ProtobufCMessage *reply) SP_MUST_USE;

/* from is the request's message of the kind, NULL when it has none. */
sp_status people_create(rpc_call *call, person_kind kind, const ProtobufCMessage *from, bool take_card,
                        ProtobufCMessage *reply) SP_MUST_USE;
sp_status people_update(rpc_call *call, person_kind kind, const ProtobufCMessage *from, bool take_card,
                        ProtobufCMessage *reply) SP_MUST_USE;

/* "employees.view" and the like. */
bool people_may(const rpc_call *call, person_kind kind, const char *what);

/* The numbers of all kinds of which the caller holds "….view"; returns how many. */
size_t people_viewed_kinds(const rpc_call *call, int64_t ret_kinds[PERSON_KINDS]);
