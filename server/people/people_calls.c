#include "people_calls.h"

#include <stdio.h>
#include <string.h>

#include "id.h"
#include "line.h"
#include "org.h"
#include "people_parts.h"
#include "permissions.h"
#include "person_write.h"

static sp_status scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, people_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    if (sp_failed(status))
        return status;
    ret_scope->enterprise_id = who->enterprise_id;
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status page_fill(arena *a, const person_row *rows, size_t count, int size, people_page *ret_page)
{
    ret_page->count = count > (size_t)size ? (size_t)size : count;
    ret_page->people = arena_array(a, ret_page->count, sizeof *ret_page->people);
    for (size_t i = 0; i < ret_page->count; i++)
        if (!ret_page->people || !(ret_page->people[i] = person_row_message(a, &rows[i])))
            return OUT_OF_MEMORY;
    ret_page->next_page_token = (char *)"";
    if (count > (size_t)size)
        ret_page->next_page_token = page_token(a, rows[size - 1].who.texts[PERSON_NUMBER], 0, rows[size - 1].who.id);
    return SP_DONE;
}

sp_status people_list(rpc_call *call, const people_wanted *wanted, people_page *ret_page)
{
    const people_filter filter = {wanted->kind, wanted->query, wanted->section_id, wanted->photo, wanted->grant};
    person_row *rows;
    size_t count;
    people_scope scope;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, wanted->page_size, wanted->page_token, wanted->skip, &p);

    if (!sp_failed(status))
        status = scope_find(call, wanted->group_id, &tx, &scope);
    if (!sp_failed(status))
        status = person_store_list(tx, &scope, &filter, &p, &rows, &count);
    if (!sp_failed(status))
        status = person_store_count(tx, &scope, &filter, &ret_page->total_size);
    return sp_failed(status) ? status : page_fill(rpc_call_arena(call), rows, count, p.size, ret_page);
}

sp_status people_get(rpc_call *call, person_kind kind, int64_t id, ProtobufCMessage *reply)
{
    people_scope scope;
    person_row row;
    db_tx *tx;
    sp_status status = scope_find(call, 0, &tx, &scope);

    if (!sp_failed(status))
        status = person_store_find(tx, &scope, kind, id, &row);
    if (!sp_failed(status))
        person_row_fill(rpc_call_arena(call), &row, reply);
    return status;
}

/* ---- What the caller may do -------------------------------------------------------------------------------------- */

bool people_may(const rpc_call *call, person_kind kind, const char *what)
{
    static const char *const modules[PERSON_KINDS] = {"", "employees", "visitors", "blacklist"};
    char permission[32];

    snprintf(permission, sizeof permission, "%s.%s", modules[kind], what);
    return permission_is_held(call_caller(call), permission);
}

