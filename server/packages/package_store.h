/* The SQL of packages (role app). Texts and messages live in the transaction's arena. */
#pragma once

#include "page.h"
#include "package_parts.h"

typedef struct {
    Package **packages;
    size_t count;        /* up to the page's size plus one */
    int64_t last_number; /* the version's of the page's last: how the next page begins */
} package_rows;

sp_status package_store_list(db_tx *tx, int64_t enterprise_id, const char *query, const page *p,
                             package_rows *ret_rows) SP_MUST_USE;
sp_status package_store_count(db_tx *tx, int64_t enterprise_id, const char *query, int32_t *ret_total) SP_MUST_USE;
sp_status package_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Package **ret_package) SP_MUST_USE;

typedef struct {
    int64_t enterprise_id, id;
    const char *version;
    int64_t version_number;
    const char *model, *notes;
    int64_t size;
    const uint8_t *sha256;
    int64_t file_size;
    const uint8_t *file_sha256;
    const char *key_name;
    int64_t now_ms;
    const char *uploaded_by;
} new_package;

/* VERSION_EXISTS when the enterprise has it for that model. */
sp_status package_store_add(db_tx *tx, const new_package *package) SP_MUST_USE;

/* What a rollout needs of its package, which then stays until tx ends. */
typedef struct {
    const char *version;
    int64_t version_number;
    const char *model;
} held_package;

sp_status package_store_hold(db_tx *tx, int64_t enterprise_id, int64_t id, held_package *ret_package) SP_MUST_USE;

/* ret_version as soon as it is known, for the audit log. */
sp_status package_store_delete(db_tx *tx, int64_t enterprise_id, int64_t id, const char **ret_version) SP_MUST_USE;
