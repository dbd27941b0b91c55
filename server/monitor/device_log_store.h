/* The SQL of terminals' logs, for whoever reads them (role app). */
#pragma once

#include "monitor.h"
#include "page.h"

/* Whether the terminal is online. DEVICE_NOT_FOUND when there is none in these groups (org_scope's). */
sp_status device_log_store_device(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t device_id, int64_t now_ms,
                                  bool *ret_online) SP_MUST_USE;

typedef struct {
    int64_t device_id;
    int at_least;
    const char *query;
    int64_t after_id; /* not 0: only what came after this one, the oldest first */
} device_log_filter;

/* Up to the page's size plus one. In tx's arena. */
sp_status device_log_store_list(db_tx *tx, int64_t enterprise_id, const device_log_filter *filter, const page *p,
                                Smartpass__V1__DeviceLogLine ***ret_lines, size_t *ret_count) SP_MUST_USE;
