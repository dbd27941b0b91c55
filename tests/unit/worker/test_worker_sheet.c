/* Sheets through real processes: what is read arrives, and whatever becomes of a process, the server says why and reads
 * the next sheet. */
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "made_zip.h"
#include "photos.h"
#include "sheet.h"
#include "sheet_tests.h"
#include "suite.h"

static worker_pool *pool;

static void begin(void)
{
    pool = worker_pool_new(&(worker_options){.program = WORKER, .weights = WEIGHTS, .processes = 1, .files = 1});
    ck_assert_ptr_nonnull(pool);
}

static void end(void)
{
    worker_pool_free(pool);
}

static sp_status count_row(void *arg, const sheet_row *row)
{
    (void)row;
    ++*(int *)arg;
    return SP_DONE;
}

static sp_status read_bytes(sheet_kind kind, const void *bytes, size_t size, sheet_row_taken on_row, void *arg,
                            sheet_facts *facts)
{
    made_sheet made;
    sp_status status;

    made_sheet_init(&made, bytes, size);
    status = worker_read_sheet(pool, made.file.fd, kind, (sheet_want){0}, on_row, arg, facts);
    made_sheet_done(&made);
    return status;
}

static sp_status read_fixture(const char *name, sheet_kind kind, int *rows)
{
    char path[512];
    made_sheet made;
    sp_status status;

    *rows = 0;
    snprintf(path, sizeof path, "%s/%s", FIXTURES, name);
    made_sheet_open(&made, path);
    status = worker_read_sheet(pool, made.file.fd, kind, (sheet_want){0}, count_row, rows, NULL);
    made_sheet_done(&made);
    return status;
}

static void the_next_sheet_is_read(void)
{
    static const struct {
        const char *name;
        sheet_kind kind;
        int rows;
    } sheets[] = {
        {"libreoffice.xlsx", SHEET_XLSX, 7}, {"gnumeric.xls", SHEET_XLS, 7}, {"libreoffice.csv", SHEET_CSV, 7}};

    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        int rows;
        sp_status status = read_fixture(sheets[i].name, sheets[i].kind, &rows);

        ck_assert_str_eq(status.reason, "");
        ck_assert_int_eq(rows, sheets[i].rows);
    }
}

/* A character of every width in a text that fills many batches: rows, and a number that is not in the first column. */
static char *made_csv(int rows, size_t *ret_size)
{
    byte_buffer text;

    byte_buffer_init(&text, 64 << 20);
    for (int i = 1; i <= rows; i++)
        ck_assert(byte_buffer_printf(&text, "%06d,é张😀,,%d\n", i, i * 3));
    *ret_size = text.size;
    return (char *)text.data;
}

static sp_status check_row(void *arg, const sheet_row *row)
{
    int *rows = arg;
    char first[16], last[16];

    ++*rows;
    snprintf(first, sizeof first, "%06d", *rows);
    snprintf(last, sizeof last, "%d", *rows * 3);
    ck_assert_int_eq(row->number, *rows);
    ck_assert_uint_eq(row->count, 4);
    ck_assert_str_eq(row->cells[0], first);
    ck_assert_str_eq(row->cells[1], "é张😀");
    ck_assert_str_eq(row->cells[2], "");
    ck_assert_str_eq(row->cells[3], last);
    return SP_DONE;
}

START_TEST(rows_arrive_as_they_stand)
{
    size_t size;
    char *text = made_csv(50000, &size);
    int rows = 0;
    sheet_facts facts;
    sp_status status = read_bytes(SHEET_CSV, text, size, check_row, &rows, &facts);

    ck_assert_str_eq(status.reason, "");
    ck_assert_int_eq(rows, 50000);
    ck_assert_int_eq(facts.rows, 50000);
    free(text);
    the_next_sheet_is_read();
}
END_TEST

START_TEST(the_longest_row_arrives)
{
    size_t size = (size_t)64 * 5000;
    char *text = malloc(size);
    int rows = 0;

    memset(text, 'x', size);
    for (size_t i = 1; i < 64; i++)
        text[i * 5000] = ',';
    ck_assert_str_eq(read_bytes(SHEET_CSV, text, size, count_row, &rows, NULL).reason, "");
    ck_assert_int_eq(rows, 1);
    free(text);
}
END_TEST

