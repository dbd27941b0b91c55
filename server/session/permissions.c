/* What a caller may do. The permissions are those that the contract's methods state, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "permissions.h"
#include "smartpass/v1/account.rpc.h"
#include "smartpass/v1/audit.rpc.h"
#include "smartpass/v1/blacklist.rpc.h"
#include "smartpass/v1/capture.rpc.h"
#include "smartpass/v1/commands.rpc.h"
#include "smartpass/v1/console.rpc.h"
#include "smartpass/v1/devices.rpc.h"
#include "smartpass/v1/displays.rpc.h"
#include "smartpass/v1/enterprises.rpc.h"
#include "smartpass/v1/monitor.rpc.h"
#include "smartpass/v1/operations.rpc.h"
#include "smartpass/v1/org.rpc.h"
#include "smartpass/v1/packages.rpc.h"
#include "smartpass/v1/pass.rpc.h"
#include "smartpass/v1/people.rpc.h"
#include "smartpass/v1/screens.rpc.h"
#include "smartpass/v1/session.rpc.h"
#include "smartpass/v1/settings.rpc.h"
#include "smartpass/v1/transfer.rpc.h"
#include "smartpass/v1/users.rpc.h"
#include "smartpass/v1/visitors.rpc.h"

static const rpc_service *const SERVICES[] = {
    &account_service_table,     &audit_service_table,    &blacklist_service_table,  &capture_service_table,
    &commands_service_table,    &console_service_table,  &devices_service_table,    &displays_service_table,
    &enterprises_service_table, &monitor_service_table,  &operations_service_table, &org_service_table,
    &packages_service_table,    &pass_service_table,     &people_service_table,     &screens_service_table,
    &session_service_table,     &settings_service_table, &transfer_service_table,   &users_service_table,
    &visitors_service_table,
};

enum { SERVICES_COUNT = sizeof SERVICES / sizeof *SERVICES };

static bool names_permission(const text_list *list, const char *permission)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], permission) == 0)
            return true;
    return false;
}

/* Administrators hold every permission that can be granted, others those of their role; a token has some of its
 * owner's. */
bool permission_is_held(const caller *who, const char *permission)
{
    if (who->kind != CALLER_USER || *permission == '\0')
        return false;
    if (who->token_id != 0 && !names_permission(&who->token_permissions, permission))
        return false;
    return who->super_admin || who->group_administrator || names_permission(&who->role_permissions, permission);
}

static bool has(char **list, size_t count, const char *permission)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], permission) == 0)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each once, sorted; who NULL: whoever asks. */
static char **list_for(const caller *who, arena *a, size_t *ret_count)
{
    size_t room = 0, count = 0;
    char **list;

    for (size_t s = 0; s < SERVICES_COUNT; s++)
        room += SERVICES[s]->count;
    list = arena_array(a, room, sizeof *list);
    if (!list)
        return NULL;
    for (size_t s = 0; s < SERVICES_COUNT; s++)
        for (size_t m = 0; m < SERVICES[s]->count; m++) {
            const char *permission = SERVICES[s]->methods[m].permission;

            if (*permission && (!who || permission_is_held(who, permission)) && !has(list, count, permission))
                list[count++] = (char *)permission;
        }
    qsort(list, count, sizeof *list, compare);
    *ret_count = count;
    return list;
}

char **permission_list(const caller *who, arena *a, size_t *ret_count)
{
    return list_for(who, a, ret_count);
}

char **permission_list_all(arena *a, size_t *ret_count)
{
    return list_for(NULL, a, ret_count);
}

static bool is_opened_by(const rpc_method *method, const char *permission)
{
    return *permission && strcmp(method->permission, permission) == 0;
}

bool permission_is_known(const char *permission)
{
    for (size_t s = 0; s < SERVICES_COUNT; s++)
        for (size_t m = 0; m < SERVICES[s]->count; m++)
            if (is_opened_by(&SERVICES[s]->methods[m], permission))
                return true;
    return false;
}

/* "/smartpass.v1.PeopleService/CreateEmployee" without its package. */
static char *method_name(const rpc_service *service, const rpc_method *method, arena *a)
{
    const char *dot = strrchr(service->name, '.');

    return arena_printf(a, "%s.%s", dot ? dot + 1 : service->name, method->name);
}

char **permission_methods(const char *permission, arena *a, size_t *ret_count)
{
    size_t room = 0, count = 0;
    char **list;

    for (size_t s = 0; s < SERVICES_COUNT; s++)
        for (size_t m = 0; m < SERVICES[s]->count; m++)
            room += is_opened_by(&SERVICES[s]->methods[m], permission);
    list = arena_array(a, room, sizeof *list);
    if (!list)
        return NULL;
    for (size_t s = 0; s < SERVICES_COUNT; s++)
        for (size_t m = 0; m < SERVICES[s]->count; m++) {
            if (!is_opened_by(&SERVICES[s]->methods[m], permission))
                continue;
            list[count] = method_name(SERVICES[s], &SERVICES[s]->methods[m], a);
            if (!list[count++])
                return NULL;
        }
    *ret_count = count;
    return list;
}
