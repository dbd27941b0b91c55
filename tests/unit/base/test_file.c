#include <check.h>
#include <errno.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "suite.h"

static char folder[] = "/tmp/test_file.XXXXXX";
static char path[64];

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/note", folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

static int entries(void)
{
    DIR *open_folder = opendir(folder);
    struct dirent *entry;
    int count = 0;

    ck_assert_ptr_nonnull(open_folder);
    while ((entry = readdir(open_folder)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(open_folder);
    return count;
}

START_TEST(what_was_written_is_read_back)
{
    char *content;
    size_t size;

    ck_assert(!sp_failed(file_write(path, "a\0b", 3, 0600)));
    ck_assert(!sp_failed(file_read(path, 100, &content, &size)));
    ck_assert_uint_eq(size, 3);
    ck_assert_mem_eq(content, "a\0b", 4);
    free(content);
}
END_TEST

START_TEST(writing_replaces_and_leaves_nothing_beside)
{
    char *content;
    struct stat facts;

    ck_assert(!sp_failed(file_write(path, "a longer first version", 22, 0644)));
    ck_assert(!sp_failed(file_write(path, "second", 6, 0640)));
    ck_assert(!sp_failed(file_read(path, 100, &content, NULL)));
    ck_assert_str_eq(content, "second");
    free(content);
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_uint_eq(facts.st_mode & 0777, 0640);
    ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(the_limit_itself_is_fine_and_one_more_is_not)
{
    char *content = NULL;
    size_t size;

    ck_assert(!sp_failed(file_write(path, "12345", 5, 0600)));
    ck_assert(!sp_failed(file_read(path, 5, &content, &size)));
    ck_assert_uint_eq(size, 5);
    free(content);
    ck_assert_str_eq(file_read(path, 4, &content, &size).reason, "FILE_TOO_LARGE");
}
END_TEST

START_TEST(an_empty_file_is_an_empty_text)
{
    char *content;
    size_t size;

    ck_assert(!sp_failed(file_write(path, NULL, 0, 0600)));
    ck_assert(!sp_failed(file_read(path, 0, &content, &size)));
    ck_assert_uint_eq(size, 0);
    ck_assert_str_eq(content, "");
    free(content);
}
END_TEST

START_TEST(a_file_larger_than_one_piece_comes_whole)
{
    enum { SIZE = 100000 };
    char *written = malloc(SIZE), *content;
    size_t size;

    for (int i = 0; i < SIZE; i++)
        written[i] = (char)(i * 7);
    ck_assert(!sp_failed(file_write(path, written, SIZE, 0600)));
    ck_assert(!sp_failed(file_read(path, SIZE, &content, &size)));
    ck_assert_uint_eq(size, SIZE);
    ck_assert_mem_eq(content, written, SIZE);
    free(content);
    free(written);
}
END_TEST

START_TEST(a_missing_file_and_a_folder_are_told_apart)
{
    char *content;

    ck_assert_str_eq(file_read(path, 5, &content, NULL).reason, "FILE_NOT_FOUND");
    ck_assert_str_eq(file_read(folder, 5, &content, NULL).reason, "FILE_NOT_READABLE");
    ck_assert_int_eq(errno, EISDIR);
}
END_TEST

START_TEST(a_write_that_cannot_finish_keeps_what_was_there)
{
    ck_assert_str_eq(file_write("/tmp/no such folder/note", "x", 1, 0600).reason, "FILE_NOT_WRITABLE");
    ck_assert_int_eq(errno, ENOENT);

    /* The name is taken by a folder: the rename fails and the new file is removed again. */
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_str_eq(file_write(path, "x", 1, 0600).reason, "FILE_NOT_WRITABLE");
    ck_assert_int_eq(entries(), 1);
    rmdir(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");

    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, what_was_written_is_read_back);
    tcase_add_test(tests, writing_replaces_and_leaves_nothing_beside);
    tcase_add_test(tests, the_limit_itself_is_fine_and_one_more_is_not);
    tcase_add_test(tests, an_empty_file_is_an_empty_text);
    tcase_add_test(tests, a_file_larger_than_one_piece_comes_whole);
    tcase_add_test(tests, a_missing_file_and_a_folder_are_told_apart);
    tcase_add_test(tests, a_write_that_cannot_finish_keeps_what_was_there);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
