/* The settings on the disk: all of a message or nothing of it, whatever happens; and what former programs left there.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "database.h"
#include "power_cut_vfs.h"
#include "settings_store.h"
#include "suite.h"
#include "temporary_folder.h"

static char folder[64];
static char path[128];
static sqlite3 *database;

/* A machine without power closes nothing; its memory is lost with it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static void begin(void)
{
    folder_make(folder);
    snprintf(path, sizeof path, "%s/settings.db", folder);
}

static void end(void)
{
    folder_remove(folder);
}

static settings_store *open_settings(const char *file, const char *vfs)
{
    settings_store *s = NULL;

    ck_assert(!sp_failed(database_open(file, vfs, &database)));
    ck_assert(!sp_failed(settings_store_new(database, NULL, &s)));
    return s;
}

static void close_settings(settings_store *s)
{
    settings_store_free(s);
    database_close(database);
}

static kept_setting keep(uint32_t key, int64_t version, uint64_t edit, int64_t number, const char *text)
{
    return (kept_setting){setting_find(key), {version, edit}, {number, text}};
}

/* ---- What is kept --------------------------------------------------------------------------------------------------
 */

START_TEST(what_was_never_set_is_the_factorys)
{
    const terminal_settings factory = settings_factory();
    settings_store *s = open_settings(path, NULL);

    ck_assert_mem_eq(settings_store_values(s), &factory, sizeof factory);
    ck_assert_int_eq(settings_store_cursor(s), 0);
    close_settings(s);
}
END_TEST

START_TEST(values_versions_edits_and_cursor_come_back)
{
    settings_store *s = open_settings(path, NULL);
    const kept_setting kept[] = {keep(SETTING_KEY_volume, 7, 0, 55, ""),
                                 keep(SETTING_KEY_company_name, 8, UINT64_MAX, 0, "Acme · 北京"),
                                 keep(SETTING_KEY_compensation_tenths, 9, 0, -10, "")};
    setting_state state;

    ck_assert(!sp_failed(settings_store_keep(s, kept, 3, 9)));
    close_settings(s);
    s = open_settings(path, NULL);
    ck_assert_int_eq(settings_store_values(s)->volume, 55);
    ck_assert_str_eq(settings_store_values(s)->company_name, "Acme · 北京");
    ck_assert_int_eq(settings_store_values(s)->compensation_tenths, -10);
    ck_assert_int_eq(settings_store_cursor(s), 9);
    state = settings_store_state(s, setting_find(SETTING_KEY_company_name));
    ck_assert(state.version == 8 && state.edit == UINT64_MAX);
    close_settings(s);
}
END_TEST

START_TEST(a_reset_leaves_password_and_names)
{
    settings_store *s = open_settings(path, NULL);
    const kept_setting kept[] = {keep(SETTING_KEY_volume, 1, 0, 55, ""), keep(SETTING_KEY_device_name, 2, 0, 0, "Gate"),
                                 keep(SETTING_KEY_password, 3, 0, 0, "pbkdf2-sha256$1$a$b"),
                                 keep(SETTING_KEY_fan, 4, 99, 0, "")};

    ck_assert(!sp_failed(settings_store_keep(s, kept, 4, 4)));
    ck_assert(!sp_failed(settings_store_reset(s)));
    close_settings(s);
    s = open_settings(path, NULL);
    ck_assert_int_eq(settings_store_values(s)->volume, 20);
    ck_assert(settings_store_values(s)->fan);
    ck_assert_str_eq(settings_store_values(s)->device_name, "Gate");
    ck_assert_str_eq(settings_store_values(s)->password, "pbkdf2-sha256$1$a$b");
    ck_assert(settings_store_state(s, setting_find(SETTING_KEY_fan)).edit == 0);
    ck_assert_int_eq(settings_store_cursor(s), 4);
    close_settings(s);
}
END_TEST

