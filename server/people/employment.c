/* The end of an employment: after the last day every grant ends by itself. */
#include "clock.h"
#include "people_parts.h"
#include "server_people_sql.h"

enum { FOUND_AT_ONCE = 100, SWEEP_ARENA_BYTES = 4 * 1024 * 1024 };

typedef struct {
    int64_t enterprise_id, id;
} employee_key;

/* Up to FOUND_AT_ONCE that follow after. */
static sp_status find_over(const server_people *people, arena *a, int64_t now_ms, employee_key after,
                           employee_key *ret_keys, int *ret_count)
{
    db_rows rows = {0};
    db_tx *tx;
    sp_status status = db_begin(people->options.system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(
        tx, SQL_EMPLOYMENT_OVER,
        DB_ARGS(db_time(now_ms), db_int64(after.enterprise_id), db_int64(after.id), db_int32(FOUND_AT_ONCE)), &rows);
    for (int i = 0; i < rows.count && !sp_failed(status); i++)
        ret_keys[i] = (employee_key){db_row_int(&rows, i, 0), db_row_int(&rows, i, 1)};
    *ret_count = rows.count;
    return db_end(tx, status);
}

/* In a transaction of its own, so that the locks of terminals are taken in their order. Whoever is being changed at the
 * moment is found again a minute later. */
static sp_status end_grants(const server_people *people, arena *a, int64_t now_ms, employee_key key)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(people->options.app, key.enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_EMPLOYMENT_LOCK, DB_ARGS(db_int64(key.enterprise_id), db_int64(key.id), db_time(now_ms)),
                      &rows);
    if (!sp_failed(status) && rows.count > 0)
        status = people->options.hooks.person_revoked(tx, key.enterprise_id, key.id, now_ms);
    return db_end(tx, status);
}

/* One who fails does not keep the others. */
sp_status employment_sweep(server_people *people)
{
    employee_key keys[FOUND_AT_ONCE], last = {0, 0};
    int count = FOUND_AT_ONCE;
    int64_t now_ms = clock_now_ms();
    sp_status status = SP_DONE, found = SP_DONE;
    arena memory;

    if (!people->options.hooks.person_revoked)
        return SP_DONE;
    arena_init(&memory, SWEEP_ARENA_BYTES);
    while (!sp_failed(found) && count == FOUND_AT_ONCE) {
        found = find_over(people, &memory, now_ms, last, keys, &count);
        arena_reset(&memory);
        for (int i = 0; i < count && !sp_failed(found); i++) {
            status = sp_first_failure(status, end_grants(people, &memory, now_ms, keys[i]));
            arena_reset(&memory);
            last = keys[i];
        }
    }
    arena_done(&memory);
    return sp_first_failure(found, status);
}
