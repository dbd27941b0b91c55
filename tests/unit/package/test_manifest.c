#include <check.h>
#include <string.h>

#include "package_manifest.h"
#include "suite.h"

#define SHA "00000000000000000000000000000000000000000000000000000000000000ff"

static package_manifest example(void)
{
    return (package_manifest){
        .version = {1, 2, 3}, .model = "Gate 7", .size = 42, .sha256 = {[31] = 0xFF}, .notes = "Opens faster.\nÜber."};
}

static bool reads(const char *text)
{
    package_manifest m;

    return package_manifest_read((const uint8_t *)text, strlen(text), &m);
}

START_TEST(what_is_written_is_read)
{
    package_manifest m = example();
    package_manifest again;
    uint8_t bytes[PACKAGE_MANIFEST_MAX];
    size_t n = package_manifest_write(&m, bytes);
    static const char expected[] = "version=1.2.3\nmodel=Gate 7\nsize=42\nsha256=" SHA "\nnotes=Opens faster.\nÜber.";

    ck_assert_uint_eq(n, sizeof expected - 1);
    ck_assert_mem_eq(bytes, expected, n);
    ck_assert(package_manifest_read(bytes, n, &again));
    ck_assert_int_eq(package_version_compare(again.version, m.version), 0);
    ck_assert_str_eq(again.model, m.model);
    ck_assert_uint_eq(again.size, 42);
    ck_assert_mem_eq(again.sha256, m.sha256, sizeof m.sha256);
    ck_assert_str_eq(again.notes, m.notes);
}
END_TEST

START_TEST(the_longest_fits)
{
    package_manifest m = example();
    uint8_t bytes[PACKAGE_MANIFEST_MAX];

    m.version = (package_version){65535, 65535, 65535};
    m.size = PACKAGE_SIZE_MAX;
    memset(m.model, 'm', PACKAGE_MODEL_MAX);
    memset(m.notes, 'n', PACKAGE_NOTES_MAX);
    m.model[PACKAGE_MODEL_MAX] = m.notes[PACKAGE_NOTES_MAX] = '\0';
    ck_assert_uint_gt(package_manifest_write(&m, bytes), 0);
}
END_TEST

START_TEST(what_may_not_be_there_is_not_written)
{
    uint8_t bytes[PACKAGE_MANIFEST_MAX];
    package_manifest m = example();

    m.size = 0;
    ck_assert_uint_eq(package_manifest_write(&m, bytes), 0);
    m = example();
    m.size = PACKAGE_SIZE_MAX + 1;
    ck_assert_uint_eq(package_manifest_write(&m, bytes), 0);
    m = example();
    strcpy(m.model, "a\nb");
    ck_assert_uint_eq(package_manifest_write(&m, bytes), 0);
    m = example();
    strcpy(m.notes, "\x1b[2J");
    ck_assert_uint_eq(package_manifest_write(&m, bytes), 0);
    m = example();
    strcpy(m.notes, "\xc3");
    ck_assert_uint_eq(package_manifest_write(&m, bytes), 0);
}
END_TEST

START_TEST(there_is_one_way_to_write_it)
{
    static const char *const bad[] = {
        "",
        "version=1.2.3",
        "version=1.2.3\nmodel=\nsize=42\nsha256=" SHA "\n",
        "version=1.2.3\nmodel=\nsize=042\nsha256=" SHA "\nnotes=",
        "version=1.2.3\nmodel=\nsize=+42\nsha256=" SHA "\nnotes=",
        "version=1.2.3\nmodel=\nsize=0\nsha256=" SHA "\nnotes=",
        "version=1.2.3\nmodel=\nsize=1099511627777\nsha256=" SHA "\nnotes=",
        "version=1.2\nmodel=\nsize=42\nsha256=" SHA "\nnotes=",
        "model=\nversion=1.2.3\nsize=42\nsha256=" SHA "\nnotes=",
        "version=1.2.3\nmodel=\nsize=42\nsha256="
        "00000000000000000000000000000000000000000000000000000000000000FF\nnotes=",
        "version=1.2.3\nmodel=\nsize=42\nsha256=00\nnotes=",
        "version=1.2.3\nmodel=a\tb\nsize=42\nsha256=" SHA "\nnotes=",
        "version=1.2.3\r\nmodel=\nsize=42\nsha256=" SHA "\nnotes=",
        "\nversion=1.2.3\nmodel=\nsize=42\nsha256=" SHA "\nnotes=",
        "version=1.2.3\nmodel=\nsize=42\nsha256=" SHA "\nnotes=\x7f",
    };

    ck_assert(reads("version=1.2.3\nmodel=\nsize=42\nsha256=" SHA "\nnotes="));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!reads(bad[i]), "%zu: %s", i, bad[i]);
}
END_TEST

START_TEST(a_nul_ends_nothing)
{
    char text[] = "version=1.2.3\nmodel=\nsize=42\nsha256=" SHA "\nnotes=ab";
    package_manifest m;

    text[sizeof text - 2] = '\0';
    ck_assert(!package_manifest_read((const uint8_t *)text, sizeof text - 1, &m));
}
END_TEST

START_TEST(the_head_names_kind_format_and_size)
{
    uint8_t head[PACKAGE_SIGNED_HEAD_SIZE];
    size_t size;

    package_head_write(300, head);
    ck_assert(package_head_read(head, &size));
    ck_assert_uint_eq(size, 300);
    for (size_t i = 0; i < 10; i++) {
        head[i] ^= 1;
        ck_assert_msg(!package_head_read(head, &size), "byte %zu", i);
        head[i] ^= 1;
    }
    package_head_write(0, head);
    ck_assert(!package_head_read(head, &size));
    package_head_write(PACKAGE_MANIFEST_MAX + 1, head);
    ck_assert(!package_head_read(head, &size));
}
END_TEST

int main(void)
{
    return RUN_SUITE("package manifest", 10, what_is_written_is_read, the_longest_fits,
                     what_may_not_be_there_is_not_written, there_is_one_way_to_write_it, a_nul_ends_nothing,
                     the_head_names_kind_format_and_size);
}
