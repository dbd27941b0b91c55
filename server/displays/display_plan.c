#include "display_plan.h"

#include <string.h>

#include "displays_parts.h"
#include "log.h"
#include "server_displays_sql.h"

enum { SHA256_BYTES = 32, REPORT_ARENA = 64 << 10 };

/* ---- The plan ---------------------------------------------------------------------------------------------------- */

static sp_status read_pictures(db_tx *tx, const display_terminal *of, display_plan *plan)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_PLAN_PICTURES, DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id)), &rows);

    for (int i = 0; !sp_failed(st) && i < rows.count && i < DISPLAY_PLAN_PICTURES; i++) {
        size_t size;
        const uint8_t *sha256 = db_row_bytes(&rows, i, 1, &size);

        if (size != SHA256_BYTES)
            return BLOB_DAMAGED;
        plan->pictures[plan->picture_count++] = (display_plan_picture){
            .id = db_row_int(&rows, i, 0),
            .sha256 = sha256,
            .size = (uint32_t)db_row_int(&rows, i, 2),
            .seconds = (uint32_t)db_row_int(&rows, i, 3),
            .strangers = db_row_bool(&rows, i, 4),
        };
    }
    return st;
}

static bool index_of(const display_plan *plan, int64_t id, uint32_t *ret_index)
{
    for (size_t i = 0; i < plan->picture_count; i++)
        if (plan->pictures[i].id == id) {
            *ret_index = (uint32_t)i;
            return true;
        }
    return false;
}

static sp_status read_owners(db_tx *tx, const display_terminal *of, display_plan *plan)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_PLAN_OWNERS, DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id)), &rows);

    if (sp_failed(st))
        return st;
    plan->owners = arena_array(db_tx_arena(tx), (size_t)rows.count + 1, sizeof *plan->owners);
    if (!plan->owners)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        display_plan_owner *owner = &plan->owners[plan->owner_count];

        owner->person_id = db_row_int(&rows, i, 0);
        plan->owner_count += index_of(plan, db_row_int(&rows, i, 1), &owner->picture);
    }
    return SP_DONE;
}

static sp_status read_plan(db_tx *tx, const display_terminal *of, display_plan *plan)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DISPLAY_PLAN_HOLD, DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    plan->version = db_row_int(&rows, 0, 0);
    st = read_pictures(tx, of, plan);
    return sp_failed(st) ? st : read_owners(tx, of, plan);
}

sp_status display_plan_read(server_displays *displays, arena *a, const display_terminal *of, display_plan *ret_plan)
{
    db_tx *tx;
    sp_status st = db_begin(displays->options.system, 0, a, &tx);

    *ret_plan = (display_plan){0};
    return sp_failed(st) ? st : db_end(tx, read_plan(tx, of, ret_plan));
}

/* ---- Its pictures ------------------------------------------------------------------------------------------------ */

static bool is_lost(sp_status st)
{
    return strcmp(st.reason, BLOB_DAMAGED.reason) == 0 || strcmp(st.reason, BLOB_NOT_FOUND.reason) == 0;
}

static sp_status read_picture(server_displays *displays, db_tx *tx, const display_terminal *of, int64_t id,
                              const uint8_t *sha256, const uint8_t **ret_bytes, size_t *ret_size)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_DISPLAY_PLAN_BLOB,
        DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id), db_int64(id), db_bytes(sha256, SHA256_BYTES)),
        &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    *ret_size = (size_t)db_row_int(&rows, 0, 1);
    return blob_get(displays->options.blobs, tx, of->enterprise_id, db_row_int(&rows, 0, 0), ret_bytes, ret_size);
}

sp_status display_plan_picture_read(server_displays *displays, arena *a, const display_terminal *of, int64_t id,
                                    const uint8_t sha256[32], const uint8_t **ret_bytes, size_t *ret_size)
{
    db_tx *tx;
    sp_status st = db_begin(displays->options.system, 0, a, &tx);

    *ret_size = 0;
    *ret_bytes = NULL;
    if (!sp_failed(st))
        st = db_end(tx, read_picture(displays, tx, of, id, sha256, ret_bytes, ret_size));
    if (!is_lost(st))
        return st;
    log_write(LOG_ERROR, "a picture of a pass display is lost", "reason", st.reason, NULL);
    *ret_bytes = NULL;
    return SP_DONE;
}

/* ---- What the terminal says of it -------------------------------------------------------------------------------- */

sp_status display_plan_report(server_displays *displays, const display_terminal *of, int64_t version,
                              const display_refusal *refusals, size_t count)
{
    db_column ids, reasons;
    arena memory;
    db_tx *tx;

    arena_init(&memory, REPORT_ARENA);
    db_column_init(&ids, &memory, DB_COLUMN_INT64);
    db_column_init(&reasons, &memory, DB_COLUMN_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&ids, refusals[i].id);
        db_column_text(&reasons, refusals[i].reason);
    }
    sp_status st = db_begin(displays->options.system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, db_query(tx, SQL_DISPLAY_PLAN_REPORT,
                                 DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id), db_int64(version),
                                         db_column_arg(&ids), db_column_arg(&reasons)),
                                 NULL));
    arena_done(&memory);
    return st;
}
