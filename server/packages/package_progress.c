#include "package_progress.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "package_parts.h"
#include "package_rules.h"
#include "rollout_driver.h"
#include "server_packages_sql.h"

enum { ARENA = 256 << 10, DONE = 4, FAILED = 5 };

sp_status package_offer_find(server_packages *packages, int64_t enterprise_id, int64_t device_id, package_offer *ret)
{
    arena memory;
    db_rows rows;
    db_tx *tx;

    *ret = (package_offer){0};
    arena_init(&memory, ARENA);
    sp_status st = db_begin(packages->system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx,
                    db_query(tx, SQL_PACKAGE_OPEN_OFFER, DB_ARGS(db_int64(enterprise_id), db_int64(device_id)), &rows));
    if (!sp_failed(st) && rows.count > 0) {
        size_t size;
        const uint8_t *sha256 = db_row_bytes(&rows, 0, 4, &size);

        ret->rollout_id = db_row_int(&rows, 0, 0);
        ret->package_id = db_row_int(&rows, 0, 1);
        snprintf(ret->version, sizeof ret->version, "%s", db_row_text(&rows, 0, 2));
        ret->size = db_row_int(&rows, 0, 3);
        if (size == sizeof ret->sha256)
            memcpy(ret->sha256, sha256, size);
        ret->force = db_row_bool(&rows, 0, 5);
    }
    arena_done(&memory);
    return st;
}

sp_status package_offer_open(server_packages *packages, const package_offer *offer, int *ret_fd)
{
    return package_files_open(packages->files, offer->package_id, ret_fd);
}

/* One statement about a target, with what it needs besides; then, when told, what follows for the rollout. */
static sp_status write_down(server_packages *packages, const package_target *t, const db_statement *statement,
                            const db_arg *more, size_t more_count, bool follow, int64_t *ret_affected)
{
    db_arg args[6] = {db_int64(t->enterprise_id), db_int64(t->rollout_id), db_int64(t->device_id)};
    arena memory;
    db_rows rows;
    db_tx *tx;

    memcpy(args + 3, more, more_count * sizeof *more);
    arena_init(&memory, ARENA);
    sp_status st = db_begin(packages->system, 0, &memory, &tx);
    if (!sp_failed(st)) {
        st = db_query_n(tx, statement, args, 3 + more_count, &rows);
        if (!sp_failed(st) && follow)
            st = rollout_drive(tx, t->enterprise_id, t->rollout_id, clock_now_ms(), false);
        if (!sp_failed(st) && ret_affected)
            *ret_affected = rows.affected;
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}

sp_status package_fetching(server_packages *packages, const package_target *target, int64_t received, bool *ret_wanted)
{
    const db_arg more[] = {db_int64(received), db_time(clock_now_ms())};
    int64_t affected = 0;
    sp_status st = write_down(packages, target, &SQL_PACKAGE_PROGRESS, more, 2, false, &affected);

    *ret_wanted = affected > 0;
    return st;
}

sp_status package_trying(server_packages *packages, const package_target *target)
{
    const db_arg now = db_time(clock_now_ms());

    return write_down(packages, target, &SQL_PACKAGE_TRYING, &now, 1, false, NULL);
}

sp_status package_ended(server_packages *packages, const package_target *target, const char *reason)
{
    const char *why = !reason ? "" : package_reason_is_sound(reason) ? reason : "UNKNOWN";
    const db_arg more[] = {db_int16(reason ? FAILED : DONE), db_text(why), db_time(clock_now_ms())};

    return write_down(packages, target, &SQL_PACKAGE_ENDED, more, 3, true, NULL);
}
