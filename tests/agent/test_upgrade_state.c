#include "upgrade_state.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "suite.h"
#include "temporary_folder.h"

static char home[64];
static upgrade_folder folder;
static char state_path[UPGRADE_PATH_MAX];

static void begin(void)
{
    folder_make(home);
    ck_assert(!sp_failed(upgrade_folder_of(home, &folder)));
    ck_assert(!sp_failed(upgrade_folder_make(&folder)));
    snprintf(state_path, sizeof state_path, "%s/software/state", home);
}

static void end(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", home);
    ck_assert_int_eq(system(command), 0);
}

static upgrade_state example(void)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_B, (package_version){1, 2, 3});

    s.phase = UPGRADE_FETCHING;
    s.offer = (upgrade_offer){
        .rollout_id = INT64_MAX, .version = {65535, 0, 9}, .size = 5000, .sha256 = {1, [31] = 255}, .force = true};
    s.fetched = 4096;
    s.was_online = true;
    s.boots = 2;
    s.failure = UPGRADE_OLDER;
    return s;
}

START_TEST(what_is_written_is_read)
{
    upgrade_state s = example();
    upgrade_state again;

    ck_assert(!sp_failed(upgrade_state_write(&folder, &s)));
    ck_assert(!sp_failed(upgrade_state_read(&folder, &again)));
    ck_assert_int_eq(again.current, s.current);
    ck_assert_int_eq(package_version_compare(again.current_version, s.current_version), 0);
    ck_assert_int_eq(again.phase, s.phase);
    ck_assert_int_eq(again.offer.rollout_id, s.offer.rollout_id);
    ck_assert_int_eq(package_version_compare(again.offer.version, s.offer.version), 0);
    ck_assert_uint_eq(again.offer.size, s.offer.size);
    ck_assert_mem_eq(again.offer.sha256, s.offer.sha256, sizeof s.offer.sha256);
    ck_assert(again.offer.force);
    ck_assert_uint_eq(again.fetched, s.fetched);
    ck_assert(again.was_online);
    ck_assert_uint_eq(again.boots, s.boots);
    ck_assert_int_eq(again.failure, s.failure);
}
END_TEST

START_TEST(a_state_that_is_not_whole_is_none)
{
    upgrade_state s = example();
    upgrade_state again;
    char *text;
    size_t size;

    ck_assert(sp_failed(upgrade_state_read(&folder, &again)));
    ck_assert(!sp_failed(upgrade_state_write(&folder, &s)));
    ck_assert(!sp_failed(file_read(state_path, 4096, &text, &size)));
    for (size_t n = 0; n < size; n++) {
        ck_assert(!sp_failed(file_write(state_path, text, n, 0600)));
        ck_assert_msg(sp_failed(upgrade_state_read(&folder, &again)), "%zu bytes of it", n);
    }
    free(text);
    s.fetched = s.offer.size + 1;
    ck_assert(!sp_failed(upgrade_state_write(&folder, &s)));
    ck_assert(sp_failed(upgrade_state_read(&folder, &again)));
}
END_TEST

START_TEST(a_program_takes_its_slot_runnable)
{
    char fresh[UPGRADE_PATH_MAX], program[UPGRADE_PATH_MAX];
    struct stat facts;
    FILE *out;

    upgrade_fresh_path(&folder, UPGRADE_SLOT_B, fresh);
    upgrade_program_path(&folder, UPGRADE_SLOT_B, program);
    out = fopen(fresh, "we");
    fputs("program", out);
    fflush(out);
    ck_assert(!sp_failed(upgrade_program_place(&folder, UPGRADE_SLOT_B, fileno(out))));
    fclose(out);
    ck_assert_int_ne(access(fresh, F_OK), 0);
    ck_assert_int_eq(stat(program, &facts), 0);
    ck_assert_int_eq(facts.st_mode & 07777, 0700);
}
END_TEST

START_TEST(what_a_killed_writer_left_goes)
{
    char left[UPGRADE_PATH_MAX];
    upgrade_state s = example();

    snprintf(left, sizeof left, "%.800s.abcdef", state_path);
    ck_assert(!sp_failed(file_write(left, "x", 1, 0600)));
    ck_assert(!sp_failed(upgrade_state_write(&folder, &s)));
    ck_assert(!sp_failed(upgrade_folder_make(&folder)));
    ck_assert_int_ne(access(left, F_OK), 0);
    ck_assert_int_eq(access(state_path, F_OK), 0);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "upgrade state", 60, what_is_written_is_read, a_state_that_is_not_whole_is_none,
                        a_program_takes_its_slot_runnable, what_a_killed_writer_left_goes);
}