size_t people_viewed_kinds(const rpc_call *call, int64_t ret_kinds[PERSON_KINDS])
{
    size_t count = 0;

    for (person_kind kind = PERSON_EMPLOYEE; kind <= PERSON_BLACKLIST_ENTRY; kind++)
        if (people_may(call, kind, "view"))
            ret_kinds[count++] = kind;
    return count;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* With texts of its own, trimmed. */
static sp_status person_take(rpc_call *call, person_kind kind, const ProtobufCMessage *from, person *ret_person)
{
    if (!from)
        return rpc_call_violation(call, person_kind_name(kind), "FIELD_REQUIRED", "The person is missing.");
    person_from_message(kind, from, ret_person);
    for (int i = 0; i < PERSON_TEXTS; i++) {
        char *copy = arena_text(rpc_call_arena(call), ret_person->texts[i]);

        if (!copy)
            return OUT_OF_MEMORY;
        ret_person->texts[i] = line_trim(copy);
    }
    return SP_DONE;
}

/* All at once, so that a form can show them together. */
static sp_status refusals_tell(rpc_call *call, person_kind kind, const person_outcome *outcome)
{
    sp_status status = SP_DONE;

    for (size_t i = 0; i < outcome->refusal_count; i++) {
        const person_refusal *refusal = &outcome->refusals[i];
        char field[64];

        snprintf(field, sizeof field, "%s.%s", person_kind_name(kind), refusal->field);
        status = sp_first_failure(status, rpc_call_violation(call, field, refusal->reason, refusal->sentence));
    }
    if (outcome->card_holder)
        rpc_call_error_fact(call, "card_holder", outcome->card_holder);
    return status;
}

static sp_status writer_find(rpc_call *call, db_tx **ret_tx, person_writer *ret_writer)
{
    const caller *who = call_caller(call);

    *ret_writer = (person_writer){.group_id = who->group_id, .user_id = who->user_id, .now_ms = call_now_ms(call)};
    for (person_kind kind = PERSON_EMPLOYEE; kind <= PERSON_BLACKLIST_ENTRY; kind++) {
        ret_writer->may_view[kind] = people_may(call, kind, "view");
        ret_writer->may_edit[kind] = people_may(call, kind, "edit");
    }
    return scope_find(call, 0, ret_tx, &ret_writer->scope);
}

/* Whoever lost his card gets a row of his own, which is erased with him. */
static sp_status robbery_note(rpc_call *call, const person_outcome *outcome)
{
    static char none[] = "";
    arena *a = rpc_call_arena(call);
    person_row after = outcome->robbed;
    ProtobufCMessage *before = person_row_message(a, &outcome->robbed), *message;
    const person *robbed = &outcome->robbed.who;
    char *object;

    after.who.texts[PERSON_CARD_NUMBER] = none;
    message = person_row_message(a, &after);
    if (!before || !message)
        return OUT_OF_MEMORY;
    object = arena_printf(a, "%s %s %s", person_kind_name(robbed->kind), robbed->texts[PERSON_NUMBER],
                          robbed->texts[PERSON_NAME]);
    if (!object)
        return OUT_OF_MEMORY;
    return call_audit_beside(call, "take card", robbed->id, object, before, message);
}

/* Once he is written: the log, the terminals, the answer. */
static sp_status finish(rpc_call *call, db_tx *tx, const person_writer *writer, person_kind kind,
                        const person_outcome *outcome, ProtobufCMessage *reply)
{
    sp_status status = SP_DONE;

    if (outcome->refusal_count > 0)
        return refusals_tell(call, kind, outcome);
    if (outcome->before.who.id != 0) {
        ProtobufCMessage *before = person_row_message(rpc_call_arena(call), &outcome->before);

        if (!before)
            return OUT_OF_MEMORY;
        call_audit_before(call, before);
    }
    if (outcome->robbed.who.id != 0)
        status = robbery_note(call, outcome);
    if (!sp_failed(status))
        status = people_tell(rpc_call_self(call), tx, writer->scope.enterprise_id, outcome->changed,
                             outcome->changed_count, writer->now_ms);
    if (sp_failed(status))
        return status;
    person_row_fill(rpc_call_arena(call), &outcome->after, reply);
    call_audit_after(call, reply);
    return SP_DONE;
}

static void audit_name(rpc_call *call, const person *p)
{
    call_audit_object(call, "%s %s %s", person_kind_name(p->kind), p->texts[PERSON_NUMBER], p->texts[PERSON_NAME]);
    call_audit_person(call, p->id);
}

sp_status people_create(rpc_call *call, person_kind kind, const ProtobufCMessage *from, bool take_card,
                        ProtobufCMessage *reply)
{
    person_outcome outcome;
    person_writer writer;
    person p;
    db_tx *tx;
    sp_status status = person_take(call, kind, from, &p);

    if (sp_failed(status))
        return status;
    p.id = id_next();
    audit_name(call, &p);
    status = writer_find(call, &tx, &writer);
    if (!sp_failed(status))
        status = person_add(rpc_call_self(call), tx, &writer, &p, take_card, &outcome);
    return sp_failed(status) ? status : finish(call, tx, &writer, kind, &outcome, reply);
}

sp_status people_update(rpc_call *call, person_kind kind, const ProtobufCMessage *from, bool take_card,
                        ProtobufCMessage *reply)
{
    person_outcome outcome;
    person_writer writer;
    person p;
    db_tx *tx;
    sp_status status = person_take(call, kind, from, &p);

    if (sp_failed(status))
        return status;
    audit_name(call, &p);
    status = writer_find(call, &tx, &writer);
    if (!sp_failed(status))
        status = person_change(rpc_call_self(call), tx, &writer, &p, take_card, &outcome);
    return sp_failed(status) ? status : finish(call, tx, &writer, kind, &outcome, reply);
}
