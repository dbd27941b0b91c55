#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "archive.h"
#include "collection.h"
#include "made_zip.h"
#include "suite.h"

enum { ENTRIES_MAX = 250000, READ_MAX = 1 << 20 };

static const char STATEMENT[] = "what the file says";

static int file;

static void begin(void)
{
    file = memfd_create("zip", MFD_CLOEXEC);
    ck_assert_int_ge(file, 0);
}

static void end(void)
{
    close(file);
}

/* Takes the bytes. */
static sp_status opened(uint8_t *bytes, size_t size, archive **ret_archive)
{
    ck_assert_int_eq(ftruncate(file, 0), 0);
    ck_assert_int_eq(pwrite(file, bytes, size, 0), (ssize_t)size);
    free(bytes);
    *ret_archive = NULL;
    return archive_open_collection(file, size, ENTRIES_MAX, ret_archive);
}

static void refused(uint8_t *bytes, size_t size, sp_status why)
{
    archive *a;

    ck_assert_str_eq(opened(bytes, size, &a).reason, why.reason);
}

static archive *taken(uint8_t *bytes, size_t size)
{
    archive *a;

    ck_assert_str_eq(opened(bytes, size, &a).reason, "");
    return a;
}

/* How reading the entry to its end goes. */
static const char *reading(archive *a, int64_t index, char *ret_text)
{
    static char bytes[READ_MAX];
    archive_entry *entry;
    size_t size = 0, n = 1;
    sp_status status = archive_entry_open(a, index, &entry);

    if (sp_failed(status))
        return status.reason;
    while (n > 0 && !sp_failed(status) && size < sizeof bytes) {
        status = archive_entry_read(entry, bytes + size, sizeof bytes - size, &n);
        size += sp_failed(status) ? 0 : n;
    }
    archive_entry_close(entry);
    if (ret_text)
        snprintf(ret_text, 64, "%.*s", (int)size, bytes);
    return status.reason;
}

/* Two entries with the statement, the first of this name. */
static uint8_t *two(const char *name, size_t *ret_size)
{
    made_zip z;

    made_zip_init(&z);
    made_zip_add(&z, name, STATEMENT, strlen(STATEMENT));
    made_zip_add(&z, "second", STATEMENT, strlen(STATEMENT));
    return made_zip_done(&z, ret_size);
}

