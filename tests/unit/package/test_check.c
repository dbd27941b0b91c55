/* Packages that are whole and good, and every way in which they are not. */
#include "package_check.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "csr.h"
#include "file.h"
#include "package_write.h"
#include "suite.h"

enum { PAYLOAD = 3000 };

static char folder[] = "/tmp/package-XXXXXX";
static char *secret; /* of the key that is trusted */
static package_keys *keys;
static uint8_t *package;
static size_t package_size;

static void put_key(const char *name, const char *pem)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert(!sp_failed(file_write(path, pem, strlen(pem), 0600)));
}

static void make_package(const char *private_pem, size_t payload)
{
    package_manifest m = {.version = {2, 0, 1}, .model = "Gate", .notes = "Notes"};
    FILE *in = tmpfile();
    FILE *out = tmpfile();

    for (size_t i = 0; i < payload; i++)
        fputc((int)(i * 7 % 251), in);
    ck_assert(!sp_failed(package_write(in, private_pem, &m, out)));
    package_size = (size_t)ftell(out);
    package = realloc(package, package_size);
    rewind(out);
    ck_assert_uint_eq(fread(package, 1, package_size, out), package_size);
    fclose(in);
    fclose(out);
}

static void begin(void)
{
    char *known;
    size_t unusable;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert(!sp_failed(package_key_new(&secret, &known)));
    put_key("release.pem", known);
    free(known);
    keys = package_keys_load(folder, &unusable);
    ck_assert_uint_eq(unusable, 0);
    ck_assert_uint_eq(package_keys_count(keys), 1);
    make_package(secret, PAYLOAD);
}

