#include "person_write.h"

#include <string.h>

#include "org.h"
#include "people_parts.h"
#include "people_rules.h"
#include "photo_store.h"
#include "smartpass/v1/org.pb-c.h"

typedef struct {
    const server_people *people;
    db_tx *tx;
    const person_writer *who;
    person *p;
    bool is_new;
    person_outcome *out;
} writing;

static bool is_refused(const writing *w)
{
    return w->out->refusal_count > 0;
}

static void refuse(writing *w, const char *field, const char *reason, const char *sentence)
{
    if (w->out->refusal_count < PERSON_REFUSALS_MAX)
        w->out->refusals[w->out->refusal_count++] = (person_refusal){field, reason, sentence};
}

/* ---- What is written --------------------------------------------------------------------------------------------- */

static void check_words(writing *w)
{
    person_fault faults[PERSON_FAULTS_MAX];
    size_t count = person_faults(w->p, faults);

    for (size_t i = 0; i < count; i++)
        refuse(w, person_text_name(faults[i].text), faults[i].reason, faults[i].sentence);
    if (w->p->gender < SMARTPASS__V1__GENDER__GENDER_UNSPECIFIED || w->p->gender > SMARTPASS__V1__GENDER__GENDER_OTHER)
        refuse(w, "gender", "VALUE_INVALID", "There is no such gender.");
}

/* ---- Where he is and whom he visits ------------------------------------------------------------------------------ */

/* Sections are of a module; by kind. */
static const struct {
    int module;
    const char *unknown;
} SECTIONS[PERSON_KINDS] = {
    [PERSON_EMPLOYEE] = {SMARTPASS__V1__MODULE__MODULE_EMPLOYEES, "The group has no such section for employees."},
    [PERSON_VISITOR] = {SMARTPASS__V1__MODULE__MODULE_VISITORS, "The group has no such section for visitors."},
    [PERSON_BLACKLIST_ENTRY] = {SMARTPASS__V1__MODULE__MODULE_BLACKLIST,
                                "The group has no such section for the blacklist."},
};

/* Held until he is there. A section that he left with its group is none. */
static sp_status hold_place(writing *w)
{
    const person_writer *who = w->who;
    const caller writer = {.enterprise_id = who->scope.enterprise_id, .group_id = who->group_id};
    person *p = w->p;
    sp_status status;

    if (p->group_id == 0)
        p->group_id = who->group_id;
    if (!w->is_new && p->group_id != w->out->before.who.group_id && p->section_id == w->out->before.who.section_id)
        p->section_id = 0;
    status = org_hold_group(w->tx, &writer, p->group_id);
    if (strcmp(status.reason, GROUP_NOT_FOUND.reason) == 0) {
        refuse(w, "group_id", "GROUP_UNKNOWN", "There is no such group.");
        return SP_DONE;
    }
    if (!sp_failed(status))
        status =
            org_hold_section(w->tx, who->scope.enterprise_id, p->group_id, SECTIONS[p->kind].module, p->section_id);
    if (strcmp(status.reason, SECTION_NOT_FOUND.reason) == 0) {
        refuse(w, "section_id", "SECTION_UNKNOWN", SECTIONS[p->kind].unknown);
        return SP_DONE;
    }
    return status;
}

/* A host whom the writer does not see may stay. */
static sp_status hold_host(writing *w)
{
    people_scope scope = w->who->scope;
    bool held = true;
    sp_status status = SP_DONE;

    if (!w->is_new && w->p->host_id == w->out->before.who.host_id)
        scope.groups = db_null();
    if (w->p->host_id != 0)
        status = person_store_hold_host(w->tx, &scope, w->p->host_id, &held);
    if (!sp_failed(status) && !held)
        refuse(w, "host_id", "HOST_UNKNOWN", "There is no such employee.");
    return status;
}

/* ---- Numbers, identities and cards ------------------------------------------------------------------------------- */

