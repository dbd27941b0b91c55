/* The terminal's own log: a ring on the disk, from which what the server has is forgotten. */
#include "database.h"
#include "log_store.h"
#include "power_cut_vfs.h"
#include "suite.h"
#include "temporary_folder.h"

static char folder[64];
static sqlite3 *database;
static log_store *s;

/* The databases of power cuts are left open as they are: a machine without power closes nothing. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static void open_at(const char *in, const char *vfs)
{
    char path[128];

    snprintf(path, sizeof path, "%s/log.db", in);
    ck_assert(!sp_failed(database_open(path, vfs, &database)));
    ck_assert(!sp_failed(log_store_new(database, NULL, &s)));
}

static void close_it(void)
{
    log_store_free(s);
    database_close(database);
}

static void begin(void)
{
    folder_make(folder);
    open_at(folder, NULL);
}

static void end(void)
{
    close_it();
    folder_remove(folder);
}

static void add(int number)
{
    log_line line = {.at_ms = 1000 + number, .level = LINE_WARNING, .event = "STARTED"};

    snprintf(line.detail, sizeof line.detail, "line %d", number);
    log_store_add(s, &line);
}

static void add_many(int from, int to)
{
    for (int i = from; i <= to; i++)
        add(i);
    log_store_settle(s);
}

/* The lines that are read are number first and those that follow. */
static void assert_reads(uint64_t first, uint32_t count)
{
    log_line lines[16];

    ck_assert_uint_eq(log_store_read(s, lines, 16), count);
    for (uint32_t i = 0; i < count; i++) {
        char detail[32];

        snprintf(detail, sizeof detail, "line %d", (int)(first + i));
        ck_assert_uint_eq(lines[i].number, first + i);
        ck_assert_str_eq(lines[i].detail, detail);
        ck_assert_str_eq(lines[i].event, "STARTED");
        ck_assert_int_eq(lines[i].level, LINE_WARNING);
        ck_assert_int_eq(lines[i].at_ms, 1000 + (int64_t)(first + i));
    }
}

START_TEST(lines_are_shown_when_they_are_on_the_disk_and_until_the_server_has_them)
{
    assert_reads(1, 0);
    add(1);
    assert_reads(1, 0);
    log_store_settle(s);
    assert_reads(1, 1);
    add_many(2, 20);
    assert_reads(1, 16);
    log_store_sent(s, 16);
    assert_reads(17, 4);
    log_store_sent(s, 3); /* said long ago */
    assert_reads(17, 4);
    log_store_sent(s, 20);
    assert_reads(1, 0);
}
END_TEST

START_TEST(what_waits_is_written_by_closing_and_numbers_go_on_when_all_are_gone)
{
    add(1);
    add(2);
    close_it();
    open_at(folder, NULL);
    assert_reads(1, 2);
    log_store_sent(s, 2);
    close_it();
    open_at(folder, NULL);
    assert_reads(1, 0);
    add_many(3, 3);
    assert_reads(3, 1);
}
END_TEST

START_TEST(the_latest_two_thousand_stay)
{
    add_many(1, LOG_STORE_LINES + 500);
    assert_reads(501, 16);
}
END_TEST

START_TEST(texts_that_are_too_long_are_cut_at_a_characters_end)
{
    log_line line = {.level = LINE_INFO}, read;

    memset(line.event, 'E', sizeof line.event);
    line.event[32] = '\0';
    memset(line.detail, 'd', 159);
    memcpy(line.detail + 159, "\xc3", 2); /* the first half of an ä */
    log_store_add(s, &line);
    log_store_settle(s);
    ck_assert_uint_eq(log_store_read(s, &read, 1), 1);
    ck_assert_uint_eq(strlen(read.event), 32);
    ck_assert_uint_eq(strlen(read.detail), 159);
}
END_TEST