START_TEST(a_row_that_makes_no_sense_counts_as_the_factorys)
{
    settings_store *s = open_settings(path, NULL);

    ck_assert(!sp_failed(database_run(database, "INSERT INTO setting VALUES (23, 5, 0, 101, ''), (10, 5, 0, 9, ''),"
                                                " (99, 5, 0, 1, ''), (38, 5, 0, 0, 'wide')")));
    close_settings(s);
    s = open_settings(path, NULL);
    ck_assert_int_eq(settings_store_values(s)->volume, 20);
    ck_assert_int_eq(settings_store_values(s)->relay_mode, RELAY_STAYS_OPEN);
    ck_assert_str_eq(settings_store_values(s)->camera_resolution, "1280x720");
    ck_assert_int_eq(settings_store_state(s, setting_find(SETTING_KEY_volume)).version, 0);
    close_settings(s);
}
END_TEST

START_TEST(what_a_former_program_kept_is_taken_over_once)
{
    settings_store *s;

    ck_assert(!sp_failed(database_open(path, NULL, &database)));
    ck_assert(!sp_failed(database_run(database,
                                      "INSERT INTO fact VALUES ('setting.version', 12), ('setting.mask_required', 1),"
                                      " ('setting.temperature_detection', 0), ('setting.relay_ms', 7000),"
                                      " ('setting.alarm_threshold_centi', 3800), ('setting.block_abnormal', 1),"
                                      " ('setting.stranger_mode', 0), ('setting.stranger_record', 0), ('boots', 3)")));
    database_close(database);
    for (int i = 0; i < 2; i++) {
        s = open_settings(path, NULL);
        ck_assert(settings_store_values(s)->mask_required && !settings_store_values(s)->temperature_detection);
        ck_assert_int_eq(settings_store_values(s)->alarm_threshold_centi, 3800);
        ck_assert_int_eq(settings_store_values(s)->relay_seconds, 7);
        ck_assert_int_eq(settings_store_values(s)->relay_mode, RELAY_PULSES_HIGH);
        ck_assert_int_eq(settings_store_values(s)->volume, i == 0 ? 20 : 33);
        ck_assert_int_eq(settings_store_cursor(s), 12 + i);
        ck_assert(!sp_failed(settings_store_keep(s, &(kept_setting){setting_find(23), {13, 0}, {33, ""}}, 1, 13)));
        close_settings(s);
    }
    ck_assert(!sp_failed(database_open(path, NULL, &database)));
    ck_assert_int_eq(database_fact(database, "boots", 0), 3);
    ck_assert_int_eq(database_fact(database, "setting.version", -1), -1);
    database_close(database);
}
END_TEST

/* ---- All or nothing ------------------------------------------------------------------------------------------------
 */

enum { CUTS = 60, KILLS = 20 };

static const uint32_t keys[] = {SETTING_KEY_volume, SETTING_KEY_brightness, SETTING_KEY_test_threshold};

/* One message: the same number for all of them, and a text and a cursor that go with it. */
static sp_status keep_round(settings_store *s, int64_t round)
{
    kept_setting kept[4];
    char text[16];

    for (int i = 0; i < 3; i++)
        kept[i] = keep(keys[i], round, (uint64_t)round, round % 101, "");
    snprintf(text, sizeof text, "round %d", (int)round);
    kept[3] = keep(SETTING_KEY_company_name, round, 0, 0, text);
    return settings_store_keep(s, kept, 4, round);
}

static void check_round(const settings_store *s, int64_t durable, const char *what, int which)
{
    const terminal_settings *v = settings_store_values(s);
    int64_t cursor = settings_store_cursor(s);
    char text[16];

    ck_assert_msg(cursor == durable || cursor == durable + 1, "%s %d: %d instead of %d", what, which, (int)cursor,
                  (int)durable);
    if (cursor == 0)
        return;
    snprintf(text, sizeof text, "round %d", (int)cursor);
    ck_assert_str_eq(v->company_name, text);
    ck_assert(v->volume == cursor % 101 && v->brightness == cursor % 101 && v->test_threshold == cursor % 101);
    for (int i = 0; i < 3; i++) {
        setting_state state = settings_store_state(s, setting_find(keys[i]));

        ck_assert(state.version == cursor && state.edit == (uint64_t)cursor);
    }
}

