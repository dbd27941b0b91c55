#include "package_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "id.h"
#include "server_packages_sql.h"
#include "text.h"

enum { SWEEP_AGE_S = 3600, SWEEP_BATCH = 256, SWEEP_ARENA = 1 << 20 };

/* The database may stand on the same disk, and must be able to go on writing. */
static const int64_t DISK_RESERVE = INT64_C(512) << 20;

struct package_files {
    char folder[PATH_MAX - 32];
};

struct package_draft {
    package_files *files;
    int64_t id;
    int fd;
};

package_files *package_files_new(const char *folder)
{
    package_files *f;

    if ((mkdir(folder, 0700) != 0 && errno != EEXIST) || chmod(folder, 0700) != 0)
        return NULL;
    f = calloc(1, sizeof *f);
    if (f && (size_t)snprintf(f->folder, sizeof f->folder, "%s", folder) >= sizeof f->folder) {
        free(f);
        return NULL;
    }
    return f;
}

void package_files_free(package_files *files)
{
    free(files);
}

static void path_of(const package_files *f, int64_t id, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%lld", f->folder, (long long)id);
}

/* ---- Drafts ------------------------------------------------------------------------------------------------------ */

static sp_status failure_of_errno(void)
{
    static const sp_status not_writable = {SP_INTERNAL, "PACKAGE_FILE_NOT_WRITABLE",
                                           "The server cannot write its folder of packages."};

    return errno == ENOSPC || errno == EDQUOT ? PACKAGE_DISK_FULL : not_writable;
}

static bool disk_has_room(const package_files *f)
{
    struct statvfs disk;

    return statvfs(f->folder, &disk) != 0 || (int64_t)disk.f_bavail * (int64_t)disk.f_frsize >= DISK_RESERVE;
}

sp_status package_draft_new(package_files *files, package_draft **ret_draft)
{
    char path[PATH_MAX];
    package_draft *d;

    if (!disk_has_room(files))
        return PACKAGE_DISK_FULL;
    d = calloc(1, sizeof *d);
    if (!d)
        return OUT_OF_MEMORY;
    *d = (package_draft){.files = files, .id = id_next()};
    path_of(files, d->id, path);
    d->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (d->fd < 0) {
        sp_status status = failure_of_errno();

        free(d);
        return status;
    }
    *ret_draft = d;
    return SP_DONE;
}

int64_t package_draft_id(const package_draft *draft)
{
    return draft->id;
}

sp_status package_draft_write(package_draft *d, const void *bytes, size_t n)
{
    const char *at = bytes;

    if (!disk_has_room(d->files))
        return PACKAGE_DISK_FULL;
    while (n > 0) {
        ssize_t written = write(d->fd, at, n);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return failure_of_errno();
        at += written;
        n -= (size_t)written;
    }
    return SP_DONE;
}

sp_status package_draft_keep(package_draft *d)
{
    int folder = open(d->files->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept = fsync(d->fd) == 0 && folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return kept ? SP_DONE : failure_of_errno();
}

void package_draft_close(package_draft *d, bool committed)
{
    char path[PATH_MAX];

    if (!d)
        return;
    path_of(d->files, d->id, path);
    if (!committed)
        unlink(path);
    close(d->fd);
    free(d);
}

sp_status package_files_open(const package_files *files, int64_t id, int *ret_fd)
{
    char path[PATH_MAX];

    path_of(files, id, path);
    *ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *ret_fd < 0 ? PACKAGE_FILE_LOST : SP_DONE;
}

/* ---- The sweep --------------------------------------------------------------------------------------------------- */

/* The ids of files that nobody has written for an hour: who writes one has no row yet. */
static size_t old_files(const package_files *f, int64_t ids[SWEEP_BATCH])
{
    DIR *folder = opendir(f->folder);
    time_t now = time(NULL);
    size_t count = 0;

    if (!folder)
        return 0;
    for (const struct dirent *e; count < SWEEP_BATCH && (e = readdir(folder)) != NULL;) {
        struct stat facts;

        if (int64_parse(e->d_name, 1, INT64_MAX, &ids[count]) &&
            fstatat(dirfd(folder), e->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && now - facts.st_mtime > SWEEP_AGE_S)
            count++;
    }
    closedir(folder);
    return count;
}

static void remove_unknown(const package_files *f, const int64_t *ids, size_t count, const db_rows *known)
{
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        int row = 0;

        while (row < known->count && db_row_int(known, row, 0) != ids[i])
            row++;
        path_of(f, ids[i], path);
        if (row == known->count)
            unlink(path);
    }
}

sp_status package_files_sweep(const package_files *files, db_pool *system)
{
    int64_t ids[SWEEP_BATCH];
    size_t count = old_files(files, ids);
    arena memory;
    db_rows known;
    db_tx *tx;
    sp_status status;

    if (count == 0)
        return SP_DONE;
    arena_init(&memory, SWEEP_ARENA);
    status = db_begin(system, 0, &memory, &tx);
    if (!sp_failed(status)) {
        status = db_query(tx, SQL_PACKAGE_KNOWN, DB_ARGS(db_int64_array(&memory, ids, count)), &known);
        if (!sp_failed(status))
            remove_unknown(files, ids, count, &known);
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return status;
}
