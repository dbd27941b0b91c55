#include <check.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csr.h"
#include "foreign.h"
#include "suite.h"

START_TEST(a_request_is_what_openssl_expects)
{
    char path[] = "/tmp/test_csr.XXXXXX", *key, *csr, *said;
    int fd = mkstemp(path);

    ck_assert(!sp_failed(csr_new("sim-0001", &key, &csr)));
    ck_assert_int_eq(write(fd, csr, strlen(csr)), (ssize_t)strlen(csr));
    close(fd);
    said = foreign_output("openssl req -in %s -verify -noout -text 2>&1", path);
    ck_assert_ptr_nonnull(strstr(said, "verify OK"));
    ck_assert_ptr_nonnull(strstr(said, "CN = sim-0001"));
    ck_assert_ptr_nonnull(strstr(said, "prime256v1"));
    ck_assert_ptr_nonnull(strstr(key, "-----BEGIN PRIVATE KEY-----"));
    ck_assert_uint_le(strlen(csr), 2048);
    unlink(path);
    free(said);
    free(csr);
    secret_text_free(key);
}
END_TEST

START_TEST(every_request_has_a_key_of_its_own)
{
    char *key, *csr, *other_key, *other_csr;

    ck_assert(!sp_failed(csr_new("sim-0001", &key, &csr)));
    ck_assert(!sp_failed(csr_new("sim-0001", &other_key, &other_csr)));
    ck_assert_str_ne(key, other_key);
    ck_assert_str_ne(csr, other_csr);
    secret_text_free(key);
    secret_text_free(other_key);
    free(csr);
    free(other_csr);
}
END_TEST

START_TEST(a_name_that_no_certificate_carries_is_refused)
{
    char *key, *csr, endless[66];

    memset(endless, 'n', sizeof endless);
    endless[65] = '\0';
    ck_assert_str_eq(csr_new("", &key, &csr).reason, "CSR_NAME_INVALID");
    ck_assert_str_eq(csr_new(endless, &key, &csr).reason, "CSR_NAME_INVALID");
    ck_assert_str_eq(csr_new("a\nb", &key, &csr).reason, "CSR_NAME_INVALID");
    ck_assert_str_eq(csr_new("\xff", &key, &csr).reason, "CSR_NAME_INVALID");
    endless[64] = '\0';
    ck_assert(!sp_failed(csr_new(endless, &key, &csr)));
    ck_assert_uint_eq(ERR_peek_error(), 0);
    secret_text_free(key);
    free(csr);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csr");
    TCase *tests = tcase_create("csr");

    tcase_add_test(tests, a_request_is_what_openssl_expects);
    tcase_add_test(tests, every_request_has_a_key_of_its_own);
    tcase_add_test(tests, a_name_that_no_certificate_carries_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
