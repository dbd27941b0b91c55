/* The terminal's key and certificate on the disk. */
#include "authority.h"
#include "credentials.h"
#include "csr.h"
#include "file.h"
#include "suite.h"
#include "temporary_folder.h"

static char folder[64];

static void begin(void)
{
    folder_make(folder);
}

static void end(void)
{
    folder_remove(folder);
}

static char *sign(const char *csr)
{
    char *ca_key, *ca_pem, *certificate;
    authority *ca;
    const client_subject subject = {.common_name = "1"};

    ck_assert(!sp_failed(authority_create("test", 1700000000000, &ca_key, &ca_pem)));
    ck_assert(!sp_failed(authority_load(ca_pem, ca_key, &ca)));
    ck_assert(!sp_failed(authority_sign_client(ca, csr, strlen(csr), &subject, 1700000000000, &certificate)));
    authority_free(ca);
    secret_text_free(ca_key);
    free(ca_pem);
    return certificate;
}

static void write_text(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert(!sp_failed(file_write(path, text, strlen(text), 0600)));
}

START_TEST(a_renewal_that_was_interrupted_is_brought_to_its_end)
{
    char *keys[2], *requests[2], *certificates[2];
    credentials c = {.device_id = 5};
    char path[128];

    for (int i = 0; i < 2; i++) {
        ck_assert(!sp_failed(csr_new("t", &keys[i], &requests[i])));
        certificates[i] = sign(requests[i]);
    }
    ck_assert(!sp_failed(credentials_save(folder, &c, keys[0], certificates[0], certificates[0])));
    ck_assert(!sp_failed(credentials_load(folder, &c)));

    /* Killed before anything moved: the old pair. */
    write_text("key.pem.new", keys[1]);
    write_text("cert.pem.new", certificates[1]);
    ck_assert(!sp_failed(credentials_load(folder, &c)));

    /* Killed after the key moved: the new pair. */
    write_text("key.pem", keys[1]);
    ck_assert(!sp_failed(credentials_load(folder, &c)));
    snprintf(path, sizeof path, "%s/cert.pem.new", folder);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(!sp_failed(credentials_load(folder, &c)));
    ck_assert_int_eq(c.device_id, 5);

    /* A key that fits neither is told. */
    write_text("key.pem", keys[0]);
    ck_assert_str_eq(credentials_load(folder, &c).reason, "CREDENTIALS_UNFIT");
    credentials_clear(folder);
    ck_assert_str_eq(credentials_load(folder, &c).reason, "CREDENTIALS_MISSING");
    for (int i = 0; i < 2; i++) {
        secret_text_free(keys[i]);
        free(requests[i]);
        free(certificates[i]);
    }
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(begin, end, "credentials", 120, a_renewal_that_was_interrupted_is_brought_to_its_end);
}
