/* Who may do what to whom. */
#include <string.h>

#include "suite.h"
#include "user_rules.h"

#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        (char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)                                      \
    }

enum { ME = 1, OTHER = 2, GROUP = 10, GROUP_BELOW = 11, CLERKS = 20, EDITORS = 21, MY_ROLE = 22 };

static const user_actor ADMINISTRATOR = {.user_id = ME, .administrator = true};
static const user_actor EDITOR = {.user_id = ME, .role_id = MY_ROLE, .held = LIST("employees.view", "users.edit")};

static const user_standing CLERK = {
    .id = OTHER, .group_id = GROUP, .role_id = CLERKS, .permissions = LIST("employees.view")};
static const user_standing POWERFUL = {
    .id = OTHER, .group_id = GROUP, .role_id = EDITORS, .permissions = LIST("employees.view", "employees.edit")};
static const user_standing CHIEF = {.id = OTHER, .group_id = GROUP, .group_administrator = true};
static const user_standing OWNER = {.id = OTHER, .group_id = GROUP, .group_administrator = true, .super_admin = true};

static const struct {
    const char *name;
    const user_actor *actor;
    const user_standing *user;
    const char *change, *give; /* the reasons */
} MEETINGS[] = {
    {"an administrator and a clerk", &ADMINISTRATOR, &CLERK, "", ""},
    {"an administrator and somebody powerful", &ADMINISTRATOR, &POWERFUL, "", ""},
    {"an administrator and another", &ADMINISTRATOR, &CHIEF, "", ""},
    {"an administrator and the installation's owner", &ADMINISTRATOR, &OWNER, "USER_PROTECTED", ""},
    {"an editor and a clerk", &EDITOR, &CLERK, "", ""},
    {"an editor and somebody who has more", &EDITOR, &POWERFUL, "RIGHTS_EXCEEDED", "RIGHTS_EXCEEDED"},
    {"an editor and an administrator", &EDITOR, &CHIEF, "RIGHTS_EXCEEDED", "RIGHTS_EXCEEDED"},
    {"an editor and the installation's owner", &EDITOR, &OWNER, "USER_PROTECTED", "RIGHTS_EXCEEDED"},
};

START_TEST(nobody_gives_more_than_he_has)
{
    ck_assert_msg(strcmp(user_may_change(MEETINGS[_i].actor, MEETINGS[_i].user).reason, MEETINGS[_i].change) == 0,
                  "change: %s", MEETINGS[_i].name);
    ck_assert_msg(strcmp(user_may_end(MEETINGS[_i].actor, MEETINGS[_i].user).reason, MEETINGS[_i].change) == 0,
                  "end: %s", MEETINGS[_i].name);
    ck_assert_msg(strcmp(user_may_give(MEETINGS[_i].actor, MEETINGS[_i].user).reason, MEETINGS[_i].give) == 0,
                  "give: %s", MEETINGS[_i].name);
}
END_TEST

static user_standing changed(user_standing from, int what)
{
    switch (what) {
    case 0:
        from.group_id = GROUP_BELOW;
        break;
    case 1:
        from.group_administrator = !from.group_administrator;
        break;
    case 2:
        from.role_id = MY_ROLE;
        break;
    default:
        from.disabled = !from.disabled;
    }
    return from;
}

START_TEST(whatever_changes_what_a_user_may_do_is_a_change_of_rights)
{
    const user_standing after = changed(CLERK, _i);

    ck_assert(user_rights_differ(&CLERK, &after));
    ck_assert(!user_rights_differ(&CLERK, &CLERK));
}
END_TEST

START_TEST(nobody_changes_his_own_rights)
{
    const user_actor actors[] = {ADMINISTRATOR, EDITOR};
    user_standing own = CLERK, after;

    own.id = ME;
    after = changed(own, _i);
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(user_may_turn(&actors[i], &own, &own).reason, "");
        ck_assert_str_eq(user_may_turn(&actors[i], &own, &after).reason, _i == 3 ? "OWN_ACCOUNT" : "OWN_RIGHTS");
        ck_assert_str_eq(user_may_end(&actors[i], &own).reason, "OWN_ACCOUNT");
    }
}
END_TEST

