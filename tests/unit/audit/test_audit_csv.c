/* The log as comma-separated values. */
#include "audit_csv.h"

#include "rules_tests.h"

START_TEST(a_row_has_a_field_for_each_column)
{
    Smartpass__V1__AuditRow row = SMARTPASS__V1__AUDIT_ROW__INIT;
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    byte_buffer out;

    time.seconds = 1795305600;
    time.nanos = 7000000;
    row.time = &time;
    row.id = 5;
    row.seal = 2;
    row.module = "people";
    row.action = "update employee";
    row.object = "employee 1 Ann";
    row.code = 7;
    row.reason = "PERMISSION_MISSING";
    row.operator_ = "admin";
    row.address = "::1";
    byte_buffer_init(&out, 4096);
    ck_assert(audit_csv_row(&out, &row));
    ck_assert_str_eq((const char *)out.data,
                     "2026-11-22T00:00:00.007Z,people,update employee,employee 1 Ann,PERMISSION_DENIED,"
                     "PERMISSION_MISSING,admin,::1,5,2,no\r\n");
    byte_buffer_done(&out);
}
END_TEST

START_TEST(a_full_buffer_is_told)
{
    byte_buffer out;

    byte_buffer_init(&out, 4);
    ck_assert(!audit_csv_head(&out));
    byte_buffer_done(&out);
}
END_TEST

TCase *csv_tests(void)
{
    TCase *tests = tcase_create("csv");

    tcase_add_test(tests, a_row_has_a_field_for_each_column);
    tcase_add_test(tests, a_full_buffer_is_told);
    return tests;
}
