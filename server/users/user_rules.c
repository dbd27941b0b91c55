#include "user_rules.h"

#include <string.h>

static bool contains(const text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

static bool contains_all(const text_list *list, const text_list *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!contains(list, texts->texts[i]))
            return false;
    return true;
}

bool user_holds_all(const user_actor *actor, const text_list *permissions)
{
    return actor->administrator || contains_all(&actor->held, permissions);
}

sp_status user_may_change(const user_actor *actor, const user_standing *user)
{
    if (user->super_admin && user->id != actor->user_id)
        return USER_PROTECTED;
    return user_may_give(actor, user);
}

sp_status user_may_give(const user_actor *actor, const user_standing *wanted)
{
    if (actor->administrator)
        return SP_DONE;
    if (wanted->group_administrator || !contains_all(&actor->held, &wanted->permissions))
        return RIGHTS_EXCEEDED;
    return SP_DONE;
}

bool user_rights_differ(const user_standing *before, const user_standing *after)
{
    return before->group_id != after->group_id || before->role_id != after->role_id ||
           before->group_administrator != after->group_administrator || before->disabled != after->disabled;
}

sp_status user_may_turn(const user_actor *actor, const user_standing *before, const user_standing *after)
{
    sp_status status = user_may_change(actor, before);

    if (sp_failed(status))
        return status;
    if (before->id == actor->user_id && after->disabled)
        return OWN_ACCOUNT;
    if (before->id == actor->user_id && user_rights_differ(before, after))
        return OWN_RIGHTS;
    return user_may_give(actor, after);
}

sp_status user_may_end(const user_actor *actor, const user_standing *user)
{
    return user->id == actor->user_id ? OWN_ACCOUNT : user_may_change(actor, user);
}

sp_status role_may_turn(const user_actor *actor, int64_t role_id, const text_list *before, const text_list *after)
{
    bool same = contains_all(before, after) && contains_all(after, before);

    if (!user_holds_all(actor, before) || !user_holds_all(actor, after))
        return RIGHTS_EXCEEDED;
    return role_id == actor->role_id && !same ? OWN_RIGHTS : SP_DONE;
}
