/* The SQL of employees. All run in tx (role app); texts of answers are in its arena. */
#pragma once

#include "page.h"
#include "people.h"
#include "people_rules.h"
#include "smartpass/v1/people.pb-c.h"

SP_STATUS(EMPLOYEE_NOT_FOUND, SP_NOT_FOUND, "There is no such employee, or the caller does not see him.");

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
} people_scope;

typedef struct {
    const char *query;
    int64_t section_id; /* 0: all, -1: the default ones */
} people_filter;

/* One row more than the page has, when there is one. */
sp_status employee_store_list(db_tx *tx, const people_scope *scope, const people_filter *filter, const page *p,
                              Smartpass__V1__Employee ***ret_employees, size_t *ret_count);
sp_status employee_store_count(db_tx *tx, const people_scope *scope, const people_filter *filter, int32_t *ret_count);
sp_status employee_store_get(db_tx *tx, const people_scope *scope, int64_t id, Smartpass__V1__Employee *ret_employee);

/* Takes the row's lock; what terminals know as it stands before a change. */
sp_status employee_store_lock(db_tx *tx, const people_scope *scope, int64_t id, person_at_terminals *ret_before);

typedef struct {
    bool number, card;
} person_taken;
sp_status person_store_taken(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Employee *employee,
                             person_taken *ret_taken);

/* A number or card that was taken at the same moment: ret_taken says which, with the status DB_DUPLICATE. */
sp_status employee_store_add(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Employee *employee, int64_t now_ms,
                             person_taken *ret_taken);
sp_status employee_store_set(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Employee *employee, int64_t now_ms,
                             person_taken *ret_taken);
