#include "photo_import.h"

#include <string.h>

#include "call.h"
#include "clock.h"
#include "import_row.h"
#include "org.h"
#include "photo_bulk.h"
#include "server_transfer_sql.h"

enum { WRITE_ARENA = 32 << 20, FIND_ARENA = 4 << 20, CONFLICTS_MAX = 5, PROBLEM_COLUMNS = 7 };

static const photo_fault UNKNOWN = {"EMPLOYEE_UNKNOWN", "There is no employee with this personnel ID."};

/* ---- Whose they are ---------------------------------------------------------------------------------------------- */

static sp_status people_find(const photo_import *import, db_tx *tx, photo_row *rows, size_t count)
{
    int64_t enterprise_id = operation_enterprise_id(import->run), ids[PHOTO_BLOCK];
    const char *numbers[PHOTO_BLOCK];
    const caller operator= {.enterprise_id = enterprise_id, .group_id = operation_group_id(import->run)};
    db_arg groups;
    sp_status status = org_scope(tx, &operator, 0, &groups);

    for (size_t i = 0; i < count; i++)
        numbers[i] = rows[i].file->number;
    if (!sp_failed(status))
        status = photo_bulk_find(tx, enterprise_id, groups, numbers, count, ids);
    for (size_t i = 0; i < count && !sp_failed(status); i++) {
        rows[i].fault = rows[i].file->fault;
        rows[i].person_id = rows[i].fault.reason ? 0 : ids[i];
        if (!rows[i].fault.reason && ids[i] == 0)
            rows[i].fault = UNKNOWN;
    }
    return status;
}

sp_status photo_import_find(const photo_import *import, photo_row *rows, size_t count)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, FIND_ARENA);
    status = db_begin(import->options->app, operation_enterprise_id(import->run), &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, people_find(import, tx, rows, count));
    arena_done(&memory);
    return status;
}

/* ---- One transaction --------------------------------------------------------------------------------------------- */

typedef struct {
    photo_import *import;
    db_tx *tx;
    photo_row *rows;
    const photo_look *looks;
    size_t count;
    int64_t now_ms;
    photo_progress after;
    int64_t changed[PHOTO_BLOCK];
    size_t changed_count;
} writing;

static photo_facts facts_of(const photo_result *result)
{
    return (photo_facts){
        .photo = result->photo,
        .photo_size = result->photo_size,
        .thumbnail = result->thumbnail,
        .thumbnail_size = result->thumbnail_size,
        .face_template = result->template_bytes,
        .face_template_size = sizeof result->template_bytes,
        .engine = result->engine,
        .width = result->width,
        .height = result->height,
    };
}

/* Whoever has gone since his photo was looked at is nobody. */
static void outcome_note(writing *w, photo_row *row, photo_change change)
{
    if (change == PHOTO_NOBODY) {
        row->fault = UNKNOWN;
        return;
    }
    w->after.added += change == PHOTO_ADDED;
    w->after.updated += change == PHOTO_REPLACED;
    w->changed[w->changed_count++] = row->person_id;
}

static sp_status photos_set(writing *w)
{
    int64_t enterprise_id = operation_enterprise_id(w->import->run);
    const caller operator= {.enterprise_id = enterprise_id, .group_id = operation_group_id(w->import->run)};
    photo_bringer who = {enterprise_id, db_null(), operation_operator_user_id(w->import->run), w->now_ms};
    photo_of_person photos[PHOTO_BLOCK];
    photo_facts facts[PHOTO_BLOCK];
    photo_row *rows[PHOTO_BLOCK];
    size_t count = 0;
    sp_status status = org_scope(w->tx, &operator, 0, &who.groups);

    for (size_t i = 0; i < w->count; i++) {
        photo_row *row = &w->rows[i];

        if (!row->fault.reason && w->looks[i].look.reason)
            row->fault = (photo_fault){w->looks[i].look.reason, w->looks[i].look.sentence};
        if (row->fault.reason)
            continue;
        facts[count] = facts_of(&w->looks[i].look.photo);
        photos[count] = (photo_of_person){row->person_id, &facts[count], PHOTO_NOBODY};
        rows[count++] = row;
    }
    if (!sp_failed(status) && count > 0)
        status = photo_bulk_set(w->import->options->blobs, w->tx, &who, photos, count);
    for (size_t i = 0; i < count && !sp_failed(status); i++)
        outcome_note(w, rows[i], photos[i].change);
    return status;
}

