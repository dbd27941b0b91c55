/* Inside server/audit: an export writes page by page on a thread of its own, as fast as its reader takes it. */
#pragma once

#include <pthread.h>

#include "audit_reader.h"
#include "rpc.h"

SP_STATUS(TOO_MANY_EXPORTS, SP_RESOURCE_EXHAUSTED, "Other exports of the audit log are under way; try again later.");
SP_STATUS(EXPORT_NOT_READ, SP_DEADLINE_EXCEEDED, "The export was not read for a minute.");

/* The exports of one server. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int running;
} audit_exports;

void audit_exports_init(audit_exports *exports);
void audit_exports_done(audit_exports *exports); /* waits for those that run */

typedef struct audit_export audit_export;

/* Texts of the filter are copied. From now on the stream ends by itself; its events go to the functions below. */
sp_status audit_export_start(audit_exports *exports, rpc_stream *stream, db_pool *app, const audit_filter *filter,
                             audit_export **ret_export) SP_MUST_USE;
void audit_export_writable(audit_export *e); /* accepts NULL, as do those below */
void audit_export_cancel(audit_export *e);
void audit_export_done(audit_export *e); /* the last: e is the thread's alone */
