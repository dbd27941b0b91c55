#include "erasure_store.h"

#include <string.h>

#include "audit.h"
#include "person_store.h"
#include "server_people_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Erasure Erasure;
typedef Smartpass__V1__ErasureTerminal ErasureTerminal;

/* ---- Erasing ----------------------------------------------------------------------------------------------------- */

/* What the row said. */
typedef struct {
    bool found;
    int kind;
    int64_t group_id;
    const char *number, *name, *card_number, *identity_number;
    int64_t pictures;
} erased_person;

static sp_status person_lock(db_tx *tx, const erasure_order *o, erased_person *ret)
{
    const db_arg kind = db_int16((int16_t)o->kind);
    db_rows rows;
    sp_status status = SP_DONE;

    *ret = (erased_person){.number = "", .name = "", .card_number = "", .identity_number = ""};
    if (o->kind == PERSON_BLACKLIST_ENTRY || o->kind == 0)
        status = person_store_lock_blacklist(tx, o->enterprise_id, PERSON_BLACKLIST_ENTRY);
    if (!sp_failed(status))
        status = db_query(tx, SQL_ERASURE_LOCK,
                          DB_ARGS(db_int64(o->enterprise_id), o->groups, db_int64(o->person_id), kind), &rows);
    if (sp_failed(status) || rows.count == 0)
        return status;
    *ret = (erased_person){
        .found = true,
        .kind = (int)db_row_int(&rows, 0, 0),
        .group_id = db_row_int(&rows, 0, 1),
        .number = db_row_text(&rows, 0, 2),
        .name = db_row_text(&rows, 0, 3),
        .card_number = db_row_text(&rows, 0, 4),
        .identity_number = db_row_text(&rows, 0, 5),
    };
    return SP_DONE;
}

static sp_status pictures_erase(db_tx *tx, const erasure_order *o, erased_person *was)
{
    const char *owner = arena_printf(db_tx_arena(tx), "person:%lld", (long long)o->person_id);
    db_rows rows;
    sp_status status = OUT_OF_MEMORY;

    if (owner)
        status = db_query(tx, SQL_ERASURE_PICTURES, DB_ARGS(db_int64(o->enterprise_id), db_text(owner)), &rows);
    if (sp_failed(status))
        return status;
    was->pictures = db_row_int(&rows, 0, 0);
    return blob_erase(tx, o->enterprise_id, owner);
}

static sp_status receipt_add(db_tx *tx, const erasure_order *o, const erased_person *was)
{
    return db_query(tx, SQL_ERASURE_ADD,
                    DB_ARGS(db_int64(o->enterprise_id), db_int64(o->person_id), db_int16((int16_t)was->kind),
                            db_int64_or_null(was->group_id), db_text(was->number), db_text(was->name),
                            db_text(o->operator_name), db_int64(was->pictures), db_time(o->erased_ms),
                            db_bool(o->noted)),
                    NULL);
}

static sp_status stored_erase(db_tx *tx, const erasure_order *o, erased_person *was)
{
    sp_status status = pictures_erase(tx, o, was);

    if (!sp_failed(status))
        status = audit_erase_person(tx, o->enterprise_id, o->person_id);
    if (!sp_failed(status))
        status = db_query(tx, SQL_ERASURE_REMOVE, DB_ARGS(db_int64(o->enterprise_id), db_int64(o->person_id)), NULL);
    return sp_failed(status) ? status : receipt_add(tx, o, was);
}

/* Whom the blacklist refuses no longer. The entry is among them, so that its terminals are locked together with theirs,
 * in the order that everybody keeps. */
static sp_status named_tell(const people_hooks *hooks, db_tx *tx, const erasure_order *o, const erased_person *was)
{
    person entry = {.kind = PERSON_BLACKLIST_ENTRY};
    int64_t *ids, *all;
    size_t count;
    sp_status status;

    if (was->kind != PERSON_BLACKLIST_ENTRY || !hooks->people_changed)
        return SP_DONE;
    entry.texts[PERSON_CARD_NUMBER] = (char *)was->card_number;
    entry.texts[PERSON_IDENTITY_NUMBER] = (char *)was->identity_number;
    status = person_store_named(tx, o->enterprise_id, &entry, NULL, &ids, &count);
    if (sp_failed(status) || count == 0)
        return status;
    all = arena_array(db_tx_arena(tx), count + 1, sizeof *all);
    if (!all)
        return OUT_OF_MEMORY;
    memcpy(all, ids, count * sizeof *all);
    all[count] = o->person_id;
    return hooks->people_changed(tx, o->enterprise_id, all, count + 1, o->now_ms);
}

sp_status erasure_store_erase(const people_hooks *hooks, db_tx *tx, const erasure_order *o)
{
    erased_person was;
    sp_status status = person_lock(tx, o, &was);

    if (!sp_failed(status) && !was.found)
        return person_not_found(o->kind);
    if (!sp_failed(status))
        status = stored_erase(tx, o, &was);
    if (!sp_failed(status))
        status = named_tell(hooks, tx, o, &was);
    if (!sp_failed(status) && hooks->person_revoked)
        status = hooks->person_revoked(tx, o->enterprise_id, o->person_id, o->now_ms);
    return status;
}