START_TEST(lines_that_the_disk_does_not_take_are_counted)
{
    log_line lines[16];
    uint32_t count;

    ck_assert(!sp_failed(database_run(database, "BEGIN"))); /* somebody else's transaction stands for a full disk */
    for (int i = 1; i <= LOG_STORE_WAITING + 3; i++)
        add(i);
    log_store_settle(s);
    assert_reads(1, 0);
    ck_assert(!sp_failed(database_run(database, "COMMIT")));
    log_store_settle(s);
    count = log_store_read(s, lines, 16);
    ck_assert_uint_eq(count, 16);
    ck_assert_str_eq(lines[0].event, "LINES_LOST");
    ck_assert_str_eq(lines[0].detail, "3 lines");
    ck_assert_str_eq(lines[1].detail, "line 4");
}
END_TEST

START_TEST(the_room_that_is_left_for_records_is_not_taken)
{
    reserve held_back = {.released = true};
    log_line line;

    log_store_free(s);
    ck_assert(!sp_failed(log_store_new(database, &held_back, &s)));
    add(1);
    log_store_settle(s);
    ck_assert_uint_eq(log_store_read(s, &line, 1), 0);
    held_back.released = false;
    log_store_settle(s);
    assert_reads(1, 1);
}
END_TEST

/* ---- Power cuts -------------------------------------------------------------------------------------------------- */

enum { CUTS = 100 };

static jmp_buf off;
static volatile uint64_t shown; /* the highest number that a server may have seen */
static volatile uint64_t acked;

static void work_until_the_power_goes(void)
{
    for (int i = 1; i < 3000; i++) {
        log_line lines[16];
        uint32_t count;

        add(i);
        if (i % 5 == 0)
            log_store_settle(s);
        count = log_store_read(s, lines, 16);
        if (count == 0)
            continue;
        shown = lines[count - 1].number;
        if (i % 3 == 0) {
            log_store_sent(s, lines[count / 2].number);
            acked = lines[count / 2].number;
        }
    }
}

/* No number that was shown is given to another line, and what the server has not acknowledged is there. */
static void check_survivor(const char *survivor, int cut)
{
    log_line lines[16], after;
    uint32_t count;

    open_at(survivor, NULL);
    count = log_store_read(s, lines, 16);
    if (shown > acked) {
        ck_assert_msg(count > 0, "cut %d: lines are missing", cut);
        ck_assert_msg(lines[0].number <= acked + 1, "cut %d: line %d is missing", cut, (int)acked + 1);
    }
    for (uint32_t i = 1; i < count; i++)
        ck_assert_uint_eq(lines[i].number, lines[i - 1].number + 1);
    while (count > 0) {
        log_store_sent(s, lines[count - 1].number);
        count = log_store_read(s, lines, 16);
    }
    add(1);
    log_store_settle(s);
    ck_assert_uint_eq(log_store_read(s, &after, 1), 1);
    ck_assert_msg(after.number > shown, "cut %d: number %d is given out again", cut, (int)after.number);
    close_it();
}

static void cut_once(int cut, unsigned *dice)
{
    char before[64], survivor[64];

    folder_make(before);
    folder_make(survivor);
    shown = acked = 0;
    open_at(before, "power-cut");
    ck_assert(!sp_failed(database_run(database, "PRAGMA wal_autocheckpoint = 50")));
    if (setjmp(off) == 0) {
        power_cut_after(20 + rand_r(dice) % 2500, &off);
        work_until_the_power_goes();
    }
    ck_assert(power_cut_restore(survivor, (unsigned)rand_r(dice)));
    check_survivor(survivor, cut);
    folder_remove(before);
    folder_remove(survivor);
}

START_TEST(no_power_cut_gives_a_number_out_twice)
{
    unsigned dice = 20261123;

    close_it();
    power_cut_register();
    for (int cut = 0; cut < CUTS; cut++)
        cut_once(cut, &dice);
    open_at(folder, NULL);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(
        begin, end, "log store", 280, lines_are_shown_when_they_are_on_the_disk_and_until_the_server_has_them,
        what_waits_is_written_by_closing_and_numbers_go_on_when_all_are_gone, the_latest_two_thousand_stay,
        texts_that_are_too_long_are_cut_at_a_characters_end, lines_that_the_disk_does_not_take_are_counted,
        the_room_that_is_left_for_records_is_not_taken, no_power_cut_gives_a_number_out_twice);
}
