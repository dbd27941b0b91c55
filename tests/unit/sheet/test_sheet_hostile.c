/* Files that somebody made to do harm, and damaged ones: each is refused with its reason, in at most two seconds of
 * processor time and without much memory. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "file.h"
#include "made_zip.h"
#include "sheet_tests.h"
#include "suite.h"

#define CPU_SECONDS_MAX 2.0

static double cpu_seconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* Takes the bytes. */
static void refused(uint8_t *bytes, size_t size, sp_status status)
{
    double began = cpu_seconds();

    reads_as_failure(SHEET_XLSX, bytes, size, status);
    ck_assert_double_le(cpu_seconds() - began, CPU_SECONDS_MAX);
    free(bytes);
}

static void book_refused(const char *sheet, const char *strings, const char *styles, sp_status status)
{
    size_t size;
    uint8_t *book = made_book(sheet, strings, styles, &size);

    refused(book, size, status);
}

/* A row of blanks between two tags that inflates a thousandfold. */
static char *long_sheet(size_t size)
{
    static const char head[] = "<worksheet><sheetData>", tail[] = "</sheetData></worksheet>";
    char *text = malloc(size);

    ck_assert_ptr_nonnull(text);
    memset(text, ' ', size);
    memcpy(text, head, strlen(head));
    memcpy(text + size - strlen(tail), tail, strlen(tail));
    return text;
}

enum { BOMB = 200 << 20 };

START_TEST(a_zip_bomb_is_not_inflated)
{
    char *sheet = long_sheet(BOMB);
    made_zip z;
    size_t size;

    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", sheet, BOMB);
    free(sheet);
    uint8_t *book = made_zip_done(&z, &size);
    ck_assert_uint_lt(size, 4 << 20);
    refused(book, size, SHEET_TOO_LARGE);
}
END_TEST

START_TEST(a_zip_bomb_that_lies_about_its_size_is_stopped_there)
{
    char *sheet = long_sheet(BOMB);
    made_zip z;
    size_t size;

    made_book_begin(&z);
    made_zip_add_lying(&z, "xl/worksheets/sheet1.xml", sheet, BOMB, 1000);
    free(sheet);
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_NOT_READABLE);
}
END_TEST

/* Each below the ratio that betrays a bomb, and true or not: the directory is enough to refuse them. */
START_TEST(entries_that_promise_a_gigabyte_together_are_refused)
{
    made_zip z;
    char name[32];
    size_t size, part = 1 << 20;
    char *noise = malloc(part);

    ck_assert_ptr_nonnull(noise);
    srand48(3);
    for (size_t i = 0; i < part; i++)
        noise[i] = (char)lrand48();
    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", "<worksheet/>", 12);
    for (int i = 0; i < 11; i++) {
        snprintf(name, sizeof name, "xl/media/%d.bin", i);
        made_zip_add_lying(&z, name, noise, part, 99u << 20);
    }
    free(noise);
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_TOO_LARGE);
}
END_TEST

