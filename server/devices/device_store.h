/* The SQL of terminals. Texts and messages live in the transaction's arena. */
#pragma once

#include "devices.h"
#include "page.h"

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
    int64_t now_ms;
} device_scope;

typedef struct {
    const char *query;
    int state;                    /* Smartpass__V1__DeviceState, 0: all */
    int64_t section_id;           /* 0: all, -1: the default ones */
    bool waiting;                 /* only those that wait to be accepted */
    int condition;                /* Smartpass__V1__DeviceCondition, 0: whatever it is; none has an unknown one */
    const char *software_version; /* "": any */
} device_filter;

/* Up to the page's size plus one, so that the caller sees whether more follow. */
sp_status device_store_list(db_tx *tx, const device_scope *scope, const device_filter *filter, const page *p,
                            Smartpass__V1__Device ***ret_devices, size_t *ret_count) SP_MUST_USE;
sp_status device_store_count(db_tx *tx, const device_scope *scope, const device_filter *filter, int32_t *ret_total,
                             int32_t *ret_online) SP_MUST_USE;
sp_status device_store_get(db_tx *tx, const device_scope *scope, int64_t device_id,
                           Smartpass__V1__Device **ret_device) SP_MUST_USE;

/* The place was held before (org_hold_group). */
sp_status device_store_place(db_tx *tx, const device_scope *scope,
                             const Smartpass__V1__UpdateDeviceRequest *request) SP_MUST_USE;