/* Where the n-th (from 1) header of this sort stands. */
static uint8_t *header(uint8_t *bytes, size_t size, const char *mark, int n)
{
    uint8_t *at = bytes;

    for (; n > 0; n--, at++) {
        at = memmem(at, size - (size_t)(at - bytes), mark, 4);
        ck_assert_ptr_nonnull(at);
    }
    return at - 1;
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static void name_is(const char *path, const char *name)
{
    char found[COLLECTION_NAME_MAX + 1];

    ck_assert_msg(!collection_skips(path), "%s is skipped", path);
    collection_name(path, found);
    ck_assert_str_eq(found, name);
}

START_TEST(folders_do_not_count)
{
    name_is("0007.jpg", "0007.jpg");
    name_is("a/b/0007.jpg", "0007.jpg");
    name_is("a\\b\\0007.jpg", "0007.jpg");
    name_is("C:\\a/b\\0007.jpg", "0007.jpg");
    name_is("/0007.jpg", "0007.jpg");
    name_is("../../etc/0007.jpg", "0007.jpg");
    name_is("..\\..\\0007.jpg", "0007.jpg");
    name_is("a.__MACOSX/0007.jpg", "0007.jpg");
}
END_TEST

START_TEST(what_desktops_add_is_passed_over)
{
    static const char *const paths[] = {
        "a/",
        "",
        "a\\",
        ".DS_Store",
        "a/.DS_Store",
        "__MACOSX/._0007.jpg",
        "a/__MACOSX/0007.jpg",
        "a/.x.jpg",
        "Thumbs.db",
        "a/THUMBS.DB",
        "desktop.ini",
        "..",
        "a/..",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        ck_assert_msg(collection_skips(paths[i]), "%s", paths[i]);
}
END_TEST

START_TEST(names_are_text_and_never_too_long)
{
    char path[1000], name[COLLECTION_NAME_MAX + 1];

    name_is("a\x01\n\x7f.jpg", "a???.jpg");
    name_is("\xff\xfe.jpg", "??.jpg");
    name_is("\u5458\u5de5.jpg", "\u5458\u5de5.jpg");
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    memcpy(path + 253, "\u5458", 3);
    collection_name(path, name);
    ck_assert_uint_eq(strlen(name), 253); /* no half character */
}
END_TEST

START_TEST(names_are_utf_8_or_of_dos)
{
    size_t size;
    uint8_t *bytes = two("\x81\x84.jpg", &size); /* ü and ä in code page 437 */
    archive *a = taken(bytes, size);

    ck_assert_str_eq(archive_name(a, 0, NULL), "üä.jpg");
    archive_close(a);
    bytes = two("\u5458\u5de5.jpg", &size);
    header(bytes, size, "PK\1\2", 1)[9] = 8; /* says that it is UTF-8 */
    header(bytes, size, "PK\3\4", 1)[7] = 8;
    a = taken(bytes, size);
    ck_assert_str_eq(archive_name(a, 0, NULL), "\u5458\u5de5.jpg");
    archive_close(a);
    bytes = two("\u5458\u5de5.jpg", &size); /* many tools write it and do not say so */
    a = taken(bytes, size);
    ck_assert_str_eq(archive_name(a, 0, NULL), "\u5458\u5de5.jpg");
    archive_close(a);
}
END_TEST

/* ---- One entry that is wrong ------------------------------------------------------------------------------------- */

/* The first entry fails so, the second is read. */
static void first_fails(uint8_t *bytes, size_t size, sp_status why)
{
    archive *a = taken(bytes, size);
    char text[64];

    ck_assert_str_eq(reading(a, 0, NULL), why.reason);
    ck_assert_str_eq(reading(a, 1, text), "");
    ck_assert_str_eq(text, STATEMENT);
    archive_close(a);
}

START_TEST(a_name_that_comes_twice_is_no_reason_to_refuse_the_rest)
{
    size_t size;
    uint8_t *bytes = two("second", &size);
    archive *a = taken(bytes, size);

    ck_assert_int_eq(archive_entries(a), 2);
    ck_assert_str_eq(reading(a, 0, NULL), "");
    ck_assert_str_eq(reading(a, 1, NULL), "");
    archive_close(a);
}
END_TEST

START_TEST(an_encrypted_entry_fails_alone)
{
    size_t size;
    uint8_t *bytes = two("first", &size);

    header(bytes, size, "PK\1\2", 1)[8] |= 1;
    header(bytes, size, "PK\3\4", 1)[6] |= 1;
    first_fails(bytes, size, ARCHIVE_ENCRYPTED);
}
END_TEST

START_TEST(an_unknown_way_of_packing_fails_alone)
{
    size_t size;
    uint8_t *bytes = two("first", &size);

    header(bytes, size, "PK\1\2", 1)[10] = 12 /* bzip2 */;
    header(bytes, size, "PK\3\4", 1)[8] = 12;
    first_fails(bytes, size, ARCHIVE_PACKING_UNKNOWN);
}
END_TEST

START_TEST(a_wrong_checksum_fails_alone)
{
    size_t size;
    uint8_t *bytes = two("first", &size);

    header(bytes, size, "PK\1\2", 1)[16] ^= 1;
    header(bytes, size, "PK\3\4", 1)[14] ^= 1;
    first_fails(bytes, size, ARCHIVE_NOT_READABLE);
}
END_TEST

START_TEST(damaged_bytes_fail_alone)
{
    size_t size;
    uint8_t *bytes = two("first", &size);

    bytes[30 + strlen("first") + 4] ^= 0x55;
    first_fails(bytes, size, ARCHIVE_NOT_READABLE);
}
END_TEST

enum { BOMB = 64 << 20 };

static double cpu_seconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
}

START_TEST(a_bomb_fails_alone_and_is_not_inflated)
{
    uint8_t *blanks = calloc(1, BOMB);
    made_zip z;
    size_t size;

    made_zip_init(&z);
    made_zip_add(&z, "bomb", blanks, BOMB);
    made_zip_add(&z, "second", STATEMENT, strlen(STATEMENT));
    uint8_t *bytes = made_zip_done(&z, &size);
    double began = cpu_seconds();
    first_fails(bytes, size, ARCHIVE_TOO_LARGE);
    made_zip_init(&z);
    made_zip_add_lying(&z, "bomb", blanks, BOMB, 1000);
    made_zip_add(&z, "second", STATEMENT, strlen(STATEMENT));
    bytes = made_zip_done(&z, &size);
    first_fails(bytes, size, ARCHIVE_NOT_READABLE);
    ck_assert_double_le(cpu_seconds() - began, 0.1);
    free(blanks);
}
END_TEST

/* ---- A zip that is wrong ----------------------------------------------------------------------------------------- */

START_TEST(entries_that_share_bytes_are_refused)
{
    made_zip z;
    size_t size;

    made_zip_init(&z);
    made_zip_add(&z, "first", STATEMENT, strlen(STATEMENT));
    made_entry first = made_zip_last(&z);
    made_zip_point(&z, "second", first);
    uint8_t *bytes = made_zip_done(&z, &size);
    refused(bytes, size, ARCHIVE_OVERLAPS);

    /* The bytes of one are the headers and bytes of the next. */
    made_zip_init(&z);
    made_zip_add(&z, "second", STATEMENT, strlen(STATEMENT));
    made_entry second = made_zip_last(&z);
    made_zip_add(&z, "third", STATEMENT, strlen(STATEMENT));
    second.stored += 40;
    made_zip_point(&z, "quoting", second);
    bytes = made_zip_done(&z, &size);
    refused(bytes, size, ARCHIVE_OVERLAPS);
}
END_TEST

START_TEST(a_part_of_a_split_zip_is_refused)
{
    size_t size;
    uint8_t *bytes = two("first", &size);

    header(bytes, size, "PK\5\6", 1)[4] = 1;
    refused(bytes, size, ARCHIVE_SPLIT);
    bytes = two("first", &size);
    header(bytes, size, "PK\1\2", 2)[34] = 3;
    refused(bytes, size, ARCHIVE_SPLIT);
}
END_TEST

START_TEST(what_is_cut_anywhere_is_refused)
{
    size_t size;
    uint8_t *whole = two("first", &size);

    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *bytes = malloc(cut + 1);

        memcpy(bytes, whole, cut);
        refused(bytes, cut, ARCHIVE_NOT_READABLE);
    }
    free(whole);
}
END_TEST