START_TEST(the_owner_of_the_installation_keeps_his_own_rights_too)
{
    user_standing own = OWNER, after;

    own.id = ME;
    after = changed(own, 0);
    ck_assert_str_eq(user_may_turn(&ADMINISTRATOR, &own, &own).reason, "");
    ck_assert_str_eq(user_may_turn(&ADMINISTRATOR, &own, &after).reason, "OWN_RIGHTS");
    ck_assert_str_eq(user_may_end(&ADMINISTRATOR, &own).reason, "OWN_ACCOUNT");
}
END_TEST

START_TEST(both_what_a_user_was_and_what_he_becomes_are_judged)
{
    ck_assert_str_eq(user_may_turn(&EDITOR, &CLERK, &POWERFUL).reason, "RIGHTS_EXCEEDED");
    ck_assert_str_eq(user_may_turn(&EDITOR, &POWERFUL, &CLERK).reason, "RIGHTS_EXCEEDED");
    ck_assert_str_eq(user_may_turn(&EDITOR, &CHIEF, &CLERK).reason, "RIGHTS_EXCEEDED");
    ck_assert_str_eq(user_may_turn(&ADMINISTRATOR, &CHIEF, &POWERFUL).reason, "");
}
END_TEST

START_TEST(a_role_is_changed_by_whoever_has_both_what_it_was_and_what_it_becomes)
{
    const text_list nothing = {0}, small = LIST("employees.view"), large = LIST("employees.view", "employees.edit");

    ck_assert_str_eq(role_may_turn(&EDITOR, CLERKS, &small, &nothing).reason, "");
    ck_assert_str_eq(role_may_turn(&EDITOR, CLERKS, &nothing, &small).reason, "");
    ck_assert_str_eq(role_may_turn(&EDITOR, CLERKS, &small, &large).reason, "RIGHTS_EXCEEDED");
    ck_assert_str_eq(role_may_turn(&EDITOR, CLERKS, &large, &small).reason, "RIGHTS_EXCEEDED");
    ck_assert_str_eq(role_may_turn(&ADMINISTRATOR, CLERKS, &small, &large).reason, "");
}
END_TEST

START_TEST(nobody_widens_or_narrows_his_own_role)
{
    const text_list small = LIST("employees.view"), both = LIST("employees.view", "users.edit"),
                    turned = LIST("users.edit", "employees.view");

    ck_assert_str_eq(role_may_turn(&EDITOR, MY_ROLE, &both, &small).reason, "OWN_RIGHTS");
    ck_assert_str_eq(role_may_turn(&EDITOR, MY_ROLE, &small, &both).reason, "OWN_RIGHTS");
    ck_assert_str_eq(role_may_turn(&EDITOR, MY_ROLE, &both, &turned).reason, "");
}
END_TEST

START_TEST(a_token_of_an_administrator_gives_what_the_token_has)
{
    const user_actor token = {.user_id = ME, .held = LIST("employees.view")};
    const text_list small = LIST("employees.view"), large = LIST("employees.edit");

    ck_assert(user_holds_all(&token, &small));
    ck_assert(!user_holds_all(&token, &large));
    ck_assert(user_holds_all(&ADMINISTRATOR, &large));
    ck_assert_str_eq(user_may_give(&token, &CHIEF).reason, "RIGHTS_EXCEEDED");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("user rules");
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, nobody_gives_more_than_he_has, 0, sizeof MEETINGS / sizeof *MEETINGS);
    tcase_add_loop_test(tests, whatever_changes_what_a_user_may_do_is_a_change_of_rights, 0, 4);
    tcase_add_loop_test(tests, nobody_changes_his_own_rights, 0, 4);
    tcase_add_test(tests, the_owner_of_the_installation_keeps_his_own_rights_too);
    tcase_add_test(tests, both_what_a_user_was_and_what_he_becomes_are_judged);
    tcase_add_test(tests, a_role_is_changed_by_whoever_has_both_what_it_was_and_what_it_becomes);
    tcase_add_test(tests, nobody_widens_or_narrows_his_own_role);
    tcase_add_test(tests, a_token_of_an_administrator_gives_what_the_token_has);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
