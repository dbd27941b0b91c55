/* The receipts and the list of erasures outside the database, kept in step: what was erased is noted on the list, and
 * whoever is on the list but came back with a restored database is erased anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "clock.h"
#include "erasure_list.h"
#include "erasure_parts.h"
#include "erasure_store.h"
#include "log.h"
#include "server_people_sql.h"

enum { BATCH = 1000, ARENA = 4 << 20, ATTEMPTS = 5, DETAIL = 512 };

/* ---- Noting ------------------------------------------------------------------------------------------------------ */

static erasure_entry entry_from_row(const db_rows *rows, int row)
{
    return (erasure_entry){db_row_int(rows, row, 0), db_row_int(rows, row, 1), db_row_time_ms(rows, row, 2)};
}

static sp_status entries_from_rows(arena *a, const db_rows *rows, erasure_entry **ret_entries)
{
    *ret_entries = arena_array(a, (size_t)rows->count + 1, sizeof **ret_entries);
    if (!*ret_entries)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows->count; i++)
        (*ret_entries)[i] = entry_from_row(rows, i);
    return SP_DONE;
}

/* As the two arrays of a statement. */
static void columns_of(arena *a, const erasure_entry *entries, size_t count, db_arg ret_args[2])
{
    db_column enterprise_ids, ids;

    db_column_init(&enterprise_ids, a, DB_COLUMN_INT64);
    db_column_init(&ids, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&enterprise_ids, entries[i].enterprise_id);
        db_column_int(&ids, entries[i].person_id);
    }
    ret_args[0] = db_column_arg(&enterprise_ids);
    ret_args[1] = db_column_arg(&ids);
}

/* The line first, on the disk; then the mark. What dies between the two writes the line again. */
static sp_status note_batch(server_people *people, arena *a, int *ret_count)
{
    erasure_entry *entries;
    db_arg args[2];
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(people->options.system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_ERASURE_TO_NOTE, DB_ARGS(db_int32(BATCH)), &rows);
    *ret_count = sp_failed(status) ? 0 : rows.count;
    if (!sp_failed(status) && rows.count > 0) {
        status = entries_from_rows(a, &rows, &entries);
        if (!sp_failed(status))
            status = erasure_list_add(people->erasures, entries, (size_t)rows.count);
        if (!sp_failed(status)) {
            columns_of(a, entries, (size_t)rows.count, args);
            status = db_query_n(tx, &SQL_ERASURE_NOTED, args, 2, NULL);
        }
    }
    return db_end(tx, status);
}

sp_status erasure_note(server_people *people)
{
    int count = BATCH;
    sp_status status = SP_DONE;
    arena memory;

    if (!people->erasures)
        return SP_DONE;
    arena_init(&memory, ARENA);
    pthread_mutex_lock(&people->noting);
    while (count == BATCH && !sp_failed(status)) {
        status = note_batch(people, &memory, &count);
        arena_reset(&memory);
    }
    pthread_mutex_unlock(&people->noting);
    arena_done(&memory);
    return status;
}

void erasure_note_or_log(void *people)
{
    sp_status status = erasure_note(people);

    if (sp_failed(status))
        log_write(LOG_ERROR, "an erasure is not on the list yet", "reason", status.reason, NULL);
}

/* ---- Erasing anew ------------------------------------------------------------------------------------------------ */

static sp_status again_audit(db_tx *tx, const erasure_order *o)
{
    const char *object = arena_printf(db_tx_arena(tx), "person %lld", (long long)o->person_id);

    return audit_add(tx, &(audit_entry){.enterprise_id = o->enterprise_id,
                                        .now_ms = o->now_ms,
                                        .operator_name = o->operator_name,
                                        .module = "people",
                                        .action = "erase again",
                                        .object = object,
                                        .outcome = SP_DONE});
}