static jmp_buf off;
static volatile int64_t durable_round;

static void cut_once(int cut, unsigned *dice)
{
    char before[64], after[64], file[128];
    settings_store *s;

    folder_make(before);
    folder_make(after);
    durable_round = 0;
    snprintf(file, sizeof file, "%s/cut.db", before);
    s = open_settings(file, "power-cut");
    ck_assert(!sp_failed(database_run(database, "PRAGMA wal_autocheckpoint = 20")));
    if (setjmp(off) == 0) {
        power_cut_after(5 + rand_r(dice) % 400, &off);
        for (int64_t round = 1; !sp_failed(keep_round(s, round)); round++)
            durable_round = round;
    }
    ck_assert(power_cut_restore(after, (unsigned)rand_r(dice)));
    snprintf(file, sizeof file, "%s/cut.db", after);
    s = open_settings(file, NULL);
    check_round(s, durable_round, "cut", cut);
    close_settings(s);
    folder_remove(before);
    folder_remove(after);
}

START_TEST(a_power_cut_leaves_a_message_whole_or_out)
{
    unsigned dice = 6;

    power_cut_register();
    for (int cut = 0; cut < CUTS; cut++)
        cut_once(cut, &dice);
}
END_TEST

/* The child says each round that is durable, and is killed in the middle of another. */
static int64_t run_and_kill(int64_t from, int microseconds)
{
    int64_t round = from, told;
    int pipes[2];
    pid_t child;

    ck_assert_int_eq(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        settings_store *s = open_settings(path, NULL);

        while (!sp_failed(keep_round(s, ++round)) && write(pipes[1], &round, sizeof round) == sizeof round)
            ;
        _exit(1);
    }
    close(pipes[1]);
    ck_assert_int_eq(read(pipes[0], &told, sizeof told), sizeof told);
    usleep((useconds_t)microseconds);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    do
        round = told;
    while (read(pipes[0], &told, sizeof told) == sizeof told);
    close(pipes[0]);
    return round;
}

START_TEST(a_kill_leaves_a_message_whole_or_out)
{
    int64_t round = 0;

    for (int i = 0; i < KILLS; i++) {
        settings_store *s;

        round = run_and_kill(round, i * 1700);
        s = open_settings(path, NULL);
        check_round(s, round, "kill", i);
        round = settings_store_cursor(s);
        close_settings(s);
    }
}
END_TEST

/* ---- In memory -----------------------------------------------------------------------------------------------------
 */

START_TEST(in_memory_the_same_holds_as_on_a_disk)
{
    settings_store *s = settings_store_in_memory();
    const kept_setting kept[] = {keep(SETTING_KEY_volume, 7, 5, 55, ""),
                                 keep(SETTING_KEY_device_name, 8, 0, 0, "Gate")};

    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(settings_store_values(s)->volume, 20);
    ck_assert(!sp_failed(settings_store_keep(s, kept, 2, 8)));
    ck_assert_int_eq(settings_store_values(s)->volume, 55);
    ck_assert(settings_store_state(s, setting_find(SETTING_KEY_volume)).edit == 5);
    ck_assert_int_eq(settings_store_cursor(s), 8);
    ck_assert(!sp_failed(settings_store_reset(s)));
    ck_assert_int_eq(settings_store_values(s)->volume, 20);
    ck_assert_str_eq(settings_store_values(s)->device_name, "Gate");
    settings_store_free(s);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "settings store", 120, what_was_never_set_is_the_factorys,
                        values_versions_edits_and_cursor_come_back, a_reset_leaves_password_and_names,
                        a_row_that_makes_no_sense_counts_as_the_factorys, what_a_former_program_kept_is_taken_over_once,
                        a_power_cut_leaves_a_message_whole_or_out, a_kill_leaves_a_message_whole_or_out,
                        in_memory_the_same_holds_as_on_a_disk);
}
