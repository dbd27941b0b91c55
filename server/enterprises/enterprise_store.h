/* The SQL of enterprises (role system). */
#pragma once

#include "db.h"
#include "page.h"
#include "smartpass/v1/enterprises.pb-c.h"

/* Answers one row more than the page holds when there is a next page. */
sp_status enterprise_store_list(db_tx *tx, const char *query, const page *p,
                                Smartpass__V1__Enterprise ***ret_enterprises, size_t *ret_count) SP_MUST_USE;
sp_status enterprise_store_count(db_tx *tx, const char *query, int32_t *ret_count) SP_MUST_USE;

/* ENTERPRISE_NOT_FOUND (org.h) when there is none. */
sp_status enterprise_store_get(db_tx *tx, int64_t id, Smartpass__V1__Enterprise **ret_enterprise) SP_MUST_USE;

typedef struct {
    bool name_taken, zone_unknown, username_taken;
} enterprise_objections;

/* What speaks against it; id 0: a new one; username "": none is to be made. */
sp_status enterprise_store_objections(db_tx *tx, const Smartpass__V1__Enterprise *enterprise, const char *username,
                                      enterprise_objections *ret_objections) SP_MUST_USE;

typedef struct {
    const char *name;
    bool deleting, home;
    int64_t deletion; /* the operation that deletes it; 0: none was started */
} enterprise_locked;

/* Others who write it wait until tx ends. ENTERPRISE_NOT_FOUND when there is none. */
sp_status enterprise_store_lock(db_tx *tx, int64_t id, enterprise_locked *ret_enterprise) SP_MUST_USE;

/* Name and time zone. A name that another took meanwhile: ENTERPRISE_NAME_TAKEN. */
sp_status enterprise_store_update(db_tx *tx, const Smartpass__V1__Enterprise *enterprise,
                                  const char *former_name) SP_MUST_USE;
