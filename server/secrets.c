#include "secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "random.h"

enum { DETAIL = 512, PEM_MAX = 16 * 1024, NAMES_MAX = 32, PATH_ROOM = PATH_MAX + 32 };

/* ---- The folder -------------------------------------------------------------------------------------------------- */

static bool folder_make(const char *path, mode_t mode)
{
    struct stat info;

    if (mkdir(path, mode) == 0)
        return chmod(path, mode) == 0;
    return errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* With every folder above it. */
static bool folders_make(const char *path, mode_t mode)
{
    char above[PATH_MAX];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(above, sizeof above, "%.*s", (int)(slash - path), path);
        if (!folder_make(above, 0755))
            return false;
    }
    return folder_make(path, mode);
}

sp_status data_folder_make(const char *data, char *detail)
{
    /* As root the database's user must be able to pass through; it cannot read anything on the way. */
    if (strlen(data) >= PATH_MAX || !folders_make(data, geteuid() == 0 ? 0711 : 0700)) {
        snprintf(detail, DETAIL, "%.400s: %s", data, strerror(errno));
        return DATA_FOLDER_UNUSABLE;
    }
    return SP_DONE;
}

sp_status data_folder_take(const char *data, char *detail)
{
    char path[PATH_ROOM];
    int fd;

    snprintf(path, sizeof path, "%s/lock", data);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        snprintf(detail, DETAIL, "%.400s: %s", path, strerror(errno));
        return DATA_FOLDER_UNUSABLE;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(detail, DETAIL, "%.400s", data);
        close(fd);
        return DATA_FOLDER_IN_USE;
    }
    return SP_DONE; /* the lock goes with the process, and so does the descriptor */
}

/* ---- The secrets ------------------------------------------------------------------------------------------------- */

static bool is_missing(sp_status status)
{
    return strcmp(status.reason, FILE_NOT_FOUND.reason) == 0;
}

/* 32 bytes, made at random when there is no such file yet. */
static sp_status key_load(const secrets *s, const char *name, uint8_t ret_key[SHA256_SIZE])
{
    char path[PATH_ROOM], *bytes = NULL;
    size_t size = 0;
    sp_status status;

    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    status = file_read(path, SHA256_SIZE, &bytes, &size);
    if (is_missing(status)) {
        status = crypto_random(ret_key, SHA256_SIZE);
        return sp_failed(status) ? status : file_write(path, ret_key, SHA256_SIZE, 0600);
    }
    if (!sp_failed(status) && size != SHA256_SIZE)
        status = FILE_NOT_READABLE;
    if (!sp_failed(status))
        memcpy(ret_key, bytes, size);
    if (bytes)
        explicit_bzero(bytes, size);
    free(bytes);
    return status;
}

static sp_status authority_make(const char *key_path, const char *certificate_path)
{
    char *key = NULL, *certificate = NULL;
    sp_status status = authority_create("Smart Pass", clock_now_ms(), &key, &certificate);

    /* The key last: without it the next start makes both anew, so half an authority never counts. */
    if (!sp_failed(status))
        status = file_write(certificate_path, certificate, strlen(certificate), 0600);
    if (!sp_failed(status))
        status = file_write(key_path, key, strlen(key), 0600);
    secret_text_free(key);
    free(certificate);
    return status;
}

static sp_status authority_obtain(secrets *s, const char *data)
{
    char key_path[PATH_ROOM], certificate_path[PATH_ROOM], public_path[PATH_ROOM];
    char *key = NULL, *certificate = NULL;
    sp_status status;

    snprintf(key_path, sizeof key_path, "%s/authority.key", s->folder);
    snprintf(certificate_path, sizeof certificate_path, "%s/authority.crt", s->folder);
    snprintf(public_path, sizeof public_path, "%s/authority.crt", data);
    status = file_read(key_path, PEM_MAX, &key, NULL);
    if (is_missing(status)) {
        status = authority_make(key_path, certificate_path);
        if (!sp_failed(status))
            status = file_read(key_path, PEM_MAX, &key, NULL);
    }
    if (!sp_failed(status))
        status = file_read(certificate_path, PEM_MAX, &certificate, NULL);
    if (!sp_failed(status))
        status = authority_load(certificate, key, &s->ca);
    if (!sp_failed(status))
        status = file_write(public_path, certificate, strlen(certificate), 0644);
    secret_text_free(key);
    free(certificate);
    return status;
}

static sp_status server_certificate_make(secrets *s, const char *more_names)
{
    char host[256] = "", *listed = more_names ? strdup(more_names) : NULL, *rest = listed, *name;
    const char *names[NAMES_MAX] = {"localhost", "127.0.0.1", "::1"};
    size_t count = 3;
    sp_status status;

    if (more_names && !listed)
        return OUT_OF_MEMORY;
    while ((name = strsep(&rest, ", ")) && count < NAMES_MAX - 1)
        if (*name)
            names[count++] = name;
    if (gethostname(host, sizeof host - 1) == 0 && *host && strcmp(host, "localhost") != 0)
        names[count++] = host;
    status =
        authority_issue_server(s->ca, names, count, clock_now_ms(), &s->server_key_pem, &s->server_certificate_pem);
    if (strcmp(status.reason, CERTIFICATE_NAME_INVALID.reason) == 0 &&
        !more_names) /* an odd host name must not stop us */
        status =
            authority_issue_server(s->ca, names, 3, clock_now_ms(), &s->server_key_pem, &s->server_certificate_pem);
    free(listed);
    return status;
}

sp_status secrets_load(const char *data, const char *names, secrets *ret_secrets, char *detail)
{
    secrets *s = ret_secrets;
    char path[PATH_ROOM];
    sp_status status = SP_DONE;

    *s = (secrets){0};
    snprintf(detail, DETAIL, "%.400s/secrets", data);
    snprintf(path, sizeof path, "%s/secrets", data);
    s->folder = strdup(path);
    snprintf(path, sizeof path, "%s/secrets/master.key", data);
    s->master_key_path = strdup(path);
    if (!s->folder || !s->master_key_path)
        status = OUT_OF_MEMORY;
    else if (!folder_make(s->folder, 0700))
        status = DATA_FOLDER_UNUSABLE;
    if (!sp_failed(status))
        status = key_load(s, "pepper", s->pepper);
    if (!sp_failed(status))
        status = key_load(s, "audit.key", s->audit_key);
    if (!sp_failed(status))
        status = authority_obtain(s, data);
    if (!sp_failed(status))
        status = server_certificate_make(s, names);
    if (sp_failed(status))
        secrets_done(s);
    return status;
}

void secrets_done(secrets *s)
{
    authority_free(s->ca);
    secret_text_free(s->server_key_pem);
    free(s->server_certificate_pem);
    free(s->folder);
    free(s->master_key_path);
    explicit_bzero(s, sizeof *s);
}
