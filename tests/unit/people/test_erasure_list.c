/* The list of erasures: what is added is read again, whatever a crash or somebody else did to the files. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "erasure_list.h"
#include "suite.h"

enum { DETAIL = 512 };

static const uint8_t KEY[SEAL_KEY_SIZE] = {1, 2, 3}, OTHER_KEY[SEAL_KEY_SIZE] = {3, 2, 1};
static char folder[64], path[80];
static erasure_list *list;
static erasure_entry *entries;
static size_t count;

static void up(void)
{
    snprintf(folder, sizeof folder, "/tmp/erasures-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(rmdir(folder), 0); /* the list makes it */
    snprintf(path, sizeof path, "%s/7.list", folder);
    list = erasure_list_new(folder, 7, KEY);
    ck_assert_ptr_nonnull(list);
    entries = NULL;
}

static void down(void)
{
    char command[100];

    erasure_list_free(list);
    free(entries);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static void add(erasure_list *to, int64_t enterprise_id, int64_t person_id, int64_t erased_ms)
{
    const erasure_entry entry = {enterprise_id, person_id, erased_ms};

    ck_assert(!sp_failed(erasure_list_add(to, &entry, 1)));
}

static const char *read_all(void)
{
    char detail[DETAIL];

    free(entries);
    entries = NULL;
    count = 0;
    return erasure_list_read(list, &entries, &count, detail).reason;
}

static void assert_entry(size_t i, int64_t enterprise_id, int64_t person_id, int64_t erased_ms)
{
    ck_assert_uint_lt(i, count);
    ck_assert_int_eq(entries[i].enterprise_id, enterprise_id);
    ck_assert_int_eq(entries[i].person_id, person_id);
    ck_assert_int_eq(entries[i].erased_ms, erased_ms);
}

static off_t size_of_file(void)
{
    struct stat info;

    ck_assert_int_eq(stat(path, &info), 0);
    return info.st_size;
}

static void write_behind(const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

START_TEST(a_list_without_files_has_nobody)
{
    ck_assert_str_eq(read_all(), "");
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(what_was_added_is_there_sorted_and_once_with_the_earliest_time)
{
    add(list, 2, 5, 100);
    add(list, 1, INT64_MAX, 200);
    add(list, 2, 5, 50);
    add(list, 1, 9, 300);
    ck_assert_str_eq(read_all(), "");
    ck_assert_uint_eq(count, 3);
    assert_entry(0, 1, 9, 300);
    assert_entry(1, 1, INT64_MAX, 200);
    assert_entry(2, 2, 5, 50);
}
END_TEST

START_TEST(nobody_else_may_read_the_files)
{
    struct stat info;

    add(list, 1, 1, 1);
    ck_assert_int_eq(stat(folder, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0700);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
}
END_TEST

START_TEST(the_files_of_all_servers_are_one_list)
{
    erasure_list *other = erasure_list_new(folder, 8, KEY);

    add(list, 1, 1, 10);
    add(other, 1, 2, 20);
    erasure_list_free(other);
    ck_assert_str_eq(read_all(), "");
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(a_line_cut_short_anywhere_is_no_line_and_spoils_none)
{
    off_t one;

    add(list, 1, 1, 10);
    one = size_of_file();
    for (off_t cut = one + 1; cut < 2 * one; cut++) {
        add(list, 1, 2, 20);
        ck_assert_int_eq(truncate(path, cut), 0);
        ck_assert_str_eq(read_all(), "");
        /* all but its end is the whole line */
        ck_assert_uint_eq(count, cut == 2 * one - 1 ? 2 : 1);
        add(list, 1, 3, 30);
        ck_assert_str_eq(read_all(), "");
        assert_entry(count - 1, 1, 3, 30);
        ck_assert_int_eq(truncate(path, one), 0);
    }
}
END_TEST

START_TEST(zeroes_that_a_power_cut_left_are_no_line)
{
    static const char zeroes[200];

    add(list, 1, 1, 10);
    write_behind(zeroes, sizeof zeroes);
    add(list, 1, 2, 20);
    ck_assert_str_eq(read_all(), "");
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(a_whole_line_that_is_not_ours_is_told)
{
    erasure_list *other = erasure_list_new(folder, 7, OTHER_KEY);

    add(list, 1, 1, 10);
    add(other, 1, 2, 20);
    erasure_list_free(other);
    ck_assert_str_eq(read_all(), "ERASURES_FOREIGN");
    ck_assert_ptr_null(entries);
}
END_TEST

START_TEST(a_line_whose_number_was_changed_is_told)
{
    int fd;

    add(list, 1, 1, 10);
    fd = open(path, O_WRONLY);
    ck_assert_int_eq(pwrite(fd, "2", 1, 0), 1);
    close(fd);
    ck_assert_str_eq(read_all(), "ERASURES_FOREIGN");
}
END_TEST

START_TEST(a_link_in_place_of_the_file_is_not_followed)
{
    const erasure_entry entry = {1, 1, 1};

    ck_assert_int_eq(symlink("/tmp/elsewhere", path), 0);
    ck_assert_str_eq(erasure_list_add(list, &entry, 1).reason, "ERASURES_UNWRITABLE");
}
END_TEST

START_TEST(a_folder_that_is_gone_is_told)
{
    const erasure_entry entry = {1, 1, 1};

    ck_assert_int_eq(rmdir(folder), 0);
    ck_assert_str_eq(erasure_list_add(list, &entry, 1).reason, "ERASURES_UNWRITABLE");
    ck_assert_str_eq(read_all(), "ERASURES_UNREADABLE");
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(up, down, "list of erasures", 20, a_list_without_files_has_nobody,
                        what_was_added_is_there_sorted_and_once_with_the_earliest_time, nobody_else_may_read_the_files,
                        the_files_of_all_servers_are_one_list, a_line_cut_short_anywhere_is_no_line_and_spoils_none,
                        zeroes_that_a_power_cut_left_are_no_line, a_whole_line_that_is_not_ours_is_told,
                        a_line_whose_number_was_changed_is_told, a_link_in_place_of_the_file_is_not_followed,
                        a_folder_that_is_gone_is_told);
}
