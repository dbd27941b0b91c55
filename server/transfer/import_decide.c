#include "import_decide.h"

#include <string.h>

#include "id.h"
#include "import_store.h"
#include "text_map.h"

/* What is stored, as the rows so far would have it. */
typedef struct {
    const import_job *job;
    arena *memory;
    bool hopes;           /* that every group is there; else: */
    import_groups groups; /* those that cannot go away */
    text_map existing;    /* by number: const person */
    text_map cards;       /* by card: int64_t of whose it is, 0: nobody's any more */
    text_map identities;
} stored;

static int64_t group_of(const import_job *job, const import_row *row)
{
    return row->person.group_id ? row->person.group_id : job->group_id;
}

/* Rows that follow each other mostly have the same group. */
static sp_status hold_groups(const import_job *job, db_tx *tx, const import_row *rows, size_t count,
                             import_groups *ret_groups)
{
    int64_t *wanted = arena_array(db_tx_arena(tx), count, sizeof *wanted);
    size_t wanted_count = 0;

    if (!wanted)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (wanted_count == 0 || wanted[wanted_count - 1] != group_of(job, &rows[i]))
            wanted[wanted_count++] = group_of(job, &rows[i]);
    return import_store_hold_groups(tx, operation_enterprise_id(job->run), wanted, wanted_count, ret_groups);
}

static sp_status look(stored *s, db_tx *tx, const import_row *rows, size_t count)
{
    int64_t enterprise_id = operation_enterprise_id(s->job->run);
    sp_status status = import_store_existing(tx, enterprise_id, rows, count, &s->existing);

    if (!sp_failed(status))
        status = import_store_card_owners(tx, enterprise_id, rows, count, &s->cards);
    if (!sp_failed(status))
        status = import_store_identity_owners(tx, enterprise_id, rows, count, &s->identities);
    return status;
}

/* ---- One row ----------------------------------------------------------------------------------------------------- */

/* What the row states over what is stored; a new one has what the row states and nothing else. */
static void merge(const stored *s, const import_row *row, const person *before, import_decision *d)
{
    d->is_new = before == NULL;
    d->whole = before ? *before : row->person;
    if (!before) {
        d->whole.id = id_next();
        d->whole.group_id = group_of(s->job, row);
        return;
    }
    if (row->person.group_id)
        d->whole.group_id = row->person.group_id;
    if (row->person.gender)
        d->whole.gender = row->person.gender;
    for (int i = 0; i < PERSON_TEXTS; i++)
        if (*row->person.texts[i])
            d->whole.texts[i] = row->person.texts[i];
}

static bool is_anothers(const text_map *owners, const char *value, int64_t id)
{
    const int64_t *owner = *value ? text_map_get(owners, value) : NULL;

    return owner && *owner != 0 && *owner != id;
}

static void check(const stored *s, import_row *row, const person *before, const import_decision *d)
{
    int64_t group_id = group_of(s->job, row);

    if (before && (!s->job->overwrite || !*group_path(s->job->groups, before->group_id)))
        import_row_fault_text(row, PERSON_NUMBER, "NUMBER_TAKEN", "Another employee has this number.");
    import_row_check(row, &d->whole);
    if ((!before || row->person.group_id) && !s->hopes && !import_groups_have(&s->groups, group_id)) {
        int column = import_column_of_form(row->person.kind, COLUMN_GROUP);

        import_row_fault(row, column, "GROUP_UNKNOWN", "There is no such group.", row->cells[column]);
    }
    if (is_anothers(&s->cards, d->whole.texts[PERSON_CARD_NUMBER], d->whole.id))
        import_row_fault_text(row, PERSON_CARD_NUMBER, "CARD_TAKEN", "Another person has this card.");
    if (is_anothers(&s->identities, d->whole.texts[PERSON_IDENTITY_NUMBER], d->whole.id))
        import_row_fault_text(row, PERSON_IDENTITY_NUMBER, "IDENTITY_TAKEN",
                              "Another employee has this identity number.");
}

/* The rows that follow see what this one changes: whoever was somebody's is nobody's, and then his. */
static bool owner_set(stored *s, text_map *owners, const char *before, const char *after, int64_t id)
{
    int64_t *owner = arena_alloc(s->memory, 2 * sizeof *owner);

    if (!owner)
        return false;
    owner[1] = id;
    if (strcmp(before, after) == 0)
        return true;
    return (!*before || text_map_put(owners, before, &owner[0])) && (!*after || text_map_put(owners, after, &owner[1]));
}

static bool apply(stored *s, const person *before, import_decision *d)
{
    const char *card = before ? before->texts[PERSON_CARD_NUMBER] : "",
               *identity = before ? before->texts[PERSON_IDENTITY_NUMBER] : "";
    char *const *texts = d->whole.texts;

    d->at_terminals = before && person_differs_at_terminals(before, &d->whole);
    return owner_set(s, &s->cards, card, texts[PERSON_CARD_NUMBER], d->whole.id) &&
           owner_set(s, &s->identities, identity, texts[PERSON_IDENTITY_NUMBER], d->whole.id);
}

static void stored_init(stored *s, arena *memory)
{
    s->memory = memory;
    text_map_init(&s->existing, memory);
    text_map_init(&s->cards, memory);
    text_map_init(&s->identities, memory);
}

static sp_status rows_decide(stored *s, import_row *rows, size_t count, import_decision *ret_decisions)
{
    for (size_t i = 0; i < count; i++) {
        const person *before = text_map_get(&s->existing, rows[i].person.texts[PERSON_NUMBER]);

        ret_decisions[i] = (import_decision){0};
        merge(s, &rows[i], before, &ret_decisions[i]);
        check(s, &rows[i], before, &ret_decisions[i]);
        if (rows[i].fault_count == 0 && !apply(s, before, &ret_decisions[i]))
            return OUT_OF_MEMORY;
    }
    return SP_DONE;
}

sp_status import_decide(const import_job *job, db_tx *tx, import_row *rows, size_t count,
                        import_decision *ret_decisions)
{
    stored s = {.job = job};
    sp_status status;

    stored_init(&s, db_tx_arena(tx));
    status = hold_groups(job, tx, rows, count, &s.groups);
    if (!sp_failed(status))
        status = look(&s, tx, rows, count);
    return sp_failed(status) ? status : rows_decide(&s, rows, count, ret_decisions);
}

sp_status import_decide_hopefully(const import_job *job, arena *memory, import_row *rows, size_t count,
                                  import_decision *ret_decisions)
{
    stored s = {.job = job, .hopes = true};

    stored_init(&s, memory);
    return rows_decide(&s, rows, count, ret_decisions);
}

sp_status import_decide_hold(const import_job *job, db_tx *tx, const import_row *rows, size_t count, bool *ret_all)
{
    import_groups groups;
    sp_status status = hold_groups(job, tx, rows, count, &groups);

    *ret_all = !sp_failed(status);
    for (size_t i = 0; i < count && *ret_all; i++)
        *ret_all = import_groups_have(&groups, group_of(job, &rows[i]));
    return status;
}