static void refuse_taken(writing *w, const person_taken *taken)
{
    static const struct {
        const char *number, *identity;
    } another[PERSON_KINDS] = {
        [PERSON_EMPLOYEE] = {"Another employee has this number.", "Another employee has this identity number."},
        [PERSON_VISITOR] = {"Another visitor has this number.", "Another visitor has this identity number."},
        [PERSON_BLACKLIST_ENTRY] = {"Another blacklist entry has this number.",
                                    "Another blacklist entry has this identity number."},
    };

    if (taken->number)
        refuse(w, "number", "NUMBER_TAKEN", another[w->p->kind].number);
    if (taken->identity)
        refuse(w, "identity_number", "IDENTITY_TAKEN", another[w->p->kind].identity);
    if (taken->card)
        refuse(w, "card_number", "CARD_TAKEN", "Another person has this card.");
}

static bool wants_card(const writing *w)
{
    return w->p->kind != PERSON_BLACKLIST_ENTRY && *w->p->texts[PERSON_CARD_NUMBER];
}

/* Him and whoever may lose the card to him. ret_from is who that was before the lock, 0: nobody. */
static sp_status lock_people(writing *w, bool take_card, int64_t *ret_from)
{
    const person_writer *who = w->who;
    card_holder holder = {0};
    sp_status status = SP_DONE;

    if (take_card && wants_card(w))
        status = person_store_card_holder(w->tx, &who->scope, w->p, &holder);
    *ret_from = holder.id;
    if (!sp_failed(status))
        status = person_store_lock(w->tx, who->scope.enterprise_id, (const int64_t[]){w->p->id, holder.id}, 2);
    if (!sp_failed(status) && !w->is_new)
        status = person_store_find(w->tx, &who->scope, w->p->kind, w->p->id, &w->out->before);
    return status;
}

static sp_status refuse_card(writing *w, const card_holder *holder)
{
    const char *name = NULL;
    person_row row;

    if (holder->in_scope && w->who->may_view[holder->kind]) {
        sp_status status = person_store_find(w->tx, &w->who->scope, holder->kind, holder->id, &row);

        if (sp_failed(status))
            return status;
        name = arena_printf(db_tx_arena(w->tx), "%s (%s)", row.who.texts[PERSON_NAME], row.who.texts[PERSON_NUMBER]);
    }
    w->out->card_holder = name;
    if (name)
        name = arena_printf(db_tx_arena(w->tx), "%s has this card.", name);
    refuse(w, "card_number", "CARD_TAKEN", name ? name : "Another person has this card.");
    return SP_DONE;
}

/* from is who is locked. Whoever got the card a moment ago instead is asked for again. */
static sp_status take_card_away(writing *w, bool take_card, int64_t from)
{
    const person_writer *who = w->who;
    card_holder holder = {0};
    sp_status status = SP_DONE;

    if (wants_card(w))
        status = person_store_card_holder(w->tx, &who->scope, w->p, &holder);
    if (sp_failed(status) || holder.id == 0)
        return status;
    if (!take_card || holder.id != from || !holder.in_scope || !who->may_edit[holder.kind])
        return refuse_card(w, &holder);
    status = person_store_find(w->tx, &who->scope, holder.kind, holder.id, &w->out->robbed);
    return sp_failed(status) ? status : person_store_lose_card(w->tx, who->scope.enterprise_id, holder.id, who->now_ms);
}

