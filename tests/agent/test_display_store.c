/* The pass display on the disk: whatever happens, one plan is in force, whole, with all pictures that it had. */
#include "database.h"
#include "display_store.h"
#include "power_cut_vfs.h"
#include "suite.h"
#include "temporary_folder.h"

enum { SIZE = 20000, WEI = 100, ANNA = 200 };

static char folder[64];
static sqlite3 *database;
static reserve held_back;
static display_store *s;

/* A machine without power closes nothing; its memory is lost with it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static void open_at(const char *in, const char *vfs)
{
    char path[128];

    snprintf(path, sizeof path, "%s/display.db", in);
    ck_assert(!sp_failed(database_open(path, vfs, &database)));
    ck_assert(!sp_failed(display_store_new(database, &held_back, &s)));
}

static void close_it(void)
{
    display_store_free(s);
    database_close(database);
}

static void begin(void)
{
    held_back = (reserve){0};
    folder_make(folder);
    open_at(folder, NULL);
}

static void end(void)
{
    close_it();
    folder_remove(folder);
}

/* ---- Pictures and plans ------------------------------------------------------------------------------------------ */

/* The picture of a number: its hash begins with it, and so does each of its bytes. */
static void sha256_for(int number, uint8_t out[32])
{
    memset(out, 0xaa, 32);
    out[0] = (uint8_t)number;
}

static sp_status add(int number)
{
    static uint8_t jpeg[SIZE];
    uint8_t sha256[32];

    memset(jpeg, number, sizeof jpeg);
    sha256_for(number, sha256);
    return display_store_add(s, sha256, jpeg, sizeof jpeg);
}

static bool has(int number)
{
    uint8_t sha256[32];

    sha256_for(number, sha256);
    return display_store_has(s, sha256);
}

/* Wei has the first picture, Anna the second, which is for strangers too. */
static display_plan plan_of(int64_t version, int first, int second)
{
    display_plan plan = {
        .version = version,
        .picture_count = 2,
        .owner_count = 2,
        .pictures = {{.id = first * 10, .size = SIZE, .seconds = 7},
                     {.id = second * 10, .size = SIZE, .seconds = 60, .strangers = true}},
        .owners = {{WEI, 0}, {ANNA, 1}},
    };

    sha256_for(first, plan.pictures[0].sha256);
    sha256_for(second, plan.pictures[1].sha256);
    return plan;
}

static void assert_reads(const display_picture *picture, int number)
{
    uint8_t *jpeg;
    size_t size;

    ck_assert(display_store_read(s, picture, &jpeg, &size));
    ck_assert_uint_eq(size, SIZE);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(jpeg[i], number);
    free(jpeg);
}

/* In force, whole, and nothing besides. */
static void assert_plan(int64_t version, int first, int second)
{
    const display_plan expected = plan_of(version, first, second);
    const display_plan *plan = display_store_plan(s);

    ck_assert_int_eq(display_store_version(s), version);
    ck_assert(plan->picture_count == 2 && plan->owner_count == 2);
    for (int i = 0; i < 2; i++) {
        const display_picture *is = &plan->pictures[i], *should = &expected.pictures[i];

        ck_assert_int_eq(is->id, should->id);
        ck_assert_mem_eq(is->sha256, should->sha256, sizeof is->sha256);
        ck_assert(is->size == should->size && is->seconds == should->seconds && is->strangers == should->strangers);
        ck_assert_int_eq(plan->owners[i].person_id, expected.owners[i].person_id);
        ck_assert_uint_eq(plan->owners[i].picture, expected.owners[i].picture);
        assert_reads(is, i == 0 ? first : second);
    }
}

static void put(int64_t version, int first, int second)
{
    display_plan plan = plan_of(version, first, second);

    ck_assert(!sp_failed(display_store_put(s, &plan)));
}

/* ---- What is kept ------------------------------------------------------------------------------------------------ */

