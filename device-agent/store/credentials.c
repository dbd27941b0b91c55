#include "credentials.h"

#include <inttypes.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "file.h"
#include "text.h"

enum { PEM_MAX = 16384 };

static bool path_of(const char *folder, const char *name, char *out, size_t cap)
{
    return (size_t)snprintf(out, cap, "%s/%s", folder, name) < cap;
}

static sp_status write_file(const char *folder, const char *name, const char *text)
{
    char path[800];

    if (!path_of(folder, name, path, sizeof path))
        return FILE_NOT_WRITABLE;
    return file_write(path, text, strlen(text), 0600);
}

/* The first line of a file; empty when there is none. */
static void read_fact(const char *folder, const char *name, char *out, size_t cap)
{
    char path[800];
    char *text;

    out[0] = '\0';
    if (!path_of(folder, name, path, sizeof path) || sp_failed(file_read(path, 1024, &text, NULL)))
        return;
    text[strcspn(text, "\r\n")] = '\0';
    if (strlen(text) < cap)
        strcpy(out, text);
    free(text);
}

/* ---- Keys and certificates ---- */

EVP_PKEY *credential_key(const char *path)
{
    FILE *file = fopen(path, "re");
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;

    if (file)
        fclose(file);
    return key;
}

X509 *credential_certificate(const char *path)
{
    FILE *file = fopen(path, "re");
    X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

    if (file)
        fclose(file);
    return certificate;
}

static bool fits(const char *key_path, const char *certificate_path)
{
    EVP_PKEY *key = credential_key(key_path);
    X509 *certificate = credential_certificate(certificate_path);
    bool fitting = key && certificate && X509_check_private_key(certificate, key) == 1;

    EVP_PKEY_free(key);
    X509_free(certificate);
    return fitting;
}

/* ---- Renewal ---- */

/* The order matters: both new files are on the disk before the key moves, and the certificate moves last. */
sp_status credentials_renew(const char *folder, const char *key_pem, const char *certificate_pem)
{
    char from[800];
    char to[800];
    static const char *const moves[][2] = {{"key.pem.new", "key.pem"}, {"cert.pem.new", "cert.pem"}};
    sp_status status = write_file(folder, "key.pem.new", key_pem);

    if (!sp_failed(status))
        status = write_file(folder, "cert.pem.new", certificate_pem);
    for (int i = 0; i < 2 && !sp_failed(status); i++)
        if (!path_of(folder, moves[i][0], from, sizeof from) || !path_of(folder, moves[i][1], to, sizeof to) ||
            rename(from, to) != 0)
            status = FILE_NOT_WRITABLE;
    return status;
}

/* A key that already moved fits the certificate that has not. */
static bool finish_renewal(const credentials *c)
{
    char waiting[816];

    snprintf(waiting, sizeof waiting, "%s.new", c->certificate);
    return fits(c->key, waiting) && rename(waiting, c->certificate) == 0;
}

/* ---- The whole ---- */

static sp_status read_not_after(credentials *c)
{
    certificate_facts facts;
    char *pem;
    sp_status status = file_read(c->certificate, PEM_MAX, &pem, NULL);

    if (sp_failed(status))
        return status;
    status = certificate_inspect(pem, &facts);
    free(pem);
    if (!sp_failed(status))
        c->not_after_ms = facts.not_after_ms;
    return status;
}

sp_status credentials_load(const char *folder, credentials *ret)
{
    credentials c = {0};
    char device_id[32];

    if ((size_t)snprintf(c.folder, sizeof c.folder, "%s", folder) >= sizeof c.folder)
        return CREDENTIALS_MISSING;
    path_of(folder, "key.pem", c.key, sizeof c.key);
    path_of(folder, "cert.pem", c.certificate, sizeof c.certificate);
    path_of(folder, "ca.pem", c.authority, sizeof c.authority);
    read_fact(folder, "device_id", device_id, sizeof device_id);
    read_fact(folder, "server", c.server, sizeof c.server);
    read_fact(folder, "serial", c.serial, sizeof c.serial);
    read_fact(folder, "name", c.name, sizeof c.name);
    read_fact(folder, "mac", c.mac, sizeof c.mac);
    *ret = c;
    if (!int64_parse(device_id, 1, INT64_MAX, &ret->device_id) || access(c.certificate, R_OK) != 0)
        return CREDENTIALS_MISSING;
    if (!fits(c.key, c.certificate) && !finish_renewal(&c))
        return CREDENTIALS_UNFIT;
    return read_not_after(ret);
}

/* device_id comes last: without it the folder counts as not enrolled. */
sp_status credentials_save(const char *folder, const credentials *c, const char *key_pem, const char *certificate_pem,
                           const char *authority_pem)
{
    char device_id[32];
    const struct {
        const char *name;
        const char *text;
    } files[] = {
        {"server", c->server}, {"serial", c->serial},         {"name", c->name},         {"mac", c->mac},
        {"key.pem", key_pem},  {"cert.pem", certificate_pem}, {"ca.pem", authority_pem}, {"device_id", device_id},
    };
    sp_status status = SP_DONE;

    credentials_clear(folder);
    snprintf(device_id, sizeof device_id, "%" PRId64, c->device_id);
    for (size_t i = 0; i < sizeof files / sizeof *files && !sp_failed(status); i++)
        status = write_file(folder, files[i].name, files[i].text);
    return status;
}

void credentials_clear(const char *folder)
{
    static const char *const names[] = {"device_id", "key.pem", "cert.pem", "key.pem.new", "cert.pem.new"};
    char path[800];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (path_of(folder, names[i], path, sizeof path))
            unlink(path);
}