static sp_status check_unique(writing *w, bool take_card, int64_t card_from)
{
    person_taken taken = {0};
    sp_status status = person_store_taken(w->tx, w->who->scope.enterprise_id, w->p, &taken);

    if (sp_failed(status))
        return status;
    refuse_taken(w, &taken);
    return take_card_away(w, take_card, card_from);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static sp_status put(writing *w)
{
    int64_t enterprise_id = w->who->scope.enterprise_id;
    person_taken taken = {0};
    sp_status status = w->is_new ? person_store_add(w->tx, enterprise_id, w->p, w->who->now_ms, &taken)
                                 : person_store_set(w->tx, enterprise_id, w->p, w->who->now_ms, &taken);

    if (!sp_failed(status))
        return SP_DONE;
    refuse_taken(w, &taken); /* at the same moment */
    return is_refused(w) ? SP_DONE : status;
}

static sp_status take_photo(writing *w)
{
    int64_t enterprise_id = w->who->scope.enterprise_id, before = w->out->before.who.photo_id;
    sp_status status = SP_DONE;

    if (w->p->photo_id == before)
        return SP_DONE;
    if (w->p->photo_id != 0)
        status = photo_store_claim(w->people->options.blobs, w->tx, enterprise_id, w->p->photo_id, w->p->id,
                                   w->who->user_id, w->who->now_ms);
    if (strcmp(status.reason, PHOTO_NOT_FOUND.reason) == 0) {
        refuse(w, "photo_id", "PHOTO_UNKNOWN", "The photo does not exist, has expired or is another person's.");
        return SP_DONE;
    }
    if (sp_failed(status))
        return status;
    return photo_store_replace(w->tx, enterprise_id, w->p->id, before, w->p->photo_id);
}

/* ---- Who must hear of it ----------------------------------------------------------------------------------------- */

/* A new entry of the blacklist, or one that names others now, changes what terminals think of those whom it names. */
static sp_status find_named(writing *w, int64_t **ret_ids, size_t *ret_count)
{
    const person *before = w->is_new ? NULL : &w->out->before.who;

    if (w->p->kind != PERSON_BLACKLIST_ENTRY || (before && !person_names_others(before, w->p)))
        return SP_DONE;
    return person_store_named(w->tx, w->who->scope.enterprise_id, w->p, before, ret_ids, ret_count);
}

static sp_status gather_changed(writing *w)
{
    person_outcome *out = w->out;
    int64_t *named = NULL;
    size_t named_count = 0;
    sp_status status = find_named(w, &named, &named_count);

    if (sp_failed(status))
        return status;
    out->changed = arena_array(db_tx_arena(w->tx), named_count + 2, sizeof *out->changed);
    if (!out->changed)
        return DB_NO_MEMORY;
    if (named_count > 0)
        memcpy(out->changed, named, named_count * sizeof *named);
    out->changed_count = named_count;
    if (out->robbed.who.id != 0)
        out->changed[out->changed_count++] = out->robbed.who.id;
    if (!w->is_new && person_differs_at_terminals(&out->before.who, w->p))
        out->changed[out->changed_count++] = w->p->id;
    return SP_DONE;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static sp_status prepare(writing *w, bool take_card)
{
    const person_writer *who = w->who;
    int64_t card_from = 0;
    sp_status status = person_store_lock_blacklist(w->tx, who->scope.enterprise_id, w->p->kind);

    if (!sp_failed(status) && !w->is_new)
        status = person_store_find(w->tx, &who->scope, w->p->kind, w->p->id, &w->out->before);
    if (!sp_failed(status))
        status = hold_place(w);
    if (!sp_failed(status))
        status = hold_host(w);
    if (!sp_failed(status))
        status = lock_people(w, take_card, &card_from);
    return sp_failed(status) ? status : check_unique(w, take_card, card_from);
}

static sp_status write_all(writing *w, bool take_card)
{
    sp_status status;

    *w->out = (person_outcome){0};
    check_words(w);
    if (is_refused(w))
        return SP_DONE;
    status = prepare(w, take_card);
    if (!sp_failed(status) && !is_refused(w))
        status = put(w);
    if (!sp_failed(status) && !is_refused(w))
        status = take_photo(w);
    if (sp_failed(status) || is_refused(w))
        return status;
    status = gather_changed(w);
    return sp_failed(status) ? status : person_store_find(w->tx, &w->who->scope, w->p->kind, w->p->id, &w->out->after);
}

sp_status person_add(const server_people *people, db_tx *tx, const person_writer *writer, person *p, bool take_card,
                     person_outcome *ret_outcome)
{
    return write_all(&(writing){people, tx, writer, p, true, ret_outcome}, take_card);
}

sp_status person_change(const server_people *people, db_tx *tx, const person_writer *writer, person *p, bool take_card,
                        person_outcome *ret_outcome)
{
    return write_all(&(writing){people, tx, writer, p, false, ret_outcome}, take_card);
}

sp_status people_tell(const server_people *people, db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count,
                      int64_t now_ms)
{
    const people_hooks *hooks = &people->options.hooks;

    if (count == 0 || !hooks->people_changed)
        return SP_DONE;
    return hooks->people_changed(tx, enterprise_id, ids, count, now_ms);
}
