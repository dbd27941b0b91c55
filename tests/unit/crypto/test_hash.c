#include <check.h>
#include <string.h>

#include "hash.h"
#include "suite.h"
#include "text.h"

static void ck_hash_is(const uint8_t hash[SHA256_SIZE], const char *hex)
{
    char text[2 * SHA256_SIZE + 1];

    hex_encode(hash, SHA256_SIZE, text);
    ck_assert_str_eq(text, hex);
}

/* FIPS 180-4's examples and the empty message. */
static const struct {
    const char *message;
    const char *hash;
} sha256_vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

START_TEST(sha256_follows_the_standard_whole_and_in_pieces)
{
    const char *message = sha256_vectors[_i].message;
    sha256_stream *stream = sha256_new();
    uint8_t hash[SHA256_SIZE];

    ck_assert(!sp_failed(sha256_of(message, strlen(message), hash)));
    ck_hash_is(hash, sha256_vectors[_i].hash);

    for (const char *c = message; *c; c++)
        sha256_add(stream, c, 1);
    ck_assert(!sp_failed(sha256_end(stream, hash)));
    ck_hash_is(hash, sha256_vectors[_i].hash);
    sha256_free(stream);
}
END_TEST

START_TEST(a_million_letters_hash_in_odd_pieces_and_the_stream_starts_anew)
{
    sha256_stream *stream = sha256_new();
    uint8_t hash[SHA256_SIZE];
    char letters[1000];
    size_t left = 1000000;

    memset(letters, 'a', sizeof letters);
    while (left > 0) {
        size_t n = left < 997 ? left : 997;

        sha256_add(stream, letters, n);
        left -= n;
    }
    ck_assert(!sp_failed(sha256_end(stream, hash)));
    ck_hash_is(hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sha256_add(stream, "abc", 3);
    ck_assert(!sp_failed(sha256_end(stream, hash)));
    ck_hash_is(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_free(stream);
}
END_TEST

static void ck_hmac(const void *key, size_t key_size, const void *message, size_t n, const char *wanted)
{
    uint8_t mac[SHA256_SIZE];

    ck_assert(!sp_failed(hmac_sha256(key, key_size, message, n, mac)));
    ck_hash_is(mac, wanted);
}

START_TEST(hmac_follows_rfc_4231)
{
    static const char long_message[] = "This is a test using a larger than block-size key and a larger than block-size "
                                       "data. The key needs to be hashed before being used by the HMAC algorithm.";
    uint8_t key[131], message[50];

    memset(key, 0x0b, 20);
    ck_hmac(key, 20, "Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    ck_hmac("Jefe", 4, "what do ya want for nothing?", 28,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    memset(message, 0xdd, sizeof message);
    ck_hmac(key, 20, message, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    ck_hmac(key, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    ck_hmac(key, 131, long_message, strlen(long_message),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    for (uint8_t i = 0; i < 25; i++)
        key[i] = i + 1;
    memset(message, 0xcd, sizeof message);
    ck_hmac(key, 25, message, 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}
END_TEST

START_TEST(an_empty_key_and_message_have_a_mac_too)
{
    ck_hmac(NULL, 0, NULL, 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    ck_hmac("", 0, "", 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *tests = tcase_create("hash");

    tcase_add_loop_test(tests, sha256_follows_the_standard_whole_and_in_pieces, 0,
                        sizeof sha256_vectors / sizeof *sha256_vectors);
    tcase_add_test(tests, a_million_letters_hash_in_odd_pieces_and_the_stream_starts_anew);
    tcase_add_test(tests, hmac_follows_rfc_4231);
    tcase_add_test(tests, an_empty_key_and_message_have_a_mac_too);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
