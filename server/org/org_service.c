/* The OrgService as a whole. */
#include "org.h"
#include "org_parts.h"

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
