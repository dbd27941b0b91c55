/* The SQL of the log's readers. All run in tx (role app); texts of answers are in its arena. */
#pragma once

#include "db.h"
#include "page.h"
#include "smartpass/v1/audit.pb-c.h"

SP_STATUS(AUDIT_ROW_NOT_FOUND, SP_NOT_FOUND, "There is no such row in the audit log.");

typedef struct {
    int64_t enterprise_id;
    int64_t from_ms; /* 0: from ever */
    int64_t to_ms;   /* excluded; 0: until now */
    const char *module;
    const char *operator_name;
    const char *query;
    bool refused;
} audit_filter;

/* Newest first, one row more than the page has, when there is one. ret_last_us is the time of the page's last row,
 * whose time and id are where the next page begins. */
sp_status audit_reader_list(db_tx *tx, const audit_filter *filter, const page *p, Smartpass__V1__AuditRow ***ret_rows,
                            size_t *ret_count, int64_t *ret_last_us) SP_MUST_USE;
sp_status audit_reader_count(db_tx *tx, const audit_filter *filter, int32_t *ret_total) SP_MUST_USE;
sp_status audit_reader_get(db_tx *tx, int64_t enterprise_id, int64_t id, Smartpass__V1__AuditRow *ret_row) SP_MUST_USE;
