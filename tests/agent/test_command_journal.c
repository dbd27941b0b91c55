/* The journal of commands: what it says is durable, also when the power goes. */
#include "command_journal.h"
#include "power_cut_vfs.h"
#include "suite.h"
#include "temporary_folder.h"

enum { CUTS = 150, KEPT = 256 };

static char folder[64];

/* After a cut the journals are left open as they are: a machine without power closes nothing. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static command_journal *open_in(const char *where, const char *vfs)
{
    command_journal *j = NULL;
    sp_status status = command_journal_open(where, vfs, &j);

    ck_assert_msg(!sp_failed(status), "%s", status.reason);
    return j;
}

static void begin(void)
{
    folder_make(folder);
}

static void end(void)
{
    folder_remove(folder);
}

static void add(command_journal *j, int64_t id, int kind)
{
    ck_assert(!sp_failed(command_journal_add(j, &(command_entry){.id = id, .kind = kind, .state = ORDER_BEGUN})));
}

static command_entry entry_of(command_journal *j, int64_t id)
{
    command_entry entry;

    ck_assert(command_journal_find(j, id, &entry));
    return entry;
}

static void is(command_journal *j, int64_t id, order_state state, const char *reason, bool told)
{
    const command_entry entry = entry_of(j, id);

    ck_assert_int_eq(entry.state, state);
    ck_assert_str_eq(entry.reason, reason);
    ck_assert_int_eq(entry.told, told);
}

START_TEST(what_was_given_is_known_for_good)
{
    command_journal *j = open_in(folder, NULL);
    command_entry entry;

    ck_assert(!command_journal_find(j, 7, &entry));
    ck_assert(!sp_failed(command_journal_add(
        j, &(command_entry){.id = 7, .kind = ORDER_RESET, .state = ORDER_BEGUN, .sign_out = true})));
    ck_assert(sp_failed(command_journal_add(j, &(command_entry){.id = 7, .kind = 1, .state = ORDER_BEGUN})));
    ck_assert(!sp_failed(command_journal_end(j, 7, ORDER_FAILED, "RECORDS_UNSENT")));
    command_journal_close(j);
    j = open_in(folder, NULL);
    is(j, 7, ORDER_FAILED, "RECORDS_UNSENT", false);
    ck_assert_int_eq(entry_of(j, 7).kind, ORDER_RESET);
    ck_assert(entry_of(j, 7).sign_out);
    ck_assert(!command_journal_was_lost(j));
    command_journal_close(j);
}
END_TEST

START_TEST(what_was_begun_has_ended_by_the_next_start)
{
    command_journal *j = open_in(folder, NULL);

    for (int kind = ORDER_OPEN_DOOR; kind <= ORDER_RESET; kind++)
        add(j, kind, kind);
    ck_assert(!sp_failed(command_journal_end(j, ORDER_OPEN_DOOR, ORDER_DONE, "")));
    command_journal_close(j);
    j = open_in(folder, NULL);
    is(j, ORDER_OPEN_DOOR, ORDER_DONE, "", false);
    is(j, ORDER_CLOSE_DOOR, ORDER_FAILED, "INTERRUPTED", false);
    is(j, ORDER_RESTART, ORDER_DONE, "", false);
    is(j, ORDER_SHUT_DOWN, ORDER_FAILED, "INTERRUPTED", false);
    is(j, ORDER_RESET, ORDER_FAILED, "INTERRUPTED", false);
    command_journal_close(j);
}
END_TEST

START_TEST(ends_are_told_in_order_until_the_server_has_them)
{
    command_journal *j = open_in(folder, NULL);
    command_entry entry = {.id = INT64_MIN};

    for (int64_t id = 1; id <= 4; id++)
        add(j, id, ORDER_OPEN_DOOR);
    ck_assert(!command_journal_untold(j, 0, &entry));
    ck_assert(!sp_failed(command_journal_end(j, 1, ORDER_DONE, "")));
    ck_assert(!sp_failed(command_journal_end(j, 2, ORDER_FAILED, "X")));
    ck_assert(!sp_failed(command_journal_end(j, 4, ORDER_EXPIRED, "")));
    ck_assert(!sp_failed(command_journal_told(j, 2)));
    ck_assert(!sp_failed(command_journal_told(j, 3))); /* it has no end yet */
    ck_assert(!sp_failed(command_journal_told(j, 99)));
    ck_assert(command_journal_untold(j, 0, &entry));
    ck_assert_int_eq(entry.id, 1);
    ck_assert(command_journal_untold(j, 1, &entry));
    ck_assert_int_eq(entry.id, 4);
    ck_assert(!command_journal_untold(j, 4, &entry));
    ck_assert(!sp_failed(command_journal_end(j, 3, ORDER_DONE, "")));
    ck_assert(command_journal_untold(j, 1, &entry));
    ck_assert_int_eq(entry.id, 3);
    command_journal_close(j);
}
END_TEST

START_TEST(only_old_ones_whose_end_the_server_has_are_forgotten)
{
    command_journal *j = open_in(folder, NULL);
    command_entry entry;

    add(j, 1, ORDER_OPEN_DOOR);
    ck_assert(!sp_failed(command_journal_end(j, 1, ORDER_DONE, "")));
    for (int64_t id = 2; id <= KEPT + 10; id++) {
        add(j, id, ORDER_OPEN_DOOR);
        ck_assert(!sp_failed(command_journal_end(j, id, ORDER_DONE, "")));
        ck_assert(!sp_failed(command_journal_told(j, id)));
    }
    is(j, 1, ORDER_DONE, "", false);
    ck_assert(!command_journal_find(j, 2, &entry));
    for (int64_t id = 11; id <= KEPT + 10; id++)
        is(j, id, ORDER_DONE, "", true);
    command_journal_close(j);
}
END_TEST

