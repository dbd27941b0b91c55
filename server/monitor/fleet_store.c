#include "fleet_store.h"

#include "devices.h"
#include "server_monitor_sql.h"

static void totals_read(const db_rows *rows, Smartpass__V1__FleetHealth *ret)
{
    int32_t *const counts[] = {
        &ret->device_count,
        &ret->online_count,
        &ret->waiting_count,
        &ret->pending_settings_count,
        &ret->refused_settings_count,
        &ret->pending_people_count,
        &ret->backlog_count,
        &ret->risk_count,
        &ret->alarm_count,
    };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = (int32_t)db_row_int(rows, 0, 2 + (int)i);
}

static sp_status versions_read(arena *a, const db_rows *rows, Smartpass__V1__FleetHealth *ret)
{
    ret->software = arena_array(a, (size_t)rows->count, sizeof *ret->software);
    for (int i = 1; i < rows->count; i++) {
        Smartpass__V1__SoftwareCount *one = ret->software ? arena_alloc(a, sizeof *one) : NULL;

        if (!one)
            return DB_NO_MEMORY;
        smartpass__v1__software_count__init(one);
        one->version = (char *)db_row_text(rows, i, 0);
        one->device_count = (int32_t)db_row_int(rows, i, 2);
        if (*one->version) /* what never connected has not said */
            ret->software[ret->n_software++] = one;
    }
    return SP_DONE;
}

sp_status fleet_store_health(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t now_ms,
                             Smartpass__V1__FleetHealth *ret_health)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_FLEET_HEALTH,
                            DB_ARGS(db_int64(enterprise_id), groups, db_time(now_ms - DEVICE_ONLINE_MS)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    totals_read(&rows, ret_health);
    return versions_read(db_tx_arena(tx), &rows, ret_health);
}