START_TEST(the_callers_descriptor_stays_as_it_was)
{
    made_sheet made;
    int rows = 0;
    struct stat facts;
    int nowhere[2];

    made_sheet_init(&made, "a,b\n", 4);
    ck_assert_int_eq(lseek(made.file.fd, 2, SEEK_SET), 2);
    ck_assert(!sp_failed(worker_read_sheet(pool, made.file.fd, SHEET_CSV, (sheet_want){0}, count_row, &rows, NULL)));
    ck_assert_int_eq(lseek(made.file.fd, 0, SEEK_CUR), 2);
    ck_assert_int_eq(fstat(made.file.fd, &facts), 0);
    made_sheet_done(&made);

    ck_assert_int_eq(pipe(nowhere), 0);
    ck_assert_str_eq(worker_read_sheet(pool, nowhere[0], SHEET_CSV, (sheet_want){0}, count_row, &rows, NULL).reason,
                     SHEET_NOT_READABLE.reason);
    close(nowhere[0]);
    close(nowhere[1]);
}
END_TEST

START_TEST(reasons_pass_through)
{
    size_t size;
    int rows = 0;
    uint8_t *book = made_book("<sheetData><row><c r='BM1'><v>1</v></c></row></sheetData>", NULL, NULL, &size);

    ck_assert_str_eq(read_bytes(SHEET_XLSX, book, size, count_row, &rows, NULL).reason, SHEET_TOO_MANY_COLUMNS.reason);
    ck_assert_str_eq(read_bytes(SHEET_XLSX, book, size / 2, count_row, &rows, NULL).reason, SHEET_NOT_READABLE.reason);
    free(book);
    book = made_book("<sheetData/>", "<!DOCTYPE x><sst/>", NULL, &size);
    ck_assert_str_eq(read_bytes(SHEET_XLSX, book, size, count_row, &rows, NULL).reason, SHEET_HAS_ENTITIES.reason);
    free(book);
    the_next_sheet_is_read();
}
END_TEST

/* libfreexl ends on it with a segmentation fault. */
START_TEST(a_file_that_kills_its_reader_is_a_reason_and_nothing_else)
{
    int rows;
    int64_t began_ms = clock_monotonic_ms();

    ck_assert_str_eq(read_fixture("kills-libfreexl.xls", SHEET_XLS, &rows).reason, SHEET_CRASHED.reason);
    ck_assert_int_lt((int)(clock_monotonic_ms() - began_ms), 2000);
    the_next_sheet_is_read();
}
END_TEST

/* More than 192 MiB of texts that other cells could refer to. */
START_TEST(a_workbook_with_more_texts_than_memory_is_refused)
{
    enum { TEXTS = 54000 };
    byte_buffer strings;
    made_zip z;
    size_t size;
    int rows = 0;
    char text[4001];

    memset(text, 'x', sizeof text);
    text[4000] = '\0';
    byte_buffer_init(&strings, 300 << 20);
    ck_assert(byte_buffer_append_text(&strings, "<sst>"));
    for (int i = 0; i < TEXTS; i++) {
        for (int k = 0; k < 4000; k += 80) /* no bomb: what is packed well enough is refused before */
            for (int digit = 0; digit < 8; digit++)
                text[k + digit] = (char)('a' + lrand48() % 16);
        ck_assert(byte_buffer_printf(&strings, "<si><t>%s</t></si>", text));
    }
    ck_assert(byte_buffer_append_text(&strings, "</sst>"));
    made_book_begin(&z);
    made_zip_add(&z, "xl/sharedStrings.xml", strings.data, strings.size);
    made_zip_add(&z, "xl/worksheets/sheet1.xml", "<worksheet/>", 12);
    byte_buffer_done(&strings);
    uint8_t *book = made_zip_done(&z, &size);
    ck_assert_str_eq(read_bytes(SHEET_XLSX, book, size, count_row, &rows, NULL).reason, SHEET_TOO_LARGE.reason);
    free(book);
    the_next_sheet_is_read();
}
END_TEST

