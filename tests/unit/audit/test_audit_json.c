/* What the log keeps of an object. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "audit_tests.h"
#include "smartpass/v1/devices.pb-c.h"
#include "smartpass/v1/pass.pb-c.h"
#include "smartpass/v1/people.pb-c.h"
#include "smartpass/v1/session.pb-c.h"
#include "text.h"

static arena memory;

static void up(void)
{
    arena_init(&memory, 1 << 20);
}

static void down(void)
{
    arena_done(&memory);
}

START_TEST(a_message_is_written_as_its_rest_form)
{
    Smartpass__V1__Employee ann = SMARTPASS__V1__EMPLOYEE__INIT;
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    ann.id = 9007199254740993;
    ann.name = "Ann \"A\" \\ \n Zoë";
    ann.card_number = "C1";
    ann.create_time = &time;
    ck_assert_str_eq(audit_json(&memory, &ann.base),
                     "{\"id\":\"9007199254740993\",\"name\":\"Ann \\\"A\\\" \\\\ \\u000a Zoë\",\"cardNumber\":\"C1\","
                     "\"createTime\":\"1970-01-01T00:00:00.000Z\"}");
}
END_TEST

START_TEST(nested_messages_enums_and_booleans_are_written)
{
    Smartpass__V1__Device device = SMARTPASS__V1__DEVICE__INIT;
    Smartpass__V1__DeviceSettings settings = SMARTPASS__V1__DEVICE_SETTINGS__INIT;

    device.state = SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_ONLINE;
    device.settings = &settings;
    settings.mask_required = true;
    settings.alarm_threshold_centi = 3750;
    ck_assert_str_eq(audit_json(&memory, &device.base),
                     "{\"state\":\"DEVICE_STATE_ONLINE\",\"settings\":{\"alarmThresholdCenti\":3750,"
                     "\"maskRequired\":true}}");
}
END_TEST

START_TEST(passwords_are_left_out)
{
    Smartpass__V1__LoginRequest login = SMARTPASS__V1__LOGIN_REQUEST__INIT;
    Smartpass__V1__LoginResponse answer = SMARTPASS__V1__LOGIN_RESPONSE__INIT;

    login.username = "admin";
    login.password = "correct horse";
    ck_assert_str_eq(audit_json(&memory, &login.base), "{\"username\":\"admin\"}");
    answer.token = "a bearer token";
    ck_assert_str_eq(audit_json(&memory, &answer.base), "{}");
}
END_TEST

START_TEST(a_long_list_is_cut_and_says_so)
{
    Smartpass__V1__BatchCreateGrantsRequest request = SMARTPASS__V1__BATCH_CREATE_GRANTS_REQUEST__INIT;
    int64_t ids[1000];
    const char *json;

    for (int i = 0; i < 1000; i++)
        ids[i] = i;
    request.person_ids = ids;
    request.n_person_ids = 1000;
    json = audit_json(&memory, &request.base);
    ck_assert_ptr_nonnull(strstr(json, "\"199\",\"800 more\"]"));
}
END_TEST

START_TEST(a_long_text_is_cut_between_characters)
{
    Smartpass__V1__Employee ann = SMARTPASS__V1__EMPLOYEE__INIT;
    char text[4001];
    const char *json;

    for (int i = 0; i < 4000; i += 2)
        memcpy(text + i, "ë", 2);
    memcpy(text, "xy", 2);
    text[1] = 'x';
    text[4000] = '\0';
    memmove(text, text + 1, 4000);
    ann.notes = text;
    json = audit_json(&memory, &ann.base);
    ck_assert(utf8_is_valid(json, strlen(json)));
    ck_assert_ptr_nonnull(strstr(json, "…\"}"));
    ck_assert_int_lt(strlen(json), 2200);
}
END_TEST

START_TEST(what_is_too_large_is_noted)
{
    Smartpass__V1__ListEmployeesResponse page = SMARTPASS__V1__LIST_EMPLOYEES_RESPONSE__INIT;
    Smartpass__V1__Employee ann = SMARTPASS__V1__EMPLOYEE__INIT, *all[100];

    ann.notes = memset(arena_alloc(&memory, 1001), 'x', 1000);
    for (int i = 0; i < 100; i++)
        all[i] = &ann;
    page.employees = all;
    page.n_employees = 100;
    ck_assert_str_eq(audit_json(&memory, &page.base), "{\"tooLarge\":true}");
}
END_TEST

START_TEST(a_module_is_the_services_first_word)
{
    ck_assert_str_eq(audit_module(&memory, "/smartpass.v1.PeopleService/GetEmployee"), "people");
    ck_assert_str_eq(audit_module(&memory, "/smartpass.link.v1.LinkService/Enrol"), "link");
    ck_assert_str_eq(audit_module(&memory, "/smartpass.v1.Odd/Call"), "");
    ck_assert_str_eq(audit_module(&memory, "nonsense"), "");
    ck_assert_str_eq(audit_module(&memory, ""), "");
}
END_TEST

TCase *json_tests(void)
{
    TCase *tests = tcase_create("json");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, a_message_is_written_as_its_rest_form);
    tcase_add_test(tests, nested_messages_enums_and_booleans_are_written);
    tcase_add_test(tests, passwords_are_left_out);
    tcase_add_test(tests, a_long_list_is_cut_and_says_so);
    tcase_add_test(tests, a_long_text_is_cut_between_characters);
    tcase_add_test(tests, what_is_too_large_is_noted);
    tcase_add_test(tests, a_module_is_the_services_first_word);
    return tests;
}
