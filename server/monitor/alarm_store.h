/* The SQL of alarms, for whoever looks at them (role app). Texts and messages live in the transaction's arena. */
#pragma once

#include "monitor.h"
#include "page.h"

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
} alarm_scope;

typedef struct {
    int state;        /* Smartpass__V1__AlarmFilter */
    const char *kind; /* "": all */
    int64_t device_id;
} alarm_filter;

/* Up to the page's size plus one, so that the caller sees whether more follow; ret_last_us is the raising of the last
 * one that belongs to the page, for its token. */
sp_status alarm_store_list(db_tx *tx, const alarm_scope *scope, const alarm_filter *filter, const page *p,
                           Smartpass__V1__Alarm ***ret_alarms, size_t *ret_count, int64_t *ret_last_us) SP_MUST_USE;

/* Capped at PAGE_COUNT_CAP. */
sp_status alarm_store_count(db_tx *tx, const alarm_scope *scope, const alarm_filter *filter,
                            int32_t *ret_count) SP_MUST_USE;

typedef struct {
    int64_t at_ms;
    const char *by;
} alarm_acknowledgement;

/* Those that are there, are seen and were not acknowledged before; every server hears of them. */
sp_status alarm_store_acknowledge(db_tx *tx, const alarm_scope *scope, const int64_t *ids, size_t count,
                                  const alarm_acknowledgement *how, int32_t *ret_count) SP_MUST_USE;
