#include <check.h>
#include <stdio.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "certificate.h"
#include "foreign.h"
#include "suite.h"

START_TEST(a_certificate_says_what_openssl_says)
{
    const foreign_subject subject = {.names = {"gate 王"}, .purpose = "clientAuth"};
    char path[] = "/tmp/test_certificate.XXXXXX", *pem = foreign_certificate(&subject), *said;
    char text[FINGERPRINT_TEXT_SIZE];
    certificate_facts facts;
    int fd = mkstemp(path);

    ck_assert_int_eq(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
    close(fd);
    ck_assert(!sp_failed(certificate_inspect(pem, &facts)));
    ck_assert_str_eq(facts.serial, "4d");
    ck_assert_str_eq(facts.common_name, "gate 王");
    ck_assert_str_eq(facts.organization, "");
    ck_assert_str_eq(facts.unit, "");
    ck_assert_int_eq(facts.not_after_ms - facts.not_before_ms, 7200 * 1000);
    ck_assert_int_le(llabs(facts.not_before_ms + 3600 * 1000 - (int64_t)time(NULL) * 1000), 60000);
    fingerprint_text(facts.fingerprint, text);
    said = foreign_output("openssl x509 -in %s -noout -fingerprint -sha256", path);
    ck_assert_ptr_nonnull(strstr(said, text));
    unlink(path);
    free(said);
    free(pem);
}
END_TEST

START_TEST(what_cannot_be_read_is_malformed)
{
    const foreign_subject subject = {.names = {"gate"}};
    char *pem = foreign_certificate(&subject), *huge = calloc(1, 20000);
    certificate_facts facts;

    ck_assert_str_eq(certificate_inspect("", &facts).reason, "CERTIFICATE_MALFORMED");
    ck_assert_str_eq(
        certificate_inspect("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &facts).reason,
        "CERTIFICATE_MALFORMED");
    pem[100] = '!';
    ck_assert_str_eq(certificate_inspect(pem, &facts).reason, "CERTIFICATE_MALFORMED");
    memset(huge, '\n', 19999);
    ck_assert_str_eq(certificate_inspect(huge, &facts).reason, "CERTIFICATE_MALFORMED");
    ck_assert_uint_eq(ERR_peek_error(), 0);
    free(huge);
    free(pem);
}
END_TEST

START_TEST(a_name_that_two_readers_would_read_differently_is_malformed)
{
    const foreign_subject twice = {.names = {"17", "18"}};
    const foreign_subject cut = {.names = {"17\0 or 18"}, .name_bytes = 8};
    certificate_facts facts;
    char *pem = foreign_certificate(&twice);

    ck_assert_str_eq(certificate_inspect(pem, &facts).reason, "CERTIFICATE_MALFORMED");
    free(pem);
    pem = foreign_certificate(&cut);
    ck_assert_str_eq(certificate_inspect(pem, &facts).reason, "CERTIFICATE_MALFORMED");
    free(pem);
}
END_TEST

START_TEST(a_fingerprint_goes_there_and_back)
{
    uint8_t fingerprint[SHA256_SIZE], back[SHA256_SIZE];
    char text[FINGERPRINT_TEXT_SIZE];

    for (uint8_t i = 0; i < SHA256_SIZE; i++)
        fingerprint[i] = (uint8_t)(i * 9);
    fingerprint_text(fingerprint, text);
    ck_assert_int_eq(strncmp(text, "00:09:12:1B:24:", 15), 0);
    ck_assert_uint_eq(strlen(text), FINGERPRINT_TEXT_SIZE - 1);
    ck_assert(!sp_failed(fingerprint_parse(text, back)));
    ck_assert_mem_eq(back, fingerprint, sizeof back);
    ck_assert(!sp_failed(fingerprint_parse("0009121b242d363F48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17", back)));
    ck_assert_mem_eq(back, fingerprint, sizeof back);

    text[2] = '-';
    ck_assert_str_eq(fingerprint_parse(text, back).reason, "FINGERPRINT_MALFORMED");
    text[2] = ':';
    text[FINGERPRINT_TEXT_SIZE - 2] = '\0';
    ck_assert_str_eq(fingerprint_parse(text, back).reason, "FINGERPRINT_MALFORMED");
    ck_assert_str_eq(fingerprint_parse("", back).reason, "FINGERPRINT_MALFORMED");
    ck_assert_str_eq(fingerprint_parse("g009121b242d363F48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17", back).reason,
                     "FINGERPRINT_MALFORMED");
}
END_TEST

START_TEST(fingerprints_stand_in_lists)
{
    static const char one[] = "0009121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17";
    uint8_t found[SHA256_SIZE];
    char list[300];
    const char *at = list;

    snprintf(list, sizeof list, " %s, ff%s ,", one, one + 2);
    ck_assert(fingerprint_list_is_legal(list));
    at = fingerprint_list_next(at, found);
    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq(found[0], 0);
    at = fingerprint_list_next(at, found);
    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq(found[0], 0xff);
    ck_assert_ptr_null(fingerprint_list_next(at, found));
    ck_assert(!fingerprint_list_is_legal(""));
    ck_assert(!fingerprint_list_is_legal(", "));
    snprintf(list, sizeof list, "%s,nonsense", one);
    ck_assert(!fingerprint_list_is_legal(list));
    snprintf(list, sizeof list, "%s%s", one, one);
    ck_assert(!fingerprint_list_is_legal(list));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tests = tcase_create("certificate");

    tcase_add_test(tests, a_certificate_says_what_openssl_says);
    tcase_add_test(tests, what_cannot_be_read_is_malformed);
    tcase_add_test(tests, a_name_that_two_readers_would_read_differently_is_malformed);
    tcase_add_test(tests, a_fingerprint_goes_there_and_back);
    tcase_add_test(tests, fingerprints_stand_in_lists);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
