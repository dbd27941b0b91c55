/* The SQL of people of all kinds. All run in tx (role app); texts of answers are in its arena. */
#pragma once

#include "page.h"
#include "people.h"
#include "person_row.h"

SP_STATUS(EMPLOYEE_NOT_FOUND, SP_NOT_FOUND, "There is no such employee, or the caller does not see him.");
SP_STATUS(VISITOR_NOT_FOUND, SP_NOT_FOUND, "There is no such visitor, or the caller does not see him.");
SP_STATUS(BLACKLIST_ENTRY_NOT_FOUND, SP_NOT_FOUND, "There is no such blacklist entry, or the caller does not see it.");

/* Of these the kind's. */
sp_status person_not_found(person_kind kind);

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
} people_scope;

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

typedef struct {
    person_kind kind;
    const char *query;  /* part of the name or number, or a whole card, identity number or phone */
    int64_t section_id; /* 0: all, -1: the default ones */
    int photo;          /* smartpass.v1.PhotoFilter */
    int grant;          /* smartpass.v1.GrantFilter */
} people_filter;

/* By number; one row more than the page has, when there is one. */
sp_status person_store_list(db_tx *tx, const people_scope *scope, const people_filter *filter, const page *p,
                            person_row **ret_rows, size_t *ret_count) SP_MUST_USE;
/* At most PAGE_COUNT_CAP. */
sp_status person_store_count(db_tx *tx, const people_scope *scope, const people_filter *filter,
                             int32_t *ret_count) SP_MUST_USE;
/* person_not_found when he is not seen. */
sp_status person_store_find(db_tx *tx, const people_scope *scope, person_kind kind, int64_t id,
                            person_row *ret_row) SP_MUST_USE;

/* ---- Locks, in the order in which they are taken ----------------------------------------------------------------- */

/* Before anything else of a change of identities, cards or the blacklist; see person_deny_lock. */
sp_status person_store_lock_blacklist(db_tx *tx, int64_t enterprise_id, person_kind changed) SP_MUST_USE;

/* The employee stays until tx ends; *ret_held is false when there is none such in scope. */
sp_status person_store_hold_host(db_tx *tx, const people_scope *scope, int64_t host_id, bool *ret_held) SP_MUST_USE;

/* Those of them that exist. */
sp_status person_store_lock(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count) SP_MUST_USE;

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

typedef struct {
    bool number, identity, card;
} person_taken;

/* Whether somebody else of the kind has number or identity; the card is not asked for. */
sp_status person_store_taken(db_tx *tx, int64_t enterprise_id, const person *p, person_taken *ret_taken) SP_MUST_USE;

typedef struct {
    int64_t id; /* 0: nobody else has the card */
    person_kind kind;
    bool in_scope;
} card_holder;
sp_status person_store_card_holder(db_tx *tx, const people_scope *scope, const person *p,
                                   card_holder *ret_holder) SP_MUST_USE;

/* Employees and visitors who have the identity or card of one of the two; either may be NULL. The ids are in the arena.
 */
sp_status person_store_named(db_tx *tx, int64_t enterprise_id, const person *entry, const person *or_entry,
                             int64_t **ret_ids, size_t *ret_count) SP_MUST_USE;

/* Number, identity or card that was taken at the same moment: ret_taken says which, with the status DB_DUPLICATE. The
 * photo is not written. */
sp_status person_store_add(db_tx *tx, int64_t enterprise_id, const person *p, int64_t now_ms,
                           person_taken *ret_taken) SP_MUST_USE;
sp_status person_store_set(db_tx *tx, int64_t enterprise_id, const person *p, int64_t now_ms,
                           person_taken *ret_taken) SP_MUST_USE;

sp_status person_store_lose_card(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t now_ms) SP_MUST_USE;