static pid_t parent_of(pid_t pid)
{
    char path[64], line[512] = "";
    int parent = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fgets(line, sizeof line, file) && strrchr(line, ')'))
        sscanf(strrchr(line, ')') + 1, " %*c %d", &parent);
    fclose(file);
    return parent;
}

/* A child of this test; 0: it has none. */
static pid_t any_worker(void)
{
    DIR *processes = opendir("/proc");
    pid_t found = 0;

    ck_assert_ptr_nonnull(processes);
    for (struct dirent *entry; (entry = readdir(processes)) && !found;) {
        pid_t pid = atoi(entry->d_name);

        if (pid > 0 && parent_of(pid) == getpid())
            found = pid;
    }
    closedir(processes);
    return found;
}

static sp_status kill_worker(void *arg, const sheet_row *row)
{
    (void)row;
    if (++*(int *)arg == 1)
        kill(any_worker(), SIGKILL);
    return SP_DONE;
}

START_TEST(a_process_that_is_killed_in_the_middle_is_a_reason)
{
    size_t size;
    char *text = made_csv(90000, &size);
    int rows = 0;

    ck_assert_str_eq(read_bytes(SHEET_CSV, text, size, kill_worker, &rows, NULL).reason, SHEET_CRASHED.reason);
    ck_assert_int_ge(rows, 1);
    ck_assert_int_lt(rows, 90000);
    free(text);
    the_next_sheet_is_read();
    ck_assert_int_eq(any_worker(), 0); /* none outlives its file */
}
END_TEST

SP_STATUS(ENOUGH, SP_ABORTED, "Enough.");

static sp_status stop_at_second(void *arg, const sheet_row *row)
{
    (void)row;
    return ++*(int *)arg == 2 ? ENOUGH : SP_DONE;
}

START_TEST(whoever_takes_rows_can_stop_the_reading)
{
    size_t size;
    char *text = made_csv(90000, &size);
    int rows = 0;

    ck_assert_str_eq(read_bytes(SHEET_CSV, text, size, stop_at_second, &rows, NULL).reason, ENOUGH.reason);
    ck_assert_int_eq(rows, 2);
    free(text);
    the_next_sheet_is_read();
}
END_TEST

static sp_status check_photo(void *arg, const sheet_row *row)
{
    arena memory;
    photo_result result;
    size_t size;
    uint8_t *portrait = photo_bytes("person-01", &size);

    (void)row;
    arena_init(&memory, 16 << 20);
    sp_status status = worker_check_photo(pool, &memory, portrait, size, 30000, &result);
    ck_assert_str_eq(status.reason, "");
    ck_assert_int_eq(result.verdict, PHOTO_OK);
    arena_done(&memory);
    free(portrait);
    ++*(int *)arg;
    return SP_DONE;
}

static sp_status read_another(void *arg, const sheet_row *row)
{
    int rows = 0;

    (void)row;
    ++*(int *)arg;
    ck_assert_str_eq(read_bytes(SHEET_CSV, "x", 1, count_row, &rows, NULL).reason, SHEET_WORKERS_BUSY.reason);
    return SP_DONE;
}

START_TEST(sheets_wait_for_sheets_and_photos_do_not)
{
    int rows = 0;

    ck_assert(!sp_failed(read_bytes(SHEET_CSV, "a\n", 2, check_photo, &rows, NULL)));
    ck_assert(!sp_failed(read_bytes(SHEET_CSV, "a\n", 2, read_another, &rows, NULL)));
    ck_assert_int_eq(rows, 2);
    the_next_sheet_is_read();
}
END_TEST

