/* package keygen, package sign, package inspect: without a server. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csr.h"
#include "ctl.h"
#include "file.h"
#include "package_check.h"
#include "package_write.h"
#include "text.h"

enum { PEM_CAP = 4096, PIECE = 65536 };

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "smartpassctl: %s: %s\n", what, why);
    return CTL_FAILED;
}

static bool are_given(const char *const texts[], size_t count, const char *usage)
{
    for (size_t i = 0; i < count; i++)
        if (!*texts[i]) {
            fprintf(stderr, "smartpassctl: usage: %s\n", usage);
            return false;
        }
    return true;
}

/* ---- keygen ------------------------------------------------------------------------------------------------------ */

/* A key that exists is never overwritten: packages may have been signed with it. */
int run_package_keygen(const ctl *c)
{
    const char *given[] = {c->flags->key, c->flags->public_key};
    char *secret, *known;
    sp_status status;

    if (!are_given(given, 2, "package keygen --key FILE --public-key FILE"))
        return CTL_USAGE;
    if (access(c->flags->key, F_OK) == 0 || access(c->flags->public_key, F_OK) == 0)
        return complain(access(c->flags->key, F_OK) == 0 ? c->flags->key : c->flags->public_key, strerror(EEXIST));
    status = package_key_new(&secret, &known);
    if (sp_failed(status))
        return ctl_fail("package keygen", status, NULL);
    status = file_write(c->flags->key, secret, strlen(secret), 0600);
    if (!sp_failed(status))
        status = file_write(c->flags->public_key, known, strlen(known), 0644);
    secret_text_free(secret);
    free(known);
    return sp_failed(status) ? ctl_fail("package keygen", status, NULL) : CTL_DONE;
}

/* ---- sign -------------------------------------------------------------------------------------------------------- */

static int sign_into(const ctl *c, const char *key, package_manifest *manifest, FILE *program)
{
    FILE *out = fopen(c->flags->out, "wbxe");
    sp_status status;

    if (!out)
        return complain(c->flags->out, strerror(errno));
    status = package_write(program, key, manifest, out);
    if (fclose(out) != 0)
        status = sp_first_failure(status, PACKAGE_NOT_WRITABLE);
    if (sp_failed(status)) {
        unlink(c->flags->out);
        return ctl_fail("package sign", status, NULL);
    }
    return CTL_DONE;
}

int run_package_sign(const ctl *c)
{
    const char *given[] = {c->flags->key, c->flags->program, c->flags->package_version, c->flags->out};
    package_manifest manifest = {0};
    char *key = NULL;
    FILE *program;
    int code;

    if (!are_given(given, 4,
                   "package sign --key FILE --program FILE --package-version MAJOR.MINOR.PATCH [--model MODEL] "
                   "[--notes TEXT] --out FILE"))
        return CTL_USAGE;
    if (!package_version_parse(c->flags->package_version, &manifest.version))
        return complain(c->flags->package_version, "a version is written as MAJOR.MINOR.PATCH");
    if (strlen(c->flags->model) > PACKAGE_MODEL_MAX || strlen(c->flags->notes) > PACKAGE_NOTES_MAX)
        return ctl_fail("package sign", PACKAGE_TEXT_INVALID, NULL);
    strcpy(manifest.model, c->flags->model);
    strcpy(manifest.notes, c->flags->notes);
    if (sp_failed(file_read(c->flags->key, PEM_CAP, &key, NULL)))
        return complain(c->flags->key, "the key cannot be read");
    program = fopen(c->flags->program, "rbe");
    code = program ? sign_into(c, key, &manifest, program) : complain(c->flags->program, strerror(errno));
    if (program)
        fclose(program);
    secret_text_free(key);
    return code;
}

/* ---- inspect ----------------------------------------------------------------------------------------------------- */

static void manifest_print(const package_check *check)
{
    const package_manifest *m = package_check_manifest(check);
    char version[PACKAGE_VERSION_SIZE];
    char sha256[2 * PACKAGE_SHA256_SIZE + 1];

    package_version_text(m->version, version);
    hex_encode(m->sha256, sizeof m->sha256, sha256);
    printf("version %s\nmodel   %s\nsize    %" PRIu64 "\nsha256  %s\nsigned  %s\n", version,
           m->model[0] ? m->model : "(any)", m->size, sha256, package_check_key_name(check));
    if (m->notes[0])
        printf("\n%s\n", m->notes);
}

static sp_status check_file(package_check *check, FILE *package)
{
    uint8_t piece[PIECE];
    sp_status status = SP_DONE;
    size_t n;

    while (!sp_failed(status) && (n = fread(piece, 1, sizeof piece, package)) > 0)
        status = package_check_add(check, piece, n);
    if (!sp_failed(status) && ferror(package))
        status = PACKAGE_NOT_READABLE;
    return sp_failed(status) ? status : package_check_end(check);
}

int run_package_inspect(const ctl *c)
{
    const char *given[] = {c->flags->package, c->flags->keys};
    package_keys *keys;
    package_check *check;
    size_t unusable;
    FILE *package;
    sp_status status = OUT_OF_MEMORY;

    if (!are_given(given, 2, "package inspect --package FILE --keys FOLDER"))
        return CTL_USAGE;
    if (!(package = fopen(c->flags->package, "rbe")))
        return complain(c->flags->package, strerror(errno));
    keys = package_keys_load(c->flags->keys, &unusable);
    if (unusable > 0)
        fprintf(stderr, "smartpassctl: %s: %zu files hold no Ed25519 public key\n", c->flags->keys, unusable);
    check = keys ? package_check_new(keys, PACKAGE_PAYLOAD_MAX) : NULL;
    if (check && !sp_failed(status = check_file(check, package)))
        manifest_print(check);
    package_check_free(check);
    package_keys_free(keys);
    fclose(package);
    return sp_failed(status) ? ctl_fail(c->flags->package, status, NULL) : CTL_DONE;
}