static sp_status erase_again_once(server_people *people, const erasure_entry *entry)
{
    const erasure_order order = {
        .enterprise_id = entry->enterprise_id,
        .groups = db_null(),
        .person_id = entry->person_id,
        .operator_name = "server",
        .erased_ms = entry->erased_ms,
        .noted = true,
        .now_ms = clock_now_ms(),
    };
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(people->options.app, entry->enterprise_id, &memory, &tx);
    if (!sp_failed(status)) {
        status = erasure_store_erase_again(&people->options.hooks, tx, &order);
        if (!sp_failed(status))
            status = again_audit(tx, &order);
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return status;
}

/* Another server of the installation may be at the same person. */
static sp_status erase_again(server_people *people, const erasure_entry *entry)
{
    sp_status status = erase_again_once(people, entry);

    for (int attempt = 1; attempt < ATTEMPTS && status.code == SP_ABORTED; attempt++)
        status = erase_again_once(people, entry);
    return status;
}

/* The places of those who are back, of at most BATCH entries; in the arena. */
static sp_status undone_find(server_people *people, arena *a, const erasure_entry *entries, size_t count,
                             db_rows *ret_rows)
{
    db_arg args[2];
    db_tx *tx;
    sp_status status = db_begin(people->options.system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    columns_of(a, entries, count, args);
    return db_end(tx, db_query_n(tx, &SQL_ERASURE_UNDONE, args, 2, ret_rows));
}

static sp_status replay_batch(server_people *people, const erasure_entry *entries, size_t count, int64_t *again)
{
    db_rows rows = {0};
    arena memory;
    sp_status status;

    arena_init(&memory, ARENA);
    status = undone_find(people, &memory, entries, count, &rows);
    for (int i = 0; i < rows.count && !sp_failed(status); i++) {
        status = erase_again(people, &entries[db_row_int(&rows, i, 0) - 1]);
        (*again)++;
    }
    arena_done(&memory);
    return status;
}

static sp_status replay(server_people *people, const erasure_entry *entries, size_t count)
{
    char number[24];
    int64_t again = 0;
    sp_status status = SP_DONE;

    for (size_t at = 0; at < count && !sp_failed(status); at += BATCH)
        status = replay_batch(people, entries + at, count - at < BATCH ? count - at : BATCH, &again);
    if (again > 0) {
        snprintf(number, sizeof number, "%lld", (long long)again);
        log_write(LOG_WARNING, "people who were erased had come back with the database and are erased again", "people",
                  number, NULL);
    }
    return status;
}

/* ---- Making the list whole --------------------------------------------------------------------------------------- */

/* Receipts that the list lacks, because it was lost or belongs to another server: both are sorted alike. */
static sp_status lacking_add(server_people *people, const erasure_entry *receipts, size_t receipt_count,
                             const erasure_entry *entries, size_t count, size_t *lacking)
{
    erasure_entry *missing = calloc(receipt_count, sizeof *missing);
    size_t n = 0;
    sp_status status = SP_DONE;

    if (!missing)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < receipt_count; i++)
        if (count == 0 || !bsearch(&receipts[i], entries, count, sizeof *entries, erasure_entry_compare))
            missing[n++] = receipts[i];
    if (n > 0)
        status = erasure_list_add(people->erasures, missing, n);
    *lacking += n;
    free(missing);
    return status;
}

static sp_status receipts_read(server_people *people, arena *a, const erasure_entry *after,
                               erasure_entry **ret_receipts, int *ret_count)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(people->options.system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_ERASURE_PAGE,
                      DB_ARGS(db_int64(after->enterprise_id), db_int64(after->person_id), db_int32(BATCH)), &rows);
    status = db_end(tx, status);
    if (sp_failed(status))
        return status;
    *ret_count = rows.count;
    return entries_from_rows(a, &rows, ret_receipts);
}

static sp_status list_complete(server_people *people, const erasure_entry *entries, size_t count)
{
    erasure_entry after = {0}, *receipts;
    int receipt_count = BATCH;
    size_t lacking = 0;
    char number[24];
    arena memory;
    sp_status status = SP_DONE;

    arena_init(&memory, ARENA);
    while (receipt_count == BATCH && !sp_failed(status)) {
        arena_reset(&memory);
        status = receipts_read(people, &memory, &after, &receipts, &receipt_count);
        if (sp_failed(status) || receipt_count == 0)
            break;
        status = lacking_add(people, receipts, (size_t)receipt_count, entries, count, &lacking);
        after = receipts[receipt_count - 1];
    }
    arena_done(&memory);
    if (lacking > 0) {
        snprintf(number, sizeof number, "%zu", lacking);
        log_write(LOG_WARNING, "the list of erasures lacked people and has them now", "people", number, NULL);
    }
    return status;
}

sp_status people_replay_erasures(server_people *people, char *detail)
{
    erasure_entry *entries = NULL;
    size_t count = 0;
    sp_status status;

    snprintf(detail, DETAIL, "the list of erasures");
    if (!people->erasures)
        return SP_DONE;
    status = erasure_note(people);
    if (!sp_failed(status))
        status = erasure_list_read(people->erasures, &entries, &count, detail);
    if (!sp_failed(status))
        status = replay(people, entries, count);
    if (!sp_failed(status))
        status = list_complete(people, entries, count);
    free(entries);
    return status;
}
