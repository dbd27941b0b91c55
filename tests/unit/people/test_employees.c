/* Employees: created, changed, found and listed. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "house.h"
#include "people_tests.h"
#include "smartpass/v1/people.client.h"
#include "smartpass/v1/people.names.h"

static Employee draft(const char *number, const char *name)
{
    Employee employee = EMPLOYEE_INIT;

    employee.number = (char *)number;
    employee.name = (char *)name;
    return employee;
}

static Employee hire(const char *number, const char *name)
{
    Employee employee = draft(number, name);

    ck_assert_str_eq(house_save(HOUSE_ADMIN, &employee), "");
    return employee;
}

START_TEST(what_is_created_can_be_read)
{
    Employee employee = draft(" 0007 ", "  Ann Lee\n"), found;

    employee.phone = "555-1";
    employee.card_number = "00990099";
    employee.notes = "two\nlines";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &employee), "");
    ck_assert_int_ne(employee.id, 0);
    ck_assert_str_eq(house_get(HOUSE_ADMIN, employee.id, &found), "");
    ck_assert_str_eq(found.number, "0007");
    ck_assert_str_eq(found.name, "Ann Lee");
    ck_assert_str_eq(found.phone, "555-1");
    ck_assert_str_eq(found.card_number, "00990099");
    ck_assert_str_eq(found.notes, "two\nlines");
    ck_assert_int_eq(found.group_id, HOUSE_ROOT);
    ck_assert_int_eq(found.photo_id, 0);
    ck_assert_int_eq(found.device_count, 0);
    ck_assert_ptr_nonnull(found.create_time);
}
END_TEST

START_TEST(every_fault_of_a_form_is_told_at_once)
{
    Employee employee = draft(" \t", "");

    employee.phone = "1\a";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &employee), "FIELD_REQUIRED");
    ck_assert(house_refused_field("employee.number"));
    ck_assert(house_refused_field("employee.name"));
    ck_assert(house_refused_field("employee.phone"));
    ck_assert(!house_refused_field("employee.notes"));
}
END_TEST

START_TEST(a_number_or_card_that_is_taken_is_refused)
{
    Employee ann = hire("1", "Ann"), bob = draft("1", "Bob");

    ann.card_number = "77";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    bob.card_number = "77";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "NUMBER_TAKEN");
    ck_assert(house_refused_field("employee.number"));
    ck_assert(house_refused_field("CARD_TAKEN"));
    bob.number = "2";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "CARD_TAKEN");
    bob.card_number = "";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "");
    bob.number = "1";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "NUMBER_TAKEN");
}
END_TEST

START_TEST(nobody_has_no_card_in_common)
{
    hire("1", "Ann");
    hire("2", "Bob");
}
END_TEST

static void *hire_five(void *ret_reason)
{
    CreateEmployeeRequest request = CREATE_EMPLOYEE_REQUEST_INIT;
    Employee employee = draft("5", "Eve"), *reply = NULL;
    rpc_answer answer = {0};

    request.employee = &employee;
    if (!sp_failed(people_create_employee(house_client, house_as(HOUSE_ADMIN), &request, &reply, &answer)))
        smartpass__v1__employee__free_unpacked(reply, NULL);
    snprintf(ret_reason, 32, "%s", answer.status.reason);
    rpc_answer_done(&answer);
    return NULL;
}

START_TEST(of_several_who_want_a_number_at_once_one_gets_it)
{
    enum { RIVALS = 4 };
    pthread_t threads[RIVALS];
    char reasons[RIVALS][32];
    int won = 0;

    house_as(HOUSE_ADMIN);
    for (int i = 0; i < RIVALS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hire_five, reasons[i]), 0);
    for (int i = 0; i < RIVALS; i++) {
        pthread_join(threads[i], NULL);
        won += reasons[i][0] == '\0';
        ck_assert_msg(!reasons[i][0] || strcmp(reasons[i], "NUMBER_TAKEN") == 0, "%s", reasons[i]);
    }
    ck_assert_int_eq(won, 1);
}
END_TEST

START_TEST(terminals_hear_of_a_new_name_but_not_of_a_note)
{
    Employee ann = hire("1", "Ann");

    ck_assert_int_eq(house_told, 0);
    ann.notes = "left-handed";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_int_eq(house_told, 0);
    ann.name = "Anna";
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_int_eq(house_told, 1);
    ck_assert_int_eq(house_told_person, ann.id);
}
END_TEST

START_TEST(a_clerk_sees_and_changes_his_own_group_alone)
{
    Employee ann = hire("1", "Ann"), bob = draft("2", "Bob"), found;

    ck_assert_str_eq(house_save(HOUSE_OFFICE_CLERK, &bob), "");
    ck_assert_int_eq(bob.group_id, HOUSE_OFFICE);
    ck_assert_str_eq(house_get(HOUSE_OFFICE_CLERK, bob.id, &found), "");
    ck_assert_str_eq(house_get(HOUSE_OFFICE_CLERK, ann.id, &found), "EMPLOYEE_NOT_FOUND");
    ck_assert_str_eq(house_save(HOUSE_OFFICE_CLERK, &ann), "EMPLOYEE_NOT_FOUND");
    bob.group_id = HOUSE_STORE;
    ck_assert_str_eq(house_save(HOUSE_OFFICE_CLERK, &bob), "GROUP_UNKNOWN");
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "");
    ck_assert_str_eq(house_get(HOUSE_OFFICE_CLERK, bob.id, &found), "EMPLOYEE_NOT_FOUND");
}
END_TEST

START_TEST(another_enterprise_finds_nobody)
{
    Employee ann = hire("1", "Ann"), found;

    ck_assert_str_eq(house_get(HOUSE_STRANGER, ann.id, &found), "EMPLOYEE_NOT_FOUND");
    ck_assert_str_eq(house_save(HOUSE_STRANGER, &ann), "EMPLOYEE_NOT_FOUND");
}
END_TEST

START_TEST(changes_are_audited)
{
    Employee ann = hire("1", "Ann");

    ck_assert_str_eq(house_get(HOUSE_ADMIN, ann.id, &ann), "");
    ck_assert_str_eq(fixture_sql("SELECT action || ' ' || p.object || ' ' || (p.after LIKE '%%\"name\":\"Ann\"%%')"
                                 " FROM audit_row r JOIN audit_payload p ON p.enterprise_id = 501 AND p.row_id = r.id"
                                 " WHERE r.enterprise_id = 501 AND r.person_id = %lld AND code = 0",
                                 (long long)ann.id),
                     "create employee employee 1 Ann true");
}
END_TEST

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static ListEmployeesResponse *list(const ListEmployeesRequest *request)
{
    ListEmployeesResponse *reply = NULL;

    assert_done(people_list_employees(house_client, house_as(HOUSE_ADMIN), request, &reply, NULL));
    return reply;
}

START_TEST(pages_follow_each_other_by_number)
{
    ListEmployeesRequest request = LIST_EMPLOYEES_REQUEST_INIT;
    char number[8], seen[64] = "", token[300];

    for (int i = 5; i > 0; i--) {
        snprintf(number, sizeof number, "%02d", i);
        hire(number, "Somebody");
    }
    request.page_size = 2;
    for (int pages = 0; pages < 3; pages++) {
        ListEmployeesResponse *reply = list(&request);

        ck_assert_int_eq(reply->total_size, 5);
        for (size_t i = 0; i < reply->n_employees; i++)
            strcat(strcat(seen, reply->employees[i]->number), " ");
        snprintf(token, sizeof token, "%s", reply->next_page_token);
        request.page_token = token;
        smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
    }
    ck_assert_str_eq(seen, "01 02 03 04 05 ");
    ck_assert_str_eq(token, "");
    request.page_token = "";
    request.skip = 4;
    ListEmployeesResponse *reply = list(&request);
    ck_assert_uint_eq(reply->n_employees, 1);
    smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
}
END_TEST

static const struct {
    const char *query;
    int64_t group_id;
    const char *found; /* numbers */
} SEARCHES[] = {
    {"", 0, "100 A20 A30 "},   {"ann", 0, "100 A30 "},
    {"NN L", 0, "100 "},       {"a2", 0, "A20 "},
    {"0099", 0, "100 "},       {"009", 0, ""},
    {"555-2", 0, "A20 "},      {"%", 0, ""},
    {"", HOUSE_STORE, "A20 "}, {"", HOUSE_ROOT, "100 A20 A30 "},
};

