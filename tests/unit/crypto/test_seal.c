#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "seal.h"
#include "suite.h"
#include "text.h"

static const uint8_t key[SEAL_KEY_SIZE] = "0123456789abcdef0123456789abcde";

static uint8_t given_nonce[12];

static bool give_nonce(void *bytes, size_t n)
{
    ck_assert_uint_eq(n, sizeof given_nonce);
    memcpy(bytes, given_nonce, n);
    return true;
}

/* Test cases 13, 14 and 16 of the GCM specification that NIST published: 256-bit keys, 96-bit nonces. */
static const struct {
    const char *key, *nonce, *additional, *plain, *cipher, *tag;
} vectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
     "ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
     "bcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

START_TEST(sealing_follows_nists_vectors)
{
    uint8_t vector_key[SEAL_KEY_SIZE], additional[20], plain[60], sealed[60 + SEAL_OVERHEAD], opened[60];
    size_t n = strlen(vectors[_i].plain) / 2, additional_size = strlen(vectors[_i].additional) / 2;
    char text[2 * sizeof sealed + 1], wanted[2 * sizeof sealed + 1];

    ck_assert(hex_decode(vectors[_i].key, vector_key, sizeof vector_key));
    ck_assert(hex_decode(vectors[_i].nonce, given_nonce, sizeof given_nonce));
    ck_assert(hex_decode(vectors[_i].additional, additional, additional_size));
    ck_assert(hex_decode(vectors[_i].plain, plain, n));
    crypto_random_replace(give_nonce);
    ck_assert(!sp_failed(seal_bytes(vector_key, additional, additional_size, plain, n, sealed)));
    hex_encode(sealed, n + SEAL_OVERHEAD, text);
    snprintf(wanted, sizeof wanted, "%s%s%s", vectors[_i].nonce, vectors[_i].cipher, vectors[_i].tag);
    ck_assert_str_eq(text, wanted);
    ck_assert(!sp_failed(seal_open(vector_key, additional, additional_size, sealed, n + SEAL_OVERHEAD, opened)));
    ck_assert_mem_eq(opened, plain, n);
}
END_TEST

START_TEST(any_flipped_bit_breaks_the_seal_and_leaves_no_plain_text)
{
    static const char plain[] = "who passed where";
    enum { SEALED = sizeof plain + SEAL_OVERHEAD };
    uint8_t sealed[SEALED], opened[sizeof plain], zero[sizeof plain] = {0};

    ck_assert(!sp_failed(seal_bytes(key, "person 7", 8, plain, sizeof plain, sealed)));
    for (size_t bit = 0; bit < SEALED * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(opened, 0xee, sizeof opened);
        ck_assert_str_eq(seal_open(key, "person 7", 8, sealed, SEALED, opened).reason, "SEAL_BROKEN");
        ck_assert_mem_eq(opened, zero, sizeof zero);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert(!sp_failed(seal_open(key, "person 7", 8, sealed, SEALED, opened)));
    ck_assert_str_eq((char *)opened, plain);
}
END_TEST

START_TEST(another_key_place_or_length_does_not_open)
{
    static const uint8_t other[SEAL_KEY_SIZE] = "0123456789abcdef0123456789abcdX";
    uint8_t sealed[5 + SEAL_OVERHEAD], opened[5 + SEAL_OVERHEAD];

    ck_assert(!sp_failed(seal_bytes(key, "person 7", 8, "photo", 5, sealed)));
    ck_assert_str_eq(seal_open(other, "person 7", 8, sealed, sizeof sealed, opened).reason, "SEAL_BROKEN");
    ck_assert_str_eq(seal_open(key, "person 8", 8, sealed, sizeof sealed, opened).reason, "SEAL_BROKEN");
    ck_assert_str_eq(seal_open(key, NULL, 0, sealed, sizeof sealed, opened).reason, "SEAL_BROKEN");
    for (size_t n = 0; n < sizeof sealed; n++)
        ck_assert_str_eq(seal_open(key, "person 7", 8, sealed, n, opened).reason, "SEAL_BROKEN");
}
END_TEST

START_TEST(the_same_bytes_never_look_the_same_twice)
{
    uint8_t a[5 + SEAL_OVERHEAD], b[5 + SEAL_OVERHEAD];

    ck_assert(!sp_failed(seal_bytes(key, NULL, 0, "photo", 5, a)));
    ck_assert(!sp_failed(seal_bytes(key, NULL, 0, "photo", 5, b)));
    ck_assert_mem_ne(a, b, 12);
    ck_assert_mem_ne(a + 12, b + 12, 5);
}
END_TEST

START_TEST(a_megabyte_is_sealed_and_one_byte_more_is_not)
{
    uint8_t *plain = calloc(1, SEAL_MAX + 1), *sealed = malloc(SEAL_MAX + SEAL_OVERHEAD + 1);
    uint8_t *opened = malloc(SEAL_MAX + 1);

    plain[SEAL_MAX - 1] = 42;
    ck_assert(!sp_failed(seal_bytes(key, NULL, 0, plain, SEAL_MAX, sealed)));
    ck_assert(!sp_failed(seal_open(key, NULL, 0, sealed, SEAL_MAX + SEAL_OVERHEAD, opened)));
    ck_assert_mem_eq(opened, plain, SEAL_MAX);
    ck_assert_str_eq(seal_bytes(key, NULL, 0, plain, SEAL_MAX + 1, sealed).reason, "SEAL_TOO_LARGE");
    ck_assert_str_eq(seal_open(key, NULL, 0, sealed, SEAL_MAX + SEAL_OVERHEAD + 1, opened).reason, "SEAL_TOO_LARGE");
    free(plain);
    free(sealed);
    free(opened);
}
END_TEST

START_TEST(a_key_is_wrapped_for_its_owner_alone)
{
    static const uint8_t master[SEAL_KEY_SIZE] = {9};
    uint8_t sealed[SEALED_KEY_SIZE], opened[SEAL_KEY_SIZE];

    ck_assert(!sp_failed(seal_key(master, "owner 1", 7, key, sealed)));
    ck_assert(!sp_failed(seal_open_key(master, "owner 1", 7, sealed, opened)));
    ck_assert_mem_eq(opened, key, SEAL_KEY_SIZE);
    ck_assert_str_eq(seal_open_key(master, "owner 2", 7, sealed, opened).reason, "SEAL_BROKEN");
    ck_assert_str_eq(seal_open_key(key, "owner 1", 7, sealed, opened).reason, "SEAL_BROKEN");
}
END_TEST

static bool dry(void *bytes, size_t n)
{
    (void)bytes, (void)n;
    return false;
}

START_TEST(without_a_nonce_nothing_is_sealed)
{
    uint8_t sealed[5 + SEAL_OVERHEAD];

    crypto_random_replace(dry);
    ck_assert_str_eq(seal_bytes(key, NULL, 0, "photo", 5, sealed).reason, "CRYPTO_FAILED");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seal");
    TCase *tests = tcase_create("seal");

    tcase_add_loop_test(tests, sealing_follows_nists_vectors, 0, sizeof vectors / sizeof *vectors);
    tcase_add_test(tests, any_flipped_bit_breaks_the_seal_and_leaves_no_plain_text);
    tcase_add_test(tests, another_key_place_or_length_does_not_open);
    tcase_add_test(tests, the_same_bytes_never_look_the_same_twice);
    tcase_add_test(tests, a_megabyte_is_sealed_and_one_byte_more_is_not);
    tcase_add_test(tests, a_key_is_wrapped_for_its_owner_alone);
    tcase_add_test(tests, without_a_nonce_nothing_is_sealed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