sp_status erasure_store_erase_again(const people_hooks *hooks, db_tx *tx, const erasure_order *o)
{
    erased_person was;
    sp_status status = person_lock(tx, o, &was);

    if (!sp_failed(status))
        status = stored_erase(tx, o, &was);
    if (!sp_failed(status) && hooks->person_forgotten)
        status = hooks->person_forgotten(tx, o->enterprise_id, o->person_id, o->now_ms);
    return sp_failed(status) ? status : named_tell(hooks, tx, o, &was);
}

/* ---- Receipts ---------------------------------------------------------------------------------------------------- */

static void erasure_from_row(arena *a, const db_rows *rows, int row, Erasure *e)
{
    smartpass__v1__erasure__init(e);
    e->id = db_row_int(rows, row, 0);
    e->kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 1);
    e->number = (char *)db_row_text(rows, row, 2);
    e->name = (char *)db_row_text(rows, row, 3);
    e->erase_time = timestamp_or_null(a, db_row_time_ms(rows, row, 4));
    e->operator_ = (char *)db_row_text(rows, row, 5);
    e->pictures = (int32_t)db_row_int(rows, row, 6);
}

sp_status erasure_store_list(db_tx *tx, const erasure_filter *f, const page *p, Erasure ***ret_erasures,
                             size_t *ret_count, int64_t *ret_last_ms)
{
    arena *a = db_tx_arena(tx);
    Erasure *erasures, **pointers;
    db_rows rows;
    sp_status status = db_query(tx, SQL_ERASURE_LIST,
                                DB_ARGS(db_int64(f->enterprise_id), f->groups, db_text(f->query),
                                        db_bool(f->pending_only), db_bool(p->first), db_time(p->number),
                                        db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                                &rows);

    if (sp_failed(status))
        return status;
    erasures = arena_array(a, (size_t)rows.count + 1, sizeof *erasures);
    pointers = arena_array(a, (size_t)rows.count + 1, sizeof *pointers);
    if (!erasures || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        erasure_from_row(a, &rows, i, &erasures[i]);
        erasures[i].pending = (int32_t)db_row_int(&rows, i, 7);
        pointers[i] = &erasures[i];
    }
    *ret_erasures = pointers;
    *ret_count = (size_t)rows.count;
    *ret_last_ms = rows.count >= p->size ? db_row_time_ms(&rows, p->size - 1, 4) : 0;
    return SP_DONE;
}

sp_status erasure_store_count(db_tx *tx, const erasure_filter *f, int32_t *ret_total)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_ERASURE_COUNT,
                 DB_ARGS(db_int64(f->enterprise_id), f->groups, db_text(f->query), db_bool(f->pending_only)), &rows);

    if (!sp_failed(status))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}

static ErasureTerminal *terminal_from_row(arena *a, const db_rows *rows, int row)
{
    ErasureTerminal *t = arena_alloc(a, sizeof *t);

    if (!t)
        return NULL;
    smartpass__v1__erasure_terminal__init(t);
    if (db_row_bool(rows, row, 2)) {
        t->device_id = db_row_int(rows, row, 0);
        t->device_name = (char *)db_row_text(rows, row, 1);
    }
    t->confirm_time = timestamp_or_null(a, db_row_time_ms(rows, row, 4));
    t->device_deleted = !t->confirm_time && db_row_bool(rows, row, 3);
    return t;
}

static sp_status terminals_read(db_tx *tx, int64_t enterprise_id, db_arg groups, Erasure *e)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_ERASURE_TERMINALS, DB_ARGS(db_int64(enterprise_id), groups, db_int64(e->id)), &rows);

    if (sp_failed(status))
        return status;
    e->terminals = arena_array(a, (size_t)rows.count + 1, sizeof *e->terminals);
    for (int i = 0; i < rows.count; i++) {
        if (!e->terminals || !(e->terminals[i] = terminal_from_row(a, &rows, i)))
            return OUT_OF_MEMORY;
        e->pending += !e->terminals[i]->confirm_time && !e->terminals[i]->device_deleted;
    }
    e->n_terminals = (size_t)rows.count;
    return SP_DONE;
}

sp_status erasure_store_get(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id, Erasure *ret_erasure)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ERASURE_GET, DB_ARGS(db_int64(enterprise_id), groups, db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return ERASURE_NOT_FOUND;
    erasure_from_row(db_tx_arena(tx), &rows, 0, ret_erasure);
    return terminals_read(tx, enterprise_id, groups, ret_erasure);
}

sp_status erasure_store_pending(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count,
                                int32_t *ret_pending)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_ERASURE_PENDING,
                 DB_ARGS(db_int64(enterprise_id), db_int64_array(db_tx_arena(tx), person_ids, count)), &rows);

    if (!sp_failed(status))
        *ret_pending = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}
