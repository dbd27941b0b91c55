/* Whose a pass display is: who may be chosen, who is shown, and what follows when somebody is erased. */
#include "display_store.h"
#include "server_displays_sql.h"

typedef Smartpass__V1__Display Display;
typedef Smartpass__V1__DisplayPerson DisplayPerson;

sp_status display_people_hold(db_tx *tx, const display_viewer *viewer, const display_wish *wish,
                              display_people_outcome *ret_outcome)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DISPLAY_HOLD_PEOPLE,
                            DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups,
                                    db_int64_array(db_tx_arena(tx), wish->person_ids, wish->person_count),
                                    viewer->kinds, db_int64(wish->id)),
                            &rows);

    if (sp_failed(st))
        return st;
    *ret_outcome = (size_t)rows.count == wish->person_count ? DISPLAY_PEOPLE_FINE : DISPLAY_PERSON_UNKNOWN;
    for (int i = 0; i < rows.count && *ret_outcome == DISPLAY_PEOPLE_FINE; i++)
        if (db_row_bool(&rows, i, 1) && !db_row_bool(&rows, i, 2))
            *ret_outcome = DISPLAY_PERSON_DENIED;
    return SP_DONE;
}

/* ---- Who is shown ------------------------------------------------------------------------------------------------ */

static Display *find(Display *const *displays, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (displays[i]->id == id)
            return displays[i];
    return NULL;
}

static bool make_room(arena *a, Display *const *displays, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Display *d = displays[i];

        d->person_ids = arena_array(a, (size_t)d->people_count + 1, sizeof *d->person_ids);
        d->people = arena_array(a, (size_t)d->people_count + 1, sizeof *d->people);
        if (!d->person_ids || !d->people)
            return false;
    }
    return true;
}

static bool add(arena *a, const db_rows *rows, int row, Display *d)
{
    DisplayPerson *person = arena_alloc(a, sizeof *person);

    if (!person)
        return false;
    smartpass__v1__display_person__init(person);
    person->person_id = db_row_int(rows, row, 1);
    person->kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 2);
    person->name = (char *)db_row_text(rows, row, 3);
    person->number = (char *)db_row_text(rows, row, 4);
    d->person_ids[d->n_person_ids++] = person->person_id;
    d->people[d->n_people++] = person;
    return true;
}

sp_status display_people_fill(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id,
                              Display *const *displays, size_t count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = make_room(a, displays, count) ? SP_DONE : DB_NO_MEMORY;

    if (!sp_failed(st))
        st = db_query(
            tx, SQL_DISPLAY_PEOPLE,
            DB_ARGS(db_int64(viewer->enterprise_id), viewer->groups, db_int64(device_id), db_int64(id), viewer->kinds),
            &rows);
    if (sp_failed(st))
        return st;
    for (int i = 0; i < rows.count; i++) {
        Display *d = find(displays, count, db_row_int(&rows, i, 0));

        /* Somebody may have been added since the displays were counted. */
        if (d && d->n_people < (size_t)d->people_count && !add(a, &rows, i, d))
            return DB_NO_MEMORY;
    }
    return SP_DONE;
}

/* ---- Somebody goes ----------------------------------------------------------------------------------------------- */

/* One that he had. What is left to nobody may be his portrait: it goes. */
static sp_status loses(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t display_id)
{
    const db_arg enterprise = db_int64(enterprise_id), display = db_int64(display_id);
    int64_t version;
    db_rows rows;
    sp_status st = display_plan_raise(tx, enterprise_id, device_id, &version);

    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_TOUCH, DB_ARGS(enterprise, display, db_int64(version)), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_DELETE_EMPTY, DB_ARGS(enterprise, display), &rows);
    if (!sp_failed(st) && rows.count > 0)
        st = display_picture_erase(tx, enterprise_id, db_row_int(&rows, 0, 0));
    return sp_failed(st) ? st : display_notify(tx, device_id);
}

sp_status displays_forget_person(db_tx *tx, int64_t enterprise_id, int64_t person_id)
{
    const db_arg enterprise = db_int64(enterprise_id), person = db_int64(person_id);
    db_rows rows = {0};
    sp_status st = db_query(tx, SQL_DISPLAY_LOCK_PLANS, DB_ARGS(enterprise, person), NULL);

    if (!sp_failed(st))
        st = db_query(tx, SQL_DISPLAY_FORGET_PERSON, DB_ARGS(enterprise, person), &rows);
    for (int i = 0; i < rows.count && !sp_failed(st); i++)
        st = loses(tx, enterprise_id, db_row_int(&rows, i, 0), db_row_int(&rows, i, 1));
    return st;
}
