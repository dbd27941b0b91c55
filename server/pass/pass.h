/* Who may pass where, and the records of who passed. */
#pragma once

#include "blobs.h"
#include "db.h"
#include "rpc.h"
#include "smartpass/v1/pass.pb-c.h"

SP_STATUS(PASS_NOT_FOUND, SP_NOT_FOUND, "There is no such record.");
SP_STATUS(SNAPSHOT_NONE, SP_NOT_FOUND, "The terminal took no picture.");
SP_STATUS(SNAPSHOT_ERASED, SP_NOT_FOUND, "The person was erased, and the pictures with him.");
SP_STATUS(SNAPSHOT_PENDING, SP_NOT_FOUND, "The picture is still on its way from the terminal.");

typedef struct {
    db_pool *app;
    blob_store *blobs;
} pass_options;

typedef struct server_pass server_pass;
server_pass *pass_new(const pass_options *options);
void pass_free(server_pass *pass);
void pass_register(server_pass *pass, rpc_server *server);

/* People's data or photos have changed: every terminal that has them gets them again when tx commits. The terminals'
 * feeds are locked, all at once: call it once in a transaction. */
sp_status pass_people_changed(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count,
                              int64_t now_ms) SP_MUST_USE;

/* Every grant of the person ends when tx commits: terminals are told to take him off. Locks as above. */
sp_status pass_person_revoked(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms) SP_MUST_USE;

/* Every terminal of the enterprise is told to take the person off, also one that he was never granted at: for a
 * database that may have forgotten some. Locks as above. */
sp_status pass_person_forgotten(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms) SP_MUST_USE;

/* Records and grants as clients see them, for whoever shows them as they happen; in tx's arena, at most count of them.
 */
sp_status pass_read(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count,
                    Smartpass__V1__Pass ***ret_passes, size_t *ret_count) SP_MUST_USE;
sp_status grant_read(db_tx *tx, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids, size_t count,
                     int64_t now_ms, Smartpass__V1__Grant ***ret_grants, size_t *ret_count) SP_MUST_USE;