START_TEST(entries_that_share_their_bytes_are_refused)
{
    made_zip z;
    char name[32];
    size_t size, part = 1 << 20;
    char *noise = malloc(part);

    srand48(3);
    for (size_t i = 0; i < part; i++)
        noise[i] = (char)lrand48();
    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", "<worksheet/>", 12);
    made_zip_add(&z, "xl/media/0.bin", noise, part);
    made_entry shared = made_zip_last(&z);
    for (int i = 1; i < 100; i++) {
        snprintf(name, sizeof name, "xl/media/%d.bin", i);
        made_zip_point(&z, name, shared);
    }
    free(noise);
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(a_name_that_comes_twice_is_refused)
{
    static const char sheet[] = "<worksheet><sheetData/></worksheet>";
    made_zip z;
    size_t size;

    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", sheet, strlen(sheet));
    made_zip_add(&z, "xl/worksheets/sheet1.xml", sheet, strlen(sheet));
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(more_entries_than_any_workbook_has_are_refused)
{
    made_zip z;
    char name[32];
    size_t size;

    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", "<worksheet/>", 12);
    for (int i = 0; i < 10001; i++) {
        snprintf(name, sizeof name, "%d", i);
        made_zip_add(&z, name, "", 0);
    }
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_TOO_LARGE);
}
END_TEST

START_TEST(a_zip_in_a_zip_is_no_sheet)
{
    size_t inner_size, size;
    uint8_t *inner = made_book("<sheetData/>", NULL, NULL, &inner_size);
    made_zip z;

    made_zip_init(&z);
    made_zip_add(&z, "book.xlsx", inner, inner_size);
    uint8_t *outer = made_zip_done(&z, &size);
    refused(outer, size, SHEET_NOT_READABLE);

    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", inner, inner_size);
    outer = made_zip_done(&z, &size);
    refused(outer, size, SHEET_NOT_READABLE);
    free(inner);
}
END_TEST

#define LAUGHS                                                                                                         \
    "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"                                        \
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"

START_TEST(document_types_and_entities_are_refused)
{
    static const char sheet[] =
        LAUGHS "<worksheet><sheetData><row><c t='str'><v>&c;</v></c></row></sheetData></worksheet>";
    static const char outside[] = "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><worksheet><sheetData/></worksheet>";
    made_zip z;
    size_t size;

    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", sheet, strlen(sheet));
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_HAS_ENTITIES);
    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", outside, strlen(outside));
    book = made_zip_done(&z, &size);
    refused(book, size, SHEET_HAS_ENTITIES);
    book_refused("<sheetData/>", LAUGHS "<sst><si><t>&c;</t></si></sst>", NULL, SHEET_HAS_ENTITIES);
    book_refused("<sheetData/>", NULL, LAUGHS "<styleSheet/>", SHEET_HAS_ENTITIES);
    book_refused("<sheetData><row><c t='str'><v>&c;</v></c></row></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(paths_that_lead_out_of_the_workbook_are_not_followed)
{
    static const char *const targets[] = {"../../../../etc/passwd", "/../etc/passwd", "file:///etc/passwd",
                                          "worksheets/../../../sheet1.xml"};

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        static const char root[] =
            "<Relationships><Relationship Id='a' Type='x/officeDocument' Target='book'/></Relationships>";
        static const char book[] = "<workbook><sheets><sheet name='S' r:id='s'/></sheets></workbook>";
        char relations[256];
        made_zip z;
        size_t size;

        made_zip_init(&z);
        made_zip_add(&z, "_rels/.rels", root, strlen(root));
        made_zip_add(&z, "book", book, strlen(book));
        snprintf(relations, sizeof relations, "<R><Relationship Id='s' Type='x/worksheet' Target='%s'/></R>",
                 targets[i]);
        made_zip_add(&z, "_rels/book.rels", relations, strlen(relations));
        made_zip_add(&z, "../../../../etc/passwd", "<worksheet/>", 12);
        uint8_t *bytes = made_zip_done(&z, &size);
        reads_as_failure(SHEET_XLSX, bytes, size, i == 2 ? SHEET_NOT_READABLE : SHEET_NOT_THERE);
        free(bytes);
    }
}
END_TEST

START_TEST(sheets_that_make_no_sense_are_refused)
{
    char deep[3000] = "";

    book_refused("<sheetData><row r='2'/><row r='1'/></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row r='0'/></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row r='99999999999999999999'/></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row><c r='1A'><v>1</v></c></row></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row><c r='ZZZZZZZZ1'><v>1</v></c></row></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row><c t='s'><v>0</v></c></row></sheetData>", NULL, NULL, SHEET_NOT_READABLE);
    book_refused("<sheetData><row><c t='s'><v>-1</v></c></row></sheetData>", "<sst><si><t/></si></sst>", NULL,
                 SHEET_NOT_READABLE);
    book_refused("<sheetData><row><c r='BM1'><v>1</v></c></row></sheetData>", NULL, NULL, SHEET_TOO_MANY_COLUMNS);
    book_refused("<sheetData><row>", NULL, NULL, SHEET_NOT_READABLE);
    for (int i = 0; i < 200; i++)
        strcat(deep, "<a>");
    book_refused(deep, NULL, NULL, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(a_row_too_many_is_refused)
{
    made_zip z;
    byte_buffer sheet;
    size_t size;

    byte_buffer_init(&sheet, 64 << 20);
    ck_assert(byte_buffer_append_text(&sheet, "<worksheet><sheetData>"));
    for (int i = 1; i <= 100002; i++)
        ck_assert(byte_buffer_printf(&sheet, "<row r='%d'><c r='A%d'><v>%d</v></c></row>", i, i, i * 7919));
    ck_assert(byte_buffer_append_text(&sheet, "</sheetData></worksheet>"));
    made_book_begin(&z);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", sheet.data, sheet.size);
    byte_buffer_done(&sheet);
    uint8_t *book = made_zip_done(&z, &size);
    refused(book, size, SHEET_TOO_MANY_ROWS);
}
END_TEST

static const struct {
    const char *name;
    sheet_kind kind;
} whole[] = {{"libreoffice.xlsx", SHEET_XLSX}, {"gnumeric.xlsx", SHEET_XLSX}};

START_TEST(a_workbook_that_is_cut_off_anywhere_is_refused)
{
    char path[512], *bytes;
    size_t size;

    snprintf(path, sizeof path, "%s/%s", FIXTURES, whole[_i].name);
    ck_assert(!sp_failed(file_read(path, 1 << 20, &bytes, &size)));
    for (size_t cut = 0; cut < size; cut += 1 + size / 500)
        reads_as_failure(whole[_i].kind, bytes, cut, SHEET_NOT_READABLE);
    free(bytes);
}
END_TEST

/* A container of the older kind with one stream of this name, filled with these records. */
static uint8_t *made_ole(const char *name, const uint8_t *records, size_t records_size, size_t *ret_size)
{
    static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    size_t size = 512 * 11;
    uint8_t *o = calloc(1, size), *table = o + 512, *entry = o + 1024 + 128;

    ck_assert_ptr_nonnull(o);
    memcpy(o, magic, sizeof magic);
    memcpy(o + 24, "\x3e\0\x03\0\xfe\xff\x09\0\x06\0", 10);
    o[44] = 1;    /* sector of the table */
    o[48] = 1;    /* where the directory is */
    o[57] = 0x10; /* 4096 */
    memset(o + 60, 0xff, 512 - 60);
    memset(o + 76, 0, 4);
    memset(table, 0xff, 512);
    memcpy(table, "\xfd\xff\xff\xff\xfe\xff\xff\xff", 8);
    for (uint8_t i = 2; i < 10; i++)
        memcpy(table + i * 4,
               (uint8_t[]){i == 9 ? 0xfe : (uint8_t)(i + 1), i == 9 ? 0xff : 0, i == 9 ? 0xff : 0, i == 9 ? 0xff : 0},
               4);
    memcpy(o + 1024, "R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0", 20);
    o[1024 + 64] = 22;
    o[1024 + 66] = 5;
    for (size_t i = 0; name[i]; i++)
        entry[i * 2] = (uint8_t)name[i];
    entry[64] = (uint8_t)(strlen(name) * 2 + 2);
    entry[66] = 2;
    entry[116] = 2;
    entry[121] = 0x10;
    memcpy(o + 512 * 3, records, records_size);
    *ret_size = size;
    return o;
}

START_TEST(a_password_is_recognised)
{
    static const uint8_t records[] = {0x09, 0x08, 8, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0x2f, 0, 2, 0, 1, 0};
    size_t size;
    uint8_t *file = made_ole("EncryptedPackage", records, sizeof records, &size);

    reads_as_failure(SHEET_XLSX, file, size, SHEET_ENCRYPTED);
    reads_as_failure(SHEET_XLS, file, size, SHEET_ENCRYPTED);
    free(file);
    file = made_ole("Workbook", records, sizeof records, &size);
    reads_as_failure(SHEET_XLS, file, size, SHEET_ENCRYPTED);
    reads_as_failure(SHEET_XLSX, file, size, SHEET_NOT_READABLE);
    free(file);
}
END_TEST

START_TEST(files_of_another_kind_are_refused)
{
    static const char text[] = "ID,Name\n1,Ada\n";
    size_t size;
    uint8_t *book = made_book("<sheetData/>", NULL, NULL, &size);

    reads_as_failure(SHEET_XLSX, text, strlen(text), SHEET_NOT_READABLE);
    reads_as_failure(SHEET_XLS, text, strlen(text), SHEET_NOT_READABLE);
    reads_as_failure(SHEET_XLS, book, size, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_CSV, book, size, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_XLSX, "", 0, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_XLS, "", 0, SHEET_NOT_READABLE);
    free(book);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet_hostile");
    TCase *tests = tcase_create("sheet_hostile");

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_zip_bomb_is_not_inflated);
    tcase_add_test(tests, a_zip_bomb_that_lies_about_its_size_is_stopped_there);
    tcase_add_test(tests, entries_that_promise_a_gigabyte_together_are_refused);
    tcase_add_test(tests, entries_that_share_their_bytes_are_refused);
    tcase_add_test(tests, a_name_that_comes_twice_is_refused);
    tcase_add_test(tests, more_entries_than_any_workbook_has_are_refused);
    tcase_add_test(tests, a_zip_in_a_zip_is_no_sheet);
    tcase_add_test(tests, document_types_and_entities_are_refused);
    tcase_add_test(tests, paths_that_lead_out_of_the_workbook_are_not_followed);
    tcase_add_test(tests, sheets_that_make_no_sense_are_refused);
    tcase_add_test(tests, a_row_too_many_is_refused);
    tcase_add_loop_test(tests, a_workbook_that_is_cut_off_anywhere_is_refused, 0, sizeof whole / sizeof *whole);
    tcase_add_test(tests, a_password_is_recognised);
    tcase_add_test(tests, files_of_another_kind_are_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
