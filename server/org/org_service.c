/* The OrgService as a whole. */
#include "line.h"
#include "org.h"
#include "org_parts.h"

sp_status name_take(rpc_call *call, const char *field, const char *text, const char **ret_name)
{
    char *name = arena_text(rpc_call_arena(call), text);

    if (!name)
        return OUT_OF_MEMORY;
    *ret_name = line_trim(name);
    if (!**ret_name)
        return rpc_call_violation(call, field, "FIELD_REQUIRED", "This must be filled in.");
    if (!line_is_plain(*ret_name))
        return rpc_call_violation(call, field, "VALUE_INVALID", "This holds control characters.");
    return SP_DONE;
}

static const org_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_groups = list_groups,
    .create_group = create_group,
    .update_group = update_group,
    .get_group_content = get_group_content,
    .delete_group = delete_group,
    .list_sections = list_sections,
    .create_section = create_section,
    .update_section = update_section,
    .delete_section = delete_section,
};

void org_register(rpc_server *server)
{
    org_service_register(server, &HANDLERS, NULL);
}
