/* A hundred power cuts: whatever the journal called durable is there afterwards, and the database is sound. */
#include "database.h"
#include "power_cut_vfs.h"
#include "suite.h"
#include "sqlite_journal.h"
#include "temporary_folder.h"

enum { CUTS = 100, PICTURE_SIZE = 30000 };

static jmp_buf off;
static volatile uint64_t durable_seq;
static volatile uint64_t stored_pictures;
static volatile uint64_t releases;

/* The databases are left open as they are: a machine without power closes nothing. Their memory is lost with them. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static void work_until_the_power_goes(journal *j)
{
    static uint8_t jpeg[PICTURE_SIZE];
    journal_picture picture = {.size = PICTURE_SIZE};

    for (int i = 0; i < 2000; i++) {
        uint8_t record[200] = {(uint8_t)i};
        bool with_picture = i % 3 != 0;

        if (with_picture && !j->ops->make_room(j, PICTURE_SIZE))
            with_picture = false;
        picture.size = (uint32_t)(1000 + i * 37 % (PICTURE_SIZE - 1000));
        if (j->ops->append(j, record, sizeof record, with_picture ? &picture : NULL, jpeg) != JOURNAL_DONE)
            return;
        durable_seq = j->facts.last_seq;
        if (i % 4 == 3) {
            j->ops->acked(j, j->facts.last_seq - 2);
            if (j->ops->oldest_picture(j, &picture)) {
                j->ops->picture_done(j, picture.seq, PICTURE_STORED);
                stored_pictures++;
            }
        }
    }
}

static int64_t ask(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = database_prepare(database, sql);
    int64_t answer = -1;

    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

static bool is_sound(sqlite3 *database)
{
    sqlite3_stmt *check = database_prepare(database, "PRAGMA integrity_check");
    bool sound =
        check && sqlite3_step(check) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(check, 0), "ok") == 0;

    sqlite3_finalize(check);
    return sound;
}

static void check_survivor(const char *folder, int cut)
{
    char path[128];
    sqlite3 *database;
    journal *j;

    snprintf(path, sizeof path, "%s/cut.db", folder);
    ck_assert_msg(!sp_failed(database_open(path, NULL, &database)), "cut %d: it cannot be opened", cut);
    ck_assert_msg(is_sound(database), "cut %d: it is damaged", cut);
    ck_assert(!sp_failed(sqlite_journal_new(database, 1, 1u << 20, NULL, &j)));
    ck_assert_msg(j->facts.last_seq >= durable_seq, "cut %d: record %d is missing", cut, (int)durable_seq);
    ck_assert_int_eq(ask(database, "SELECT count(*) - max(seq) FROM record"), durable_seq == 0 ? -1 : 0);
    ck_assert_int_eq(ask(database, "SELECT count(*) FROM record WHERE picture IN (1, 2) AND seq NOT IN"
                                   " (SELECT seq FROM picture)"),
                     0);
    sqlite_journal_free(j);
    database_close(database);
}

/* ---- On a disk that others fill and leave again ---- */

enum { RESERVE = 512 << 10, FULL_EVERY = 24 };

/* One pass; the door opens with its record alone when there is no room for the picture. */
static void pass(journal *j, int i)
{
    static uint8_t jpeg[PICTURE_SIZE];
    journal_picture picture = {.size = (uint32_t)(1000 + i * 37 % (PICTURE_SIZE - 1000))};
    uint8_t record[200] = {(uint8_t)i};
    journal_result result = JOURNAL_FULL;

    if (j->ops->make_room(j, picture.size))
        result = j->ops->append(j, record, sizeof record, &picture, jpeg);
    if (result == JOURNAL_FULL)
        result = j->ops->append(j, record, sizeof record, NULL, NULL);
    ck_assert_int_eq(result, JOURNAL_DONE);
    durable_seq = j->facts.last_seq;
    j->ops->acked(j, j->facts.last_seq);
    while (j->ops->oldest_picture(j, &picture)) {
        j->ops->picture_done(j, picture.seq, i % 5 ? PICTURE_STORED : PICTURE_REFUSED);
        stored_pictures++;
    }
}

static reserve held_back;

static void work_on_a_full_disk(journal *j)
{
    power_cut_disk(0, held_back.path);
    for (int i = 1; i < 600; i++) {
        if (i % FULL_EVERY == 8) {
            power_cut_disk(power_cut_disk_used(), held_back.path);
        } else if (i % FULL_EVERY == 0) {
            releases += held_back.released;
            power_cut_disk(0, held_back.path);
            reserve_take(&held_back);
            sqlite_journal_settle(j);
        }
        pass(j, i);
    }
}

static void cut_once(int cut, unsigned *dice, void (*work)(journal *j))
{
    char before[64];
    char after[64];
    char path[128];
    sqlite3 *database;
    journal *j;

    folder_make(before);
    folder_make(after);
    durable_seq = 0;
    snprintf(path, sizeof path, "%s/cut.db", before);
    ck_assert(!sp_failed(database_open(path, "power-cut", &database)));
    ck_assert(!sp_failed(database_run(database, "PRAGMA wal_autocheckpoint = 50")));
    reserve_open(&held_back, before, RESERVE);
    reserve_take(&held_back);
    ck_assert(held_back.held);
    ck_assert(!sp_failed(sqlite_journal_new(database, 1, 1u << 20, &held_back, &j)));
    if (setjmp(off) == 0) {
        power_cut_after(20 + rand_r(dice) % 2500, &off);
        work(j);
    }
    ck_assert(power_cut_restore(after, (unsigned)rand_r(dice)));
    check_survivor(after, cut);
    folder_remove(before);
    folder_remove(after);
}

START_TEST(no_power_cut_takes_what_was_durable)
{
    unsigned dice = 20240229;

    power_cut_register();
    for (int cut = 0; cut < CUTS; cut++)
        cut_once(cut, &dice, work_until_the_power_goes);
    ck_assert_uint_gt(stored_pictures, 100);
}
END_TEST

START_TEST(nor_does_one_while_the_disk_is_full_and_the_reserve_released_and_taken)
{
    unsigned dice = 20261122;

    power_cut_register();
    for (int cut = 0; cut < CUTS; cut++)
        cut_once(cut, &dice, work_on_a_full_disk);
    ck_assert_uint_gt(stored_pictures, 100);
    ck_assert_uint_gt(releases, 50);
}
END_TEST

int main(void)
{
    return RUN_SUITE("power cut", 280, no_power_cut_takes_what_was_durable,
                     nor_does_one_while_the_disk_is_full_and_the_reserve_released_and_taken);
}
