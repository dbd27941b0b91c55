/* Erasing one person, and the receipts of those who were. All run in tx (role app); what is read lives in its arena. */
#pragma once

#include "page.h"
#include "people.h"
#include "person.h"
#include "smartpass/v1/people.pb-c.h"

SP_STATUS(ERASURE_NOT_FOUND, SP_NOT_FOUND, "There is no such receipt, or the caller does not see it.");

typedef struct {
    int64_t enterprise_id;
    db_arg groups;    /* of org_scope: whom the operator sees */
    person_kind kind; /* 0: any, for erasing again */
    int64_t person_id;
    const char *operator_name;
    int64_t erased_ms; /* what the receipt says */
    bool noted;        /* on the list outside already */
    int64_t now_ms;
} erasure_order;

/* Everything that the database knows of the person: the row, the key of the pictures and so all that lies under it,
 * what the audit log says of him. A receipt stays. Terminals take him off when tx commits; people whom a blacklist
 * entry named are told to theirs anew. person_not_found when there is nobody of the kind in scope. Until the receipt is
 * noted on the list outside (erasure_parts.h), a database that is restored brings him back. */
sp_status erasure_store_erase(const people_hooks *hooks, db_tx *tx, const erasure_order *order) SP_MUST_USE;

/* The same for somebody who is on the list of erasures, whatever there is of him, if anything at all; every terminal
 * of the enterprise is told to take him off, because the database may not know which ones have him. Done again, it
 * changes nothing but that. */
sp_status erasure_store_erase_again(const people_hooks *hooks, db_tx *tx, const erasure_order *order) SP_MUST_USE;

/* ---- Receipts ---------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
    const char *query;
    bool pending_only;
} erasure_filter;

/* One row more than the page has, when there is one; without terminals. ret_last_ms is the time of the page's last. */
sp_status erasure_store_list(db_tx *tx, const erasure_filter *filter, const page *p,
                             Smartpass__V1__Erasure ***ret_erasures, size_t *ret_count,
                             int64_t *ret_last_ms) SP_MUST_USE;
sp_status erasure_store_count(db_tx *tx, const erasure_filter *filter, int32_t *ret_total) SP_MUST_USE;

/* With its terminals. */
sp_status erasure_store_get(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id,
                            Smartpass__V1__Erasure *ret_erasure) SP_MUST_USE;

/* Terminals that have not confirmed, counted once for each of these people. */
sp_status erasure_store_pending(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count,
                                int32_t *ret_pending) SP_MUST_USE;
