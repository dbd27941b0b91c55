/* What an upload is. */
#include <check.h>
#include <string.h>

#include "suite.h"
#include "upload_rules.h"

#define KIND(name) SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_##name
#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *name;
    const char *head;
    size_t head_size;
    const char *tail;
    size_t tail_size;
    Smartpass__V1__TransferFileKind kind;
} FILES[] = {
    {"a table", BYTES("Personnel ID,Name\r\n007,Ann\r\n"), BYTES(""), KIND(CSV)},
    {"a table of another code page", BYTES("\xd0\xd5\xc3\xfb,1\n"), BYTES(""), KIND(CSV)},
    {"UTF-16", BYTES("\xff\xfeN\0a\0"), BYTES(""), KIND(CSV)},
    {"bytes", BYTES("\x7f\x45LF\0\0"), BYTES(""), KIND(UNSPECIFIED)},
    {"nothing", BYTES(""), BYTES(""), KIND(UNSPECIFIED)},
    {"an old workbook", BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), BYTES(""), KIND(XLS)},
    {"a zip", BYTES("PK\3\4rest"), BYTES("PK\1\2..."), KIND(ZIP)},
    {"an empty zip", BYTES("PK\5\6rest"), BYTES("PK\5\6rest"), KIND(ZIP)},
    {"a workbook", BYTES("PK\3\4rest"),
     BYTES("PK\1\2"
           "012345678901234567890123456789012345678901"
           "xl/workbook.xml"),
     KIND(XLSX)},
    {"a zip that speaks of a workbook", BYTES("PK\3\4rest"),
     BYTES("PK\1\2"
           "0123456789012345678901234567890123456789"
           "xl/workbook.xml"),
     KIND(ZIP)},
    {"a workbook's name too early", BYTES("PK\3\4rest"), BYTES("xl/workbook.xml"), KIND(ZIP)},
};

START_TEST(bytes_tell_what_a_file_is)
{
    ck_assert_msg(upload_kind_of((const uint8_t *)FILES[_i].head, FILES[_i].head_size, (const uint8_t *)FILES[_i].tail,
                                 FILES[_i].tail_size) == FILES[_i].kind,
                  "%s", FILES[_i].name);
}
END_TEST

START_TEST(a_zip_may_be_larger_than_a_sheet)
{
    const int64_t mib = 1 << 20;

    ck_assert_int_eq(upload_check(KIND(XLSX), 256 * mib), UPLOAD_FINE);
    ck_assert_int_eq(upload_check(KIND(XLSX), 256 * mib + 1), UPLOAD_TOO_LARGE);
    ck_assert_int_eq(upload_check(KIND(ZIP), 4096 * mib), UPLOAD_FINE);
    ck_assert_int_eq(upload_check_begun(4096 * mib + 1), UPLOAD_TOO_LARGE);
    ck_assert_int_eq(upload_check(KIND(UNSPECIFIED), 1), UPLOAD_OF_NO_KIND);
}
END_TEST

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *info;
    size_t size;
    const char *name;
} NAMES[] = {
    {BYTES("\x22\x09staff.csv"), "staff.csv"},
    {BYTES("\x22\x0e../a/staff.csv"), "staff.csv"},
    {BYTES("\x22\x0c"
           "C:\\staff.csv"),
     "staff.csv"},
    {BYTES("\x22\x03"
           "a\nb"),
     ""},
    {BYTES("\x22\x02\xff\xff"), ""},
    {BYTES("\x22\x05no"), ""},
    {BYTES(""), ""},
};

START_TEST(a_name_is_plain_and_without_folders)
{
    Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT, *extensions[] = {&any};
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    char name[UPLOAD_NAME_MAX + 1] = "as before";

    any.type_url = "type.googleapis.com/smartpass.v1.BodyInfo";
    any.value.data = (uint8_t *)NAMES[_i].info;
    any.value.len = NAMES[_i].size;
    part.extensions = extensions;
    part.n_extensions = 1;
    upload_name_read(&part, name);
    ck_assert_str_eq(name, NAMES[_i].name);
    any.type_url = "type.googleapis.com/smartpass.v1.Other";
    upload_name_read(&part, name);
    ck_assert_str_eq(name, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("uploads");
    TCase *tests = tcase_create("uploads");

    tcase_add_loop_test(tests, bytes_tell_what_a_file_is, 0, sizeof FILES / sizeof *FILES);
    tcase_add_test(tests, a_zip_may_be_larger_than_a_sheet);
    tcase_add_loop_test(tests, a_name_is_plain_and_without_folders, 0, sizeof NAMES / sizeof *NAMES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