/* In the place of the worker: says that it is ready and then these bytes, as printf of the shell has them. */
static sp_status read_by_liar(const char *says)
{
    char folder[] = "/tmp/worker-sheet-XXXXXX", script[64];
    int rows = 0;
    made_sheet made;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(script, sizeof script, "%s/worker", folder);
    FILE *file = fopen(script, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "#!/bin/sh\nprintf 'SPW1' >&3\n%s\nexec sleep 60\n", says);
    fchmod(fileno(file), 0700);
    fclose(file);
    worker_pool *liars = worker_pool_new(&(worker_options){.program = script, .weights = WEIGHTS});
    made_sheet_init(&made, "a", 1);
    sp_status status = worker_read_sheet(liars, made.file.fd, SHEET_CSV, (sheet_want){0}, count_row, &rows, NULL);
    made_sheet_done(&made);
    worker_pool_free(liars);
    unlink(script);
    rmdir(folder);
    return status;
}

#define ROW_OF(number, count, size, text)                                                                              \
    "\\" number "\\0\\0\\0\\" count "\\0\\0\\0"                                                                        \
    "\\0\\0\\0\\0\\0\\0\\0\\0\\" size "\\0\\0\\0\\0\\0\\0\\0" text

static const struct {
    const char *says, *reason;
} lies[] = {
    {"printf '\\7\\0\\0\\0\\1\\0\\0\\0x' >&3", "SHEET_CRASHED"},        /* no such frame */
    {"printf '\\0\\0\\0\\0\\377\\377\\377\\377' >&3", "SHEET_CRASHED"}, /* too long */
    {"printf '\\0\\0\\0\\0\\1\\0\\0\\0x' >&3", "SHEET_CRASHED"},        /* no whole row */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("1", "1", "2", "a\\0") "' >&3; exit",
     "SHEET_CRASHED"}, /* and then nothing */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("1", "1", "2", "\\377\\0") "' >&3", "SHEET_CRASHED"}, /* no UTF-8 */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("1", "2", "2", "a\\0") "' >&3",
     "SHEET_CRASHED"},                                                                           /* a text is missing */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("1", "1", "2", "ab") "' >&3", "SHEET_CRASHED"}, /* it does not end */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("1", "1", "9", "a\\0") "' >&3",
     "SHEET_CRASHED"}, /* nor does the row */
    {"printf '\\0\\0\\0\\0\\032\\0\\0\\0" ROW_OF("0", "1", "2", "a\\0") "' >&3", "SHEET_CRASHED"}, /* no such row */
    {"printf '\\1\\0\\0\\0\\1\\0\\0\\0x' >&3", "SHEET_CRASHED"},                                   /* no whole end */
    {"exec sleep 60", "SHEET_TIMED_OUT"},
};

START_TEST(what_a_worker_says_is_not_believed)
{
    sp_status status = read_by_liar(lies[_i].says);

    ck_assert_str_eq(status.reason, lies[_i].reason);
}
END_TEST

START_TEST(a_program_that_is_missing_is_a_reason)
{
    made_sheet made;
    int rows = 0;
    worker_pool *wrong = worker_pool_new(&(worker_options){.program = "/nonexistent/worker", .weights = WEIGHTS});

    made_sheet_init(&made, "a", 1);
    ck_assert_str_eq(worker_read_sheet(wrong, made.file.fd, SHEET_CSV, (sheet_want){0}, count_row, &rows, NULL).reason,
                     SHEET_WORKER_NOT_STARTED.reason);
    made_sheet_done(&made);
    worker_pool_free(wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("worker_sheet");
    TCase *tests = tcase_create("worker_sheet");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, rows_arrive_as_they_stand);
    tcase_add_test(tests, the_longest_row_arrives);
    tcase_add_test(tests, the_callers_descriptor_stays_as_it_was);
    tcase_add_test(tests, reasons_pass_through);
    tcase_add_test(tests, a_file_that_kills_its_reader_is_a_reason_and_nothing_else);
    tcase_add_test(tests, a_workbook_with_more_texts_than_memory_is_refused);
    tcase_add_test(tests, a_process_that_is_killed_in_the_middle_is_a_reason);
    tcase_add_test(tests, whoever_takes_rows_can_stop_the_reading);
    tcase_add_test(tests, sheets_wait_for_sheets_and_photos_do_not);
    tcase_add_loop_test(tests, what_a_worker_says_is_not_believed, 0, sizeof lies / sizeof *lies);
    tcase_add_test(tests, a_program_that_is_missing_is_a_reason);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