START_TEST(at_first_there_is_nothing)
{
    ck_assert_int_eq(display_store_version(s), 0);
    ck_assert_uint_eq(display_store_plan(s)->picture_count, 0);
    ck_assert(!has(1));
    ck_assert(!sp_failed(display_store_clear(s)));
}
END_TEST

START_TEST(a_plan_comes_back_with_its_pictures)
{
    ck_assert(!sp_failed(add(1)));
    ck_assert(!sp_failed(add(2)));
    ck_assert_int_eq(display_store_version(s), 0);
    put(5, 1, 2);
    assert_plan(5, 1, 2);
    close_it();
    open_at(folder, NULL);
    assert_plan(5, 1, 2);
}
END_TEST

START_TEST(the_next_plan_takes_the_pictures_of_the_former_along)
{
    for (int number = 1; number <= 4; number++)
        ck_assert(!sp_failed(add(number)));
    put(1, 1, 2);
    ck_assert(has(1) && has(2) && !has(3) && !has(4));
    ck_assert(!sp_failed(add(3)));
    put(2, 2, 3);
    assert_plan(2, 2, 3);
    ck_assert(!has(1));
    ck_assert(!sp_failed(display_store_clear(s)));
    ck_assert(!has(2) && !has(3));
    ck_assert_int_eq(display_store_version(s), 0);
    close_it();
    open_at(folder, NULL);
    ck_assert_uint_eq(display_store_plan(s)->owner_count, 0);
}
END_TEST

START_TEST(what_neither_plan_has_is_tidied_away)
{
    display_plan next = plan_of(2, 2, 3);

    ck_assert(!sp_failed(add(1)));
    ck_assert(!sp_failed(add(2)));
    put(1, 1, 2);
    ck_assert(!sp_failed(add(3)));
    ck_assert(!sp_failed(add(4))); /* of a plan that never came to be */
    ck_assert(!sp_failed(display_store_tidy(s, &next)));
    ck_assert(has(1) && has(2) && has(3) && !has(4));
    assert_plan(1, 1, 2);
}
END_TEST

START_TEST(a_plan_without_all_its_pictures_is_in_force_and_asks_to_be_sent_again)
{
    uint8_t *jpeg;
    size_t size;

    ck_assert(!sp_failed(add(2)));
    put(3, 1, 2);
    for (int i = 0; i < 2; i++) {
        const display_plan *plan = display_store_plan(s);

        ck_assert_int_eq(plan->version, 3);
        ck_assert_int_eq(display_store_version(s), 0);
        ck_assert(!display_store_read(s, &plan->pictures[0], &jpeg, &size));
        assert_reads(&plan->pictures[1], 2);
        close_it();
        open_at(folder, NULL);
    }
    ck_assert(!sp_failed(add(1)));
    put(3, 1, 2);
    assert_plan(3, 1, 2);
}
END_TEST

START_TEST(rows_that_make_no_sense_are_no_plan)
{
    static const char *const damage[] = {
        "UPDATE display SET strangers = 1",
        "UPDATE display SET size = 0 WHERE number = 0",
        "UPDATE display SET sha256 = x'00' WHERE number = 1", /* then Anna's picture is one that there is not */
        "UPDATE display_owner SET display = 9",
        "DELETE FROM display",
    };

    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        ck_assert(!sp_failed(add(1)));
        ck_assert(!sp_failed(add(2)));
        put(3, 1, 2);
        ck_assert(!sp_failed(database_run(database, damage[i])));
        close_it();
        open_at(folder, NULL);
        ck_assert_msg(display_store_version(s) == 0, "%s", damage[i]);
        ck_assert_uint_eq(display_store_plan(s)->picture_count, 0);
    }
}
END_TEST

/* ---- Cuts -------------------------------------------------------------------------------------------------------- */

static jmp_buf off;
static volatile bool putting, done;

