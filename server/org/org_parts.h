/* Inside server/org: what its files share. */
#pragma once

#include "call.h"
#include "smartpass/v1/org.rpc.h"

/* The handlers, by file. */
sp_status list_groups(rpc_call *call, const Smartpass__V1__ListGroupsRequest *request,
                      Smartpass__V1__ListGroupsResponse *reply);
sp_status create_group(rpc_call *call, const Smartpass__V1__CreateGroupRequest *request, Smartpass__V1__Group *reply);
sp_status update_group(rpc_call *call, const Smartpass__V1__UpdateGroupRequest *request, Smartpass__V1__Group *reply);
sp_status get_group_content(rpc_call *call, const Smartpass__V1__GetGroupContentRequest *request,
                            Smartpass__V1__GroupContent *reply);
sp_status delete_group(rpc_call *call, const Smartpass__V1__DeleteGroupRequest *request,
                       Smartpass__V1__GroupContent *reply);
sp_status list_sections(rpc_call *call, const Smartpass__V1__ListSectionsRequest *request,
                        Smartpass__V1__ListSectionsResponse *reply);
sp_status create_section(rpc_call *call, const Smartpass__V1__CreateSectionRequest *request,
                         Smartpass__V1__Section *reply);
sp_status update_section(rpc_call *call, const Smartpass__V1__UpdateSectionRequest *request,
                         Smartpass__V1__Section *reply);
sp_status delete_section(rpc_call *call, const Smartpass__V1__DeleteSectionRequest *request,
                         Smartpass__V1__DeleteSectionResponse *reply);