static bool problem_add(const writing *w, size_t i, db_column columns[PROBLEM_COLUMNS])
{
    const photo_row *row = &w->rows[i];
    const char *value = import_cut(db_tx_arena(w->tx), row->file->number, IMPORT_VALUE_MAX);

    if (!value)
        return false;
    db_column_int(&columns[0], w->import->progress.files + (int64_t)i + 1);
    db_column_int(&columns[1], 0);
    db_column_text(&columns[2], row->file->name);
    db_column_text(&columns[3], row->person_id ? "photo_id" : "number");
    db_column_text(&columns[4], row->fault.reason);
    db_column_text(&columns[5], row->fault.sentence);
    db_column_text(&columns[6], value);
    return true;
}

static sp_status problems_add(writing *w)
{
    static const db_column_type types[PROBLEM_COLUMNS] = {DB_COLUMN_INT32, DB_COLUMN_INT16, DB_COLUMN_TEXT,
                                                          DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT,
                                                          DB_COLUMN_TEXT};
    const operation_run *run = w->import->run;
    db_column columns[PROBLEM_COLUMNS];
    db_arg args[2 + PROBLEM_COLUMNS] = {db_int64(operation_enterprise_id(run)), db_int64(operation_id(run))};
    int32_t before = w->after.failed;

    for (int i = 0; i < PROBLEM_COLUMNS; i++)
        db_column_init(&columns[i], db_tx_arena(w->tx), types[i]);
    for (size_t i = 0; i < w->count; i++) {
        if (!w->rows[i].fault.reason)
            continue;
        if (!problem_add(w, i, columns))
            return OUT_OF_MEMORY;
        w->after.failed++;
    }
    if (w->after.failed == before)
        return SP_DONE;
    for (int i = 0; i < PROBLEM_COLUMNS; i++)
        args[2 + i] = db_column_arg(&columns[i]);
    return db_query_n(w->tx, &SQL_IMPORT_PROBLEM_ADD, args, sizeof args / sizeof *args, NULL);
}

static sp_status write_in(writing *w)
{
    const people_hooks *hooks = &w->import->options->hooks;
    operation_progress said;
    sp_status status = photos_set(w);

    if (!sp_failed(status))
        status = problems_add(w);
    if (sp_failed(status))
        return status;
    w->after.files += (int32_t)w->count;
    said = (operation_progress){w->after.files,     w->after.total, w->after.failed,
                                "importing photos", &w->after,      sizeof w->after};
    status = operation_write(w->import->run, w->tx, &said);
    if (!sp_failed(status) && w->changed_count > 0 && hooks->people_changed)
        status = hooks->people_changed(w->tx, operation_enterprise_id(w->import->run), w->changed, w->changed_count,
                                       w->now_ms);
    return status;
}

static sp_status write_once(photo_import *import, photo_row *rows, const photo_look *looks, size_t count)
{
    writing w = {.import = import,
                 .rows = rows,
                 .looks = looks,
                 .count = count,
                 .now_ms = clock_now_ms(),
                 .after = import->progress};
    arena memory;
    sp_status status;

    arena_init(&memory, WRITE_ARENA);
    status = db_begin(import->options->app, operation_enterprise_id(import->run), &memory, &w.tx);
    if (!sp_failed(status))
        status = db_end(w.tx, write_in(&w));
    if (!sp_failed(status))
        import->progress = w.after;
    arena_done(&memory);
    return status;
}

sp_status photo_import_write(photo_import *import, photo_row *rows, const photo_look *looks, size_t count)
{
    photo_fault faults[PHOTO_BLOCK];
    sp_status status = SP_DONE;

    for (size_t i = 0; i < count; i++)
        faults[i] = rows[i].fault;
    for (int attempt = 0; attempt < CONFLICTS_MAX; attempt++) {
        for (size_t i = 0; i < count; i++)
            rows[i].fault = faults[i];
        status = write_once(import, rows, looks, count);
        if (strcmp(status.reason, DB_CONFLICT.reason) != 0)
            break;
    }
    return status;
}