/* Picture 1 goes, picture 3 comes, and with it a plan in which 2 is Wei's. */
static void change_plans(void)
{
    display_plan next = plan_of(2, 2, 3);

    putting = done = false;
    if (sp_failed(display_store_tidy(s, &next)) || sp_failed(add(3)))
        return;
    putting = true;
    done = !sp_failed(display_store_put(s, &next));
}

static bool is_sound(void)
{
    sqlite3_stmt *check = database_prepare(database, "PRAGMA integrity_check");
    bool sound =
        check && sqlite3_step(check) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(check, 0), "ok") == 0;

    sqlite3_finalize(check);
    return sound;
}

static void check_survivor(long cut)
{
    int64_t version = display_store_version(s);

    ck_assert_msg(is_sound(), "cut %ld", cut);
    ck_assert_msg(version == (done ? 2 : 1) || (putting && version == 2), "cut %ld: plan %d", cut, (int)version);
    if (version == 1)
        assert_plan(1, 1, 2);
    else
        assert_plan(2, 2, 3);
    ck_assert(version == 1 || !has(1));
}

/* The power goes at the given operation of the disk. False: it was not reached. */
static bool cut_at(long cut, unsigned dice)
{
    char before[64], after[64];
    volatile bool reached = true;

    folder_make(before);
    folder_make(after);
    open_at(before, "power-cut");
    ck_assert(!sp_failed(database_run(database, "PRAGMA wal_autocheckpoint = 4")));
    ck_assert(!sp_failed(add(1)));
    ck_assert(!sp_failed(add(2)));
    put(1, 1, 2);
    if (setjmp(off) == 0) {
        power_cut_after(cut, &off);
        change_plans();
        reached = false;
    }
    ck_assert(power_cut_restore(after, dice));
    open_at(after, NULL);
    check_survivor(cut);
    close_it();
    folder_remove(before);
    folder_remove(after);
    return reached;
}

START_TEST(a_power_cut_at_any_moment_leaves_the_former_plan_or_the_next)
{
    unsigned dice = 46;
    long cuts = 0;

    close_it();
    power_cut_register();
    while (cut_at(cuts, (unsigned)rand_r(&dice)))
        cuts++;
    ck_assert_int_gt(cuts, 30);
    open_at(folder, NULL);
}
END_TEST

/* ---- On a full disk ---------------------------------------------------------------------------------------------- */

START_TEST(on_a_full_disk_no_picture_comes_and_the_plan_stands)
{
    char full[64];

    close_it();
    folder_make(full);
    power_cut_register();
    open_at(full, "power-cut");
    ck_assert(!sp_failed(add(1)));
    ck_assert(!sp_failed(add(2)));
    put(1, 1, 2);
    reserve_open(&held_back, full, 1 << 18);
    reserve_take(&held_back);
    ck_assert(held_back.held);
    power_cut_disk(power_cut_disk_used() + 8192, held_back.path);
    ck_assert_int_eq(add(3).code, STORE_FULL.code);
    ck_assert(held_back.held); /* it is for records */
    assert_plan(1, 1, 2);

    /* Somebody leaves the plan: for that there is room. */
    power_cut_disk(power_cut_disk_used(), held_back.path);
    put(2, 2, 1);
    ck_assert(held_back.released);
    assert_plan(2, 2, 1);
    ck_assert_int_eq(add(3).code, STORE_FULL.code); /* what the reserve left is not taken */
    power_cut_disk(0, NULL);
    close_it();
    power_cut_forget();
    folder_remove(full);
    held_back = (reserve){0};
    open_at(folder, NULL);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(
        begin, end, "display store", 120, at_first_there_is_nothing, a_plan_comes_back_with_its_pictures,
        the_next_plan_takes_the_pictures_of_the_former_along, what_neither_plan_has_is_tidied_away,
        a_plan_without_all_its_pictures_is_in_force_and_asks_to_be_sent_again, rows_that_make_no_sense_are_no_plan,
        a_power_cut_at_any_moment_leaves_the_former_plan_or_the_next,
        on_a_full_disk_no_picture_comes_and_the_plan_stands);
}
