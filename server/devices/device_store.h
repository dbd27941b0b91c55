/* The SQL of terminals. Texts and messages live in the transaction's arena. */
#pragma once

#include "devices.h"
#include "page.h"

typedef struct {
    int64_t enterprise_id;
    int64_t group_id; /* 0: all */
    const char *query;
    int state; /* Smartpass__V1__DeviceState, 0: all */
    int64_t now_ms;
} device_filter;

/* Up to the page's size plus one, so that the caller sees whether more follow. */
sp_status device_store_list(db_tx *tx, const device_filter *filter, const page *p, Smartpass__V1__Device ***ret_devices,
                            size_t *ret_count) SP_MUST_USE;
sp_status device_store_count(db_tx *tx, const device_filter *filter, int32_t *ret_total,
                             int32_t *ret_online) SP_MUST_USE;

/* ret_name for the audit log. */
sp_status device_store_set_settings(db_tx *tx, int64_t enterprise_id, int64_t device_id,
                                    const Smartpass__V1__DeviceSettings *settings, const char **ret_name) SP_MUST_USE;

sp_status device_store_delete(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t now_ms,
                              const char **ret_name) SP_MUST_USE;
