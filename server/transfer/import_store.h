/* The SQL of imports. All run in tx (role app); what they answer lies in its arena. */
#pragma once

#include "import_decide.h"
#include "page.h"
#include "text_map.h"

/* Sorted ids. */
typedef struct {
    int64_t *ids;
    size_t count;
} import_groups;
bool import_groups_have(const import_groups *groups, int64_t id);

/* Begins a batch's transaction: the locks that come first, of the blacklist, then of those of the groups that are still
 * there. */
sp_status import_store_hold_groups(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count,
                                   import_groups *ret_groups) SP_MUST_USE;

/* Locks the employees who have the rows' numbers; the map gets a person for each number. */
sp_status import_store_existing(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                text_map *ret_people) SP_MUST_USE;

/* Of each card and identity of the rows that is somebody's, whose: an int64_t. */
sp_status import_store_card_owners(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                   text_map *ret_owners) SP_MUST_USE;
sp_status import_store_identity_owners(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                       text_map *ret_owners) SP_MUST_USE;

/* People whose terminals must hear of it. */
typedef struct {
    int64_t *ids;
    size_t count;
    int64_t now_ms;
} import_changes;

/* As import_store_add takes them, in the arena. */
db_arg import_store_people(arena *a, const import_decision *decisions, size_t count);
sp_status import_store_add(const import_job *job, db_tx *tx, db_arg people) SP_MUST_USE;

/* Adds and changes whoever has no faults. */
sp_status import_store_write(const import_job *job, db_tx *tx, const import_row *rows, const import_decision *decisions,
                             size_t count, import_changes *ret_changes) SP_MUST_USE;

/* The faults of all rows: the first of each row in any case, further ones while there are few; counts what is stored.
 */
sp_status import_store_problems(const import_job *job, db_tx *tx, const import_row *rows, size_t count,
                                int32_t *stored) SP_MUST_USE;

/* Those after this row and position; up to the page's size plus one. positions tell theirs; NULL: nobody asks. */
sp_status import_store_list(db_tx *tx, int64_t enterprise_id, int64_t operation_id, const page *p,
                            Smartpass__V1__ImportProblem ***ret_problems, int64_t *ret_last_position,
                            size_t *ret_count) SP_MUST_USE;
/* At most PAGE_COUNT_CAP. */
sp_status import_store_count(db_tx *tx, int64_t enterprise_id, int64_t operation_id, int32_t *ret_count) SP_MUST_USE;
