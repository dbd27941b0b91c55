/* Who may do what to whom among the users of an enterprise. Pure: standings in, verdict out. That both lie in the part
 * of the tree that the caller sees is not looked at here: nobody else is ever found. */
#pragma once

#include <stdint.h>

#include "status.h"
#include "text.h"

SP_STATUS(RIGHTS_EXCEEDED, SP_PERMISSION_DENIED, "Nobody gives more than he has, nor changes who has more.");
SP_STATUS(USER_PROTECTED, SP_PERMISSION_DENIED, "This account is the installation's: its owner alone changes it.");
SP_STATUS(OWN_RIGHTS, SP_FAILED_PRECONDITION, "Nobody changes his own rights.");
SP_STATUS(OWN_ACCOUNT, SP_FAILED_PRECONDITION, "Nobody disables, deletes or resets himself.");

/* The caller. */
typedef struct {
    int64_t user_id;
    int64_t role_id;    /* 0: none */
    bool administrator; /* holds all that can be given, and speaks for himself: not through a token */
    text_list held;     /* what others hold */
} user_actor;

/* A user as he is, or as he is to be. */
typedef struct {
    int64_t id;
    int64_t group_id;
    int64_t role_id; /* 0: none */
    bool super_admin, group_administrator, disabled;
    bool enterprise_administrator;
    text_list permissions; /* of the role */
} user_standing;

/* Whether the caller has each of these. */
bool user_holds_all(const user_actor *actor, const text_list *permissions);

/* Whether the caller may change this user at all. */
sp_status user_may_change(const user_actor *actor, const user_standing *user) SP_MUST_USE;

/* Whether he may make a user stand so: create him, or leave him like that. */
sp_status user_may_give(const user_actor *actor, const user_standing *wanted) SP_MUST_USE;

/* Whether he may turn the one into the other. */
sp_status user_may_turn(const user_actor *actor, const user_standing *before, const user_standing *after) SP_MUST_USE;

/* Whether he may delete this user, or take his password: everything but change. */
sp_status user_may_end(const user_actor *actor, const user_standing *user) SP_MUST_USE;

/* Whether what the user may do differs, so that his sessions end. */
bool user_rights_differ(const user_standing *before, const user_standing *after);

/* Whether the role may become that: both what it held and what it is to hold must be the caller's, and nobody widens or
 * narrows his own. */
sp_status role_may_turn(const user_actor *actor, int64_t role_id, const text_list *before,
                        const text_list *after) SP_MUST_USE;
