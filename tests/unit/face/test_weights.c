#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "face.h"
#include "suite.h"

static char copy_path[] = "/tmp/face-weights-XXXXXX";
static char *whole;
static size_t whole_size;

static void begin(void)
{
    FILE *file = fopen(WEIGHTS, "rb");
    int fd;

    strcpy(copy_path + sizeof copy_path - 7, "XXXXXX");
    fd = mkstemp(copy_path);
    whole = malloc(64 << 20);
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(whole);
    ck_assert_int_ge(fd, 0);
    whole_size = fread(whole, 1, 64 << 20, file);
    fclose(file);
    close(fd);
}

static void end(void)
{
    unlink(copy_path);
    free(whole);
}

static void write_copy(size_t size)
{
    FILE *file = fopen(copy_path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(whole, 1, size, file), size);
    fclose(file);
}

static void refused_with(int reason)
{
    errno = 0;
    ck_assert_ptr_null(face_weights_load(copy_path));
    ck_assert_int_eq(errno, reason);
}

START_TEST(a_sound_file_is_taken)
{
    write_copy(whole_size);
    face_weights *weights = face_weights_load(copy_path);
    ck_assert_ptr_nonnull(weights);
    face_weights_free(weights);
}
END_TEST

START_TEST(a_missing_file_says_so)
{
    unlink(copy_path);
    refused_with(ENOENT);
}
END_TEST

START_TEST(one_wrong_bit_anywhere_is_noticed)
{
    for (size_t at = 0; at < whole_size; at += at < 256 ? 17 : whole_size / 7) {
        whole[at] ^= 1;
        write_copy(whole_size);
        refused_with(EBADMSG);
        whole[at] ^= 1;
    }
}
END_TEST

START_TEST(a_file_cut_short_is_noticed)
{
    static const size_t sizes[] = {0, 1, 8, 24, 100, 4096, 1 << 20};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_copy(sizes[i]);
        refused_with(EBADMSG);
    }
    write_copy(whole_size - 64);
    refused_with(EBADMSG);
}
END_TEST

/* As weights.h describes it: so that damage passes the checksum and meets the checks behind it. */
static void seal(void)
{
    uint64_t sum = 0xcbf29ce484222325u, word;

    for (size_t at = 16; at < whole_size; at += sizeof word) {
        memcpy(&word, whole + at, sizeof word);
        sum = (sum ^ word) * 0x100000001b3u;
    }
    memcpy(whole + 8, &sum, sizeof sum);
}

START_TEST(a_well_sealed_file_with_foreign_shapes_is_refused)
{
    enum { COUNT = 16, FIRST_NAME = 24, FIRST_DEPTH = 72, FIRST_OFFSET = 80 };
    static const struct {
        size_t at;
        uint64_t value;
        size_t size;
    } damages[] = {
        {COUNT, 0, 4},
        {COUNT, 3, 4},
        {COUNT, UINT32_MAX, 4},
        {FIRST_NAME, 'x', 1},
        {FIRST_DEPTH, 7, 4},
        {FIRST_DEPTH, 0, 4},
        {FIRST_DEPTH, UINT32_MAX, 4},
        {FIRST_OFFSET, 0, 8},
        {FIRST_OFFSET, 1, 8},
        {FIRST_OFFSET, UINT64_MAX, 8},
        {FIRST_OFFSET, 1ull << 40, 8},
    };

    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char before[8];

        memcpy(before, whole + damages[i].at, sizeof before);
        memcpy(whole + damages[i].at, &damages[i].value, damages[i].size);
        seal();
        write_copy(whole_size);
        refused_with(EBADMSG);
        memcpy(whole + damages[i].at, before, sizeof before);
    }
    seal();
    write_copy(whole_size);
    face_weights *weights = face_weights_load(copy_path);
    ck_assert_ptr_nonnull(weights); /* the seal of this test is the right one */
    face_weights_free(weights);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("weights");
    TCase *tests = tcase_create("weights");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_sound_file_is_taken);
    tcase_add_test(tests, a_missing_file_says_so);
    tcase_add_test(tests, one_wrong_bit_anywhere_is_noticed);
    tcase_add_test(tests, a_file_cut_short_is_noticed);
    tcase_add_test(tests, a_well_sealed_file_with_foreign_shapes_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