static void put(uint8_t *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

/* So many empty files, with the wide records that more than 65 535 need. The directory may promise more. */
static uint8_t *wide_zip(uint64_t count, uint64_t promised, size_t *ret_size)
{
    enum { LOCAL = 30 + 8, ENTRY = 46 + 8, END = 56 + 20 + 22 };
    size_t size = count * (LOCAL + ENTRY) + END;
    uint8_t *bytes = calloc(1, size), *at = bytes, *end_at = bytes + size - END;

    ck_assert_ptr_nonnull(bytes);
    for (uint64_t i = 0; i < count; i++, at += LOCAL) {
        char name[24];

        snprintf(name, sizeof name, "%08llu", (unsigned long long)i);
        memcpy(at, "PK\3\4\x14", 5);
        put(at + 26, 8, 2);
        memcpy(at + 30, name, 8);
    }
    for (uint64_t i = 0; i < count; i++, at += ENTRY) {
        memcpy(at, "PK\1\2\x14\0\x14", 7);
        put(at + 28, 8, 2);
        put(at + 42, i * LOCAL, 4);
        memcpy(at + 46, bytes + i * LOCAL + 30, 8);
    }
    memcpy(end_at, "PK\6\6", 4);
    put(end_at + 4, 44, 8);
    put(end_at + 24, promised, 8);
    put(end_at + 32, promised, 8);
    put(end_at + 40, count * ENTRY, 8);
    put(end_at + 48, count * LOCAL, 8);
    memcpy(end_at + 56, "PK\6\7", 4);
    put(end_at + 64, (uint64_t)(end_at - bytes), 8);
    put(end_at + 72, 1, 4);
    memcpy(end_at + 76, "PK\5\6", 4);
    memset(end_at + 84, 0xff, 12); /* see the wide record */
    *ret_size = size;
    return bytes;
}

START_TEST(more_entries_than_the_old_format_has_are_read)
{
    size_t size;
    uint8_t *bytes = wide_zip(110000, 110000, &size);
    archive *a = taken(bytes, size);

    ck_assert_int_eq(archive_entries(a), 110000);
    ck_assert_str_eq(archive_name(a, 109999, NULL), "00109999");
    ck_assert_str_eq(reading(a, 109999, NULL), "");
    archive_close(a);
}
END_TEST

START_TEST(too_many_entries_are_refused_before_they_take_memory)
{
    size_t size;
    uint8_t *bytes = wide_zip(10, ENTRIES_MAX + 1, &size);

    refused(bytes, size, ARCHIVE_TOO_LARGE);
    bytes = wide_zip(10, UINT64_MAX, &size);
    refused(bytes, size, ARCHIVE_TOO_LARGE);
    bytes = wide_zip(10, 11, &size);
    refused(bytes, size, ARCHIVE_NOT_READABLE);
}
END_TEST

START_TEST(an_empty_zip_has_no_entries)
{
    size_t size;
    uint8_t *bytes = wide_zip(0, 0, &size);
    archive *a = taken(bytes, size);

    ck_assert_int_eq(archive_entries(a), 0);
    archive_close(a);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "archive collection", 30, folders_do_not_count, what_desktops_add_is_passed_over,
                        names_are_text_and_never_too_long, names_are_utf_8_or_of_dos,
                        a_name_that_comes_twice_is_no_reason_to_refuse_the_rest, an_encrypted_entry_fails_alone,
                        an_unknown_way_of_packing_fails_alone, a_wrong_checksum_fails_alone, damaged_bytes_fail_alone,
                        a_bomb_fails_alone_and_is_not_inflated, entries_that_share_bytes_are_refused,
                        a_part_of_a_split_zip_is_refused, what_is_cut_anywhere_is_refused,
                        more_entries_than_the_old_format_has_are_read,
                        too_many_entries_are_refused_before_they_take_memory, an_empty_zip_has_no_entries);
}
