/* Rows counted by group, second and kind: few, because records come as they happen. The database makes local hours
 * of the seconds, since it knows the enterprises' zones. */
#include "ingest_tally.h"

#include <stdlib.h>

#include "pass_rules.h"
#include "server_pass_sql.h"

typedef struct {
    int64_t enterprise_id, group_id;
    int64_t second; /* since 1970 */
    int32_t kind;
    int32_t passes, abnormal;
} tally;

static int64_t second_of(int64_t unix_ms)
{
    return unix_ms / 1000 - (unix_ms % 1000 < 0);
}

static tally tally_of(const ingest_row *row)
{
    return (tally){
        .enterprise_id = row->source->enterprise_id,
        .group_id = row->group_id,
        .second = second_of(row->record->occurred_at_ms),
        .kind = (int32_t)row->record->kind,
        .passes = 1,
        .abnormal = pass_state(row->record) == SMARTPASS__V1__PASS_STATE__PASS_STATE_ABNORMAL_TEMPERATURE,
    };
}

static int compare(const void *a, const void *b)
{
    const tally *x = a, *y = b;

    if (x->enterprise_id != y->enterprise_id)
        return x->enterprise_id < y->enterprise_id ? -1 : 1;
    if (x->group_id != y->group_id)
        return x->group_id < y->group_id ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

/* Sorts and adds up those of the same key; returns how many are left. */
static size_t add_up(tally *tallies, size_t count)
{
    size_t n = 0;

    if (count == 0)
        return 0;
    qsort(tallies, count, sizeof *tallies, compare);
    for (size_t i = 1; i < count; i++) {
        if (compare(&tallies[n], &tallies[i]) == 0) {
            tallies[n].passes += tallies[i].passes;
            tallies[n].abnormal += tallies[i].abnormal;
        } else {
            tallies[++n] = tallies[i];
        }
    }
    return n + 1;
}

static sp_status write_tallies(db_tx *tx, arena *a, int writer, const tally *tallies, size_t count)
{
    db_column enterprise, group, second, kind, passes, abnormal;

    db_column_init(&enterprise, a, DB_COLUMN_INT64);
    db_column_init(&group, a, DB_COLUMN_INT64);
    db_column_init(&second, a, DB_COLUMN_TIME);
    db_column_init(&kind, a, DB_COLUMN_INT16);
    db_column_init(&passes, a, DB_COLUMN_INT64);
    db_column_init(&abnormal, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&enterprise, tallies[i].enterprise_id);
        db_column_int(&group, tallies[i].group_id);
        db_column_time(&second, tallies[i].second * 1000);
        db_column_int(&kind, tallies[i].kind);
        db_column_int(&passes, tallies[i].passes);
        db_column_int(&abnormal, tallies[i].abnormal);
    }
    return db_query(tx, SQL_PASS_TALLY_ADD,
                    DB_ARGS(db_column_arg(&enterprise), db_column_arg(&second), db_column_arg(&kind),
                            db_column_arg(&passes), db_column_arg(&abnormal), db_int16((int16_t)writer),
                            db_column_arg(&group)),
                    NULL);
}

sp_status ingest_tally_add(db_tx *tx, arena *a, int writer, const ingest_row *rows, size_t count)
{
    tally *tallies = arena_array(a, count, sizeof *tallies);
    size_t n = 0;

    if (!tallies)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (rows[i].added)
            tallies[n++] = tally_of(&rows[i]);
    n = add_up(tallies, n);
    return n > 0 ? write_tallies(tx, a, writer, tallies, n) : SP_DONE;
}
