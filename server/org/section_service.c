/* Sections, a module's own groups within a group: the handlers. */
#include <string.h>

#include "field.h"
#include "id.h"
#include "org_parts.h"
#include "section_store.h"
#include "smartpass/v1/org.names.h"

SP_STATUS(SECTIONS_TOO_MANY, SP_RESOURCE_EXHAUSTED, "An enterprise has at most 10 000 sections.");

enum { SECTIONS_MAX = 10000 };

static bool is_module(Smartpass__V1__Module module)
{
    return module >= SMARTPASS__V1__MODULE__MODULE_DEVICES && module <= SMARTPASS__V1__MODULE__MODULE_BLACKLIST;
}

static sp_status taken_answer(rpc_call *call, bool taken, sp_status otherwise)
{
    if (!taken)
        return otherwise;
    return rpc_call_violation(call, "section.name", "NAME_TAKEN", "The group has a section of this name already.");
}

static sp_status scope_find(rpc_call *call, db_tx **ret_tx, db_arg *ret_groups)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    return sp_failed(status) ? status : org_scope(*ret_tx, who, 0, ret_groups);
}

sp_status list_sections(rpc_call *call, const ListSectionsRequest *request, ListSectionsResponse *reply)
{
    db_arg groups;
    db_tx *tx;
    sp_status status = SP_DONE;

    if (request->module && !is_module(request->module))
        return rpc_call_violation(call, "module", "VALUE_INVALID", "There is no such module.");
    status = scope_find(call, &tx, &groups);
    if (sp_failed(status))
        return status;
    return section_store_list(tx, call_caller(call)->enterprise_id, groups, request->module, &reply->sections,
                              &reply->n_sections);
}

static sp_status section_take(rpc_call *call, const Section *from, Section *ret_section)
{
    sp_status status;

    if (!from)
        return rpc_call_violation(call, "section", "FIELD_REQUIRED", "The section is missing.");
    *ret_section = *from;
    status = field_take_line(call, "section.name", &ret_section->name, true);
    if (!sp_failed(status))
        call_audit_object(call, "section %s", ret_section->name);
    return status;
}

/* The group is the caller's own when none is named. */
static sp_status group_hold(rpc_call *call, db_tx *tx, Section *section)
{
    const caller *who = call_caller(call);
    sp_status status;

    if (section->group_id == 0)
        section->group_id = who->group_id;
    status = org_hold_group(tx, who, section->group_id);
    if (strcmp(status.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "section.group_id", "GROUP_UNKNOWN", "There is no such group.");
    return status;
}

sp_status create_section(rpc_call *call, const CreateSectionRequest *request, Section *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id, count = 0;
    bool taken = false;
    Section section;
    db_tx *tx;
    sp_status status = section_take(call, request->section, &section);

    if (!sp_failed(status) && !is_module(section.module))
        status = rpc_call_violation(call, "section.module", "VALUE_INVALID", "There is no such module.");
    if (!sp_failed(status))
        status = call_tx(call, &tx);
    if (!sp_failed(status))
        status = group_hold(call, tx, &section);
    if (!sp_failed(status))
        status = section_store_count(tx, enterprise_id, &count);
    if (!sp_failed(status) && count >= SECTIONS_MAX)
        status = SECTIONS_TOO_MANY;
    if (sp_failed(status))
        return status;
    section.id = id_next();
    status = section_store_add(tx, enterprise_id, &section, &taken);
    status = taken_answer(call, taken, status);
    if (sp_failed(status))
        return status;
    *reply = section;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

sp_status update_section(rpc_call *call, const UpdateSectionRequest *request, Section *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    Section section, earlier;
    bool taken = false;
    db_arg groups;
    db_tx *tx;
    sp_status status = section_take(call, request->section, &section);

    if (!sp_failed(status))
        status = scope_find(call, &tx, &groups);
    if (!sp_failed(status))
        status = section_store_lock(tx, enterprise_id, groups, section.id, &earlier);
    if (sp_failed(status))
        return status;
    call_audit_before(call, &earlier.base);
    if (section.group_id && section.group_id != earlier.group_id)
        return rpc_call_violation(call, "section.group_id", "FIELD_FIXED", "A section stays in its group.");
    if (section.module && section.module != earlier.module)
        return rpc_call_violation(call, "section.module", "FIELD_FIXED", "A section stays with its module.");
    status = section_store_rename(tx, enterprise_id, &section, &taken);
    status = taken_answer(call, taken, status);
    if (sp_failed(status))
        return status;
    *reply = earlier;
    reply->name = section.name;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

sp_status delete_section(rpc_call *call, const DeleteSectionRequest *request, DeleteSectionResponse *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    Section section;
    db_arg groups;
    db_tx *tx;
    sp_status status = scope_find(call, &tx, &groups);

    (void)reply;
    if (!sp_failed(status))
        status = section_store_lock(tx, enterprise_id, groups, request->id, &section);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "section %s", section.name);
    call_audit_before(call, &section.base);
    return section_store_remove(tx, enterprise_id, &section);
}