START_TEST(the_enrolment_goes_when_the_server_has_the_end_of_the_reset)
{
    command_journal *j = open_in(folder, NULL);

    ck_assert(!sp_failed(command_journal_add(
        j, &(command_entry){.id = 7, .kind = ORDER_RESET, .state = ORDER_BEGUN, .sign_out = true})));
    ck_assert(!command_journal_leaving(j));
    ck_assert(!sp_failed(command_journal_end(j, 7, ORDER_DONE, "")));
    ck_assert(!command_journal_leaving(j));
    ck_assert(!sp_failed(command_journal_told(j, 7)));
    ck_assert(command_journal_leaving(j));
    command_journal_close(j);
    j = open_in(folder, NULL);
    ck_assert(command_journal_leaving(j));
    ck_assert(!sp_failed(command_journal_signed_out(j)));
    ck_assert(!command_journal_leaving(j));
    command_journal_close(j);
}
END_TEST

START_TEST(nor_when_the_reset_failed)
{
    command_journal *j = open_in(folder, NULL);

    ck_assert(!sp_failed(command_journal_add(
        j, &(command_entry){.id = 7, .kind = ORDER_RESET, .state = ORDER_BEGUN, .sign_out = true})));
    ck_assert(!sp_failed(command_journal_end(j, 7, ORDER_FAILED, "RECORDS_UNSENT")));
    ck_assert(!sp_failed(command_journal_told(j, 7)));
    ck_assert(!command_journal_leaving(j));
    command_journal_close(j);
}
END_TEST

START_TEST(a_damaged_file_begins_anew_and_says_so)
{
    char path[128];
    FILE *file;

    command_journal_close(open_in(folder, NULL));
    snprintf(path, sizeof path, "%s/commands.db", folder);
    file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 5000; i++)
        fputs("no database", file);
    fclose(file);
    command_journal *j = open_in(folder, NULL);
    ck_assert(command_journal_was_lost(j));
    add(j, 1, ORDER_OPEN_DOOR);
    command_journal_close(j);
    j = open_in(folder, NULL);
    ck_assert(!command_journal_was_lost(j));
    is(j, 1, ORDER_FAILED, "INTERRUPTED", false);
    command_journal_close(j);
}
END_TEST

/* ---- The power goes ---- */

static jmp_buf off;
static volatile int64_t moved, ended; /* the last that the door moved for, and whose end came back */

static void work(command_journal *j)
{
    for (int64_t id = 1; id < 500; id++) {
        add(j, id, ORDER_OPEN_DOOR);
        moved = id;
        ck_assert(!sp_failed(command_journal_end(j, id, ORDER_DONE, "")));
        ended = id;
        if (id % 2)
            ck_assert(!sp_failed(command_journal_told(j, id)));
    }
}

/* Nothing that the door moved for is unknown, so nothing is begun twice; what was done is known as done. */
static void check_survivor(const char *where, int cut)
{
    command_journal *j = open_in(where, NULL);
    command_entry entry;

    ck_assert_msg(!command_journal_was_lost(j), "cut %d: it is damaged", cut);
    for (int64_t id = moved > KEPT ? moved - 200 : 1; id <= moved; id++) {
        ck_assert_msg(command_journal_find(j, id, &entry), "cut %d: command %d is forgotten", cut, (int)id);
        ck_assert_msg(entry.state == ORDER_DONE || (id > ended && entry.state == ORDER_FAILED),
                      "cut %d: command %d is %d", cut, (int)id, entry.state);
    }
    command_journal_close(j);
}

/* Whether the door had moved for one whose end was not written down yet. */
static bool cut_once(int cut, unsigned *dice)
{
    char before[64], after[64];
    command_journal *j;

    folder_make(before);
    folder_make(after);
    moved = ended = 0;
    j = open_in(before, "power-cut");
    if (setjmp(off) == 0) {
        power_cut_after(1 + rand_r(dice) % 400, &off);
        work(j);
    }
    ck_assert(power_cut_restore(after, (unsigned)rand_r(dice)));
    check_survivor(after, cut);
    folder_remove(before);
    folder_remove(after);
    return moved > ended;
}

START_TEST(no_power_cut_makes_it_forget_what_the_door_moved_for)
{
    unsigned dice = 20261123;
    int while_moving = 0;

    power_cut_register();
    for (int cut = 0; cut < CUTS; cut++)
        while_moving += cut_once(cut, &dice);
    ck_assert_int_gt(while_moving, CUTS / 10);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "command journal", 120, what_was_given_is_known_for_good,
                        what_was_begun_has_ended_by_the_next_start, ends_are_told_in_order_until_the_server_has_them,
                        only_old_ones_whose_end_the_server_has_are_forgotten,
                        the_enrolment_goes_when_the_server_has_the_end_of_the_reset, nor_when_the_reset_failed,
                        a_damaged_file_begins_anew_and_says_so, no_power_cut_makes_it_forget_what_the_door_moved_for);
}