static void end(void)
{
    char command[160];

    package_keys_free(keys);
    secret_text_free(secret);
    free(package);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* The reason of the first failure, with the bytes given in pieces of that size; "": it is good. */
static const char *check_pieces(const package_keys *trusted, size_t size, size_t piece, uint64_t limit)
{
    package_check *c = package_check_new(trusted, limit);
    sp_status status = SP_DONE;

    for (size_t at = 0; at < size && !sp_failed(status); at += piece)
        status = package_check_add(c, package + at, piece < size - at ? piece : size - at);
    if (!sp_failed(status))
        status = package_check_end(c);
    ck_assert(sp_failed(status) == !package_check_manifest(c));
    package_check_free(c);
    return status.reason;
}

static const char *check_whole(void)
{
    return check_pieces(keys, package_size, package_size, PACKAGE_PAYLOAD_MAX);
}

START_TEST(a_package_is_good_in_pieces_of_any_size)
{
    static const size_t pieces[] = {1, 2, 3, 11, 12, 13, 75, 76, 77, 100, 1000, 100000};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        ck_assert_str_eq(check_pieces(keys, package_size, pieces[i], PAYLOAD), "");
}
END_TEST

START_TEST(its_manifest_and_key_are_told_before_the_payload_has_come)
{
    package_check *c = package_check_new(keys, PAYLOAD);
    size_t before = package_size - PAYLOAD;

    ck_assert(!sp_failed(package_check_add(c, package, before - 1)));
    ck_assert_ptr_null(package_check_manifest(c));
    ck_assert_uint_eq(package_check_payload_offset(c), 0);
    ck_assert(!sp_failed(package_check_add(c, package + before - 1, 1)));
    ck_assert_str_eq(package_check_manifest(c)->model, "Gate");
    ck_assert_str_eq(package_check_manifest(c)->notes, "Notes");
    ck_assert_uint_eq(package_check_manifest(c)->size, PAYLOAD);
    ck_assert_str_eq(package_check_key_name(c), "release");
    ck_assert_uint_eq(package_check_payload_offset(c), before);
    ck_assert_str_eq(package_check_end(c).reason, "DAMAGED");
    package_check_free(c);
}
END_TEST

START_TEST(no_bit_may_be_turned)
{
    size_t manifest_end = package_size - PAYLOAD;

    for (size_t i = 0; i < package_size; i++) {
        const char *reason;
        const char *expected = i < 10 ? "NOT_A_PACKAGE" : i < manifest_end ? "SIGNATURE_BAD" : "DAMAGED";

        package[i] ^= (uint8_t)(1 << i % 8);
        reason = check_whole();
        package[i] ^= (uint8_t)(1 << i % 8);
        if (i == 10 ||
            i == 11) /* another size of the manifest: too long for a package, or another text than was signed */
            ck_assert_str_ne(reason, "");
        else
            ck_assert_msg(strcmp(reason, expected) == 0, "byte %zu: %s", i, reason);
    }
    ck_assert_str_eq(check_whole(), "");
}
END_TEST

START_TEST(nothing_may_be_cut_off)
{
    for (size_t size = 0; size < package_size; size++) {
        const char *reason = check_pieces(keys, size, 512, PAYLOAD);

        ck_assert_msg(strcmp(reason, size < PACKAGE_HEAD_SIZE ? "NOT_A_PACKAGE" : "DAMAGED") == 0, "%zu: %s", size,
                      reason);
    }
}
END_TEST

START_TEST(nothing_may_follow)
{
    package = realloc(package, package_size + 1);
    package[package_size++] = 0;
    ck_assert_str_eq(check_whole(), "DAMAGED");
}
END_TEST

START_TEST(another_key_is_not_trusted)
{
    char *other, *known;

    ck_assert(!sp_failed(package_key_new(&other, &known)));
    make_package(other, PAYLOAD);
    ck_assert_str_eq(check_whole(), "SIGNATURE_BAD");
    secret_text_free(other);
    free(known);
}
END_TEST

START_TEST(any_of_several_keys_is_and_files_that_hold_none_are_counted)
{
    char *other, *known;
    char many[4200];
    size_t unusable;
    package_keys *several;

    ck_assert(!sp_failed(package_key_new(&other, &known)));
    put_key("next.pem", known);
    put_key("README", "not looked at");
    put_key("empty.pem", "");
    put_key("secret.pem", other); /* a private key is no public one */
    memset(many, 'x', sizeof many);
    many[sizeof many - 1] = '\0';
    put_key("long.pem", many);
    several = package_keys_load(folder, &unusable);
    ck_assert_uint_eq(package_keys_count(several), 2);
    ck_assert_uint_eq(unusable, 3);
    make_package(other, PAYLOAD);
    ck_assert_str_eq(check_pieces(several, package_size, 100, PAYLOAD), "");
    make_package(secret, PAYLOAD);
    ck_assert_str_eq(check_pieces(several, package_size, 100, PAYLOAD), "");
    package_keys_free(several);
    secret_text_free(other);
    free(known);
}
END_TEST

START_TEST(without_a_key_nothing_is_good)
{
    size_t unusable;
    package_keys *none = package_keys_load("/nonexistent", &unusable);

    ck_assert_uint_eq(package_keys_count(none), 0);
    ck_assert_str_eq(check_pieces(none, package_size, 100, PAYLOAD), "NO_KEY");
    package_keys_free(none);
}
END_TEST

START_TEST(more_than_the_limit_is_refused_before_it_comes)
{
    ck_assert_str_eq(check_pieces(keys, package_size - PAYLOAD, 10, PAYLOAD - 1), "TOO_LARGE");
}
END_TEST

START_TEST(other_files_are_no_packages)
{
    memset(package, 0, package_size);
    ck_assert_str_eq(check_whole(), "NOT_A_PACKAGE");
    memcpy(package, "PK\3\4", 4);
    ck_assert_str_eq(check_whole(), "NOT_A_PACKAGE");
}
END_TEST

START_TEST(nothing_is_packed_of_nothing)
{
    package_manifest m = {.version = {1, 0, 0}};
    FILE *in = tmpfile();
    FILE *out = tmpfile();

    ck_assert_str_eq(package_write(in, secret, &m, out).reason, "PACKAGE_PAYLOAD_SIZE");
    fputc('x', in);
    ck_assert_str_eq(package_write(in, "no key", &m, out).reason, "PACKAGE_KEY_UNUSABLE");
    strcpy(m.model, "\n");
    ck_assert_str_eq(package_write(in, secret, &m, out).reason, "PACKAGE_TEXT_INVALID");
    fclose(in);
    fclose(out);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "package check", 60, a_package_is_good_in_pieces_of_any_size,
                        its_manifest_and_key_are_told_before_the_payload_has_come, no_bit_may_be_turned,
                        nothing_may_be_cut_off, nothing_may_follow, another_key_is_not_trusted,
                        any_of_several_keys_is_and_files_that_hold_none_are_counted, without_a_key_nothing_is_good,
                        more_than_the_limit_is_refused_before_it_comes, other_files_are_no_packages,
                        nothing_is_packed_of_nothing);
}