START_TEST(a_search_finds_parts_of_names_and_whole_cards)
{
    ListEmployeesRequest request = LIST_EMPLOYEES_REQUEST_INIT;
    Employee ann = draft("100", "Ann Lee"), bob = draft("A20", "Bob");
    char seen[64] = "";

    ann.card_number = "0099";
    bob.phone = "555-2";
    bob.group_id = HOUSE_STORE;
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &ann), "");
    ck_assert_str_eq(house_save(HOUSE_ADMIN, &bob), "");
    hire("A30", "JOANNA");
    request.query = (char *)SEARCHES[_i].query;
    request.group_id = SEARCHES[_i].group_id;
    ListEmployeesResponse *reply = list(&request);
    for (size_t i = 0; i < reply->n_employees; i++)
        strcat(strcat(seen, reply->employees[i]->number), " ");
    ck_assert_str_eq(seen, SEARCHES[_i].found);
    ck_assert_int_eq(reply->total_size, (int)reply->n_employees);
    smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
}
END_TEST

START_TEST(terminals_that_have_an_employee_are_counted)
{
    Employee ann = hire("1", "Ann");

    fixture_sql("INSERT INTO device VALUES (501, 71, 5010, 'SN71', 'Gate', '', '', now()),"
                " (501, 72, 5010, 'SN72', 'Door', '', '', now()) ON CONFLICT DO NOTHING;"
                "INSERT INTO device_person VALUES (501, 71, %lld, 1, true, NULL, NULL, 0, 0, now(), now()),"
                " (501, 72, %lld, 1, false, NULL, NULL, 0, 0, now(), now())",
                (long long)ann.id, (long long)ann.id);
    ck_assert_str_eq(house_get(HOUSE_ADMIN, ann.id, &ann), "");
    ck_assert_int_eq(ann.device_count, 1);
}
END_TEST

TCase *employees_tests(void)
{
    TCase *tests = tcase_create("employees");

    tcase_add_test(tests, what_is_created_can_be_read);
    tcase_add_test(tests, every_fault_of_a_form_is_told_at_once);
    tcase_add_test(tests, a_number_or_card_that_is_taken_is_refused);
    tcase_add_test(tests, nobody_has_no_card_in_common);
    tcase_add_test(tests, of_several_who_want_a_number_at_once_one_gets_it);
    tcase_add_test(tests, terminals_hear_of_a_new_name_but_not_of_a_note);
    tcase_add_test(tests, a_clerk_sees_and_changes_his_own_group_alone);
    tcase_add_test(tests, another_enterprise_finds_nobody);
    tcase_add_test(tests, changes_are_audited);
    tcase_add_test(tests, pages_follow_each_other_by_number);
    tcase_add_loop_test(tests, a_search_finds_parts_of_names_and_whole_cards, 0, sizeof SEARCHES / sizeof *SEARCHES);
    tcase_add_test(tests, terminals_that_have_an_employee_are_counted);
    return tests;
}
