#include "authority_fixture.h"

#include <check.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "foreign.h"

const client_subject gate = {.common_name = "70423", .organization = "9001"};

int64_t now_ms;
char *ca_key, *ca_pem;
authority *ca;
static char folder[32];

void authority_begin(void)
{
    now_ms = (int64_t)time(NULL) * 1000;
    ck_assert(!sp_failed(authority_create("Smart Pass", now_ms, &ca_key, &ca_pem)));
    ck_assert(!sp_failed(authority_load(ca_pem, ca_key, &ca)));
    strcpy(folder, "/tmp/test_authority.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

void authority_end(void)
{
    char *output = foreign_output("rm -r '%s'", folder);

    /* Nothing may be left for the next TLS connection of this thread to trip over. */
    ck_assert_uint_eq(ERR_peek_error(), 0);
    authority_free(ca);
    secret_text_free(ca_key);
    free(ca_pem);
    free(output);
}

char *signed_client(const client_subject *subject, int64_t at_ms)
{
    char *key, *csr, *pem;

    ck_assert(!sp_failed(csr_new("whatever", &key, &csr)));
    ck_assert(!sp_failed(authority_sign_client(ca, csr, strlen(csr), subject, at_ms, &pem)));
    secret_text_free(key);
    free(csr);
    return pem;
}

char *openssl_says(const char *leaf, const char *command)
{
    char path[64];

    snprintf(path, sizeof path, "%s/ca.pem", folder);
    ck_assert(!sp_failed(file_write(path, ca_pem, strlen(ca_pem), 0600)));
    snprintf(path, sizeof path, "%s/leaf.pem", folder);
    ck_assert(!sp_failed(file_write(path, leaf, strlen(leaf), 0600)));
    return foreign_output("cd %s && openssl %s 2>&1", folder, command);
}

void ck_openssl_says(const char *leaf, const char *command, const char *wanted)
{
    char *said = openssl_says(leaf, command);

    ck_assert_msg(strstr(said, wanted), "wanted: %s\ngot: %s", wanted, said);
    free(said);
}
