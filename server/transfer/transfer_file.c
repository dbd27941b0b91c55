#include "transfer_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "id.h"
#include "log.h"
#include "server_transfer_sql.h"
#include "transfer_file_parts.h"

static const int64_t QUOTA = INT64_C(8) << 30;
static const int64_t UPLOAD_MS = INT64_C(24) * 3600 * 1000, MADE_MS = INT64_C(7) * 24 * 3600 * 1000;

/* The database may stand on the same disk, and must be able to go on writing. */
static const int64_t DISK_RESERVE = INT64_C(512) << 20;

struct transfer_draft {
    transfer_files *files;
    transfer_draft *next;
    int64_t enterprise_id, id;
    int64_t others; /* bytes of the enterprise's files that are kept; locked */
    int64_t size;   /* locked */
    int fd;
    char path[PATH_MAX];
};

/* ---- The folder -------------------------------------------------------------------------------------------------- */

transfer_files *transfer_files_new(const transfer_files_options *options)
{
    transfer_files *files;

    if ((mkdir(options->folder, 0700) != 0 && errno != EEXIST) || chmod(options->folder, 0700) != 0)
        return NULL;
    files = calloc(1, sizeof *files);
    if (!files)
        return NULL;
    files->folder = strdup(options->folder);
    if (!files->folder) {
        free(files);
        return NULL;
    }
    files->system = options->system;
    files->quota = options->quota > 0 ? options->quota : QUOTA;
    pthread_mutex_init(&files->lock, NULL);
    return files;
}

void transfer_files_free(transfer_files *files)
{
    if (!files)
        return;
    pthread_mutex_destroy(&files->lock);
    free(files->folder);
    free(files);
}

void transfer_file_path(const transfer_files *files, int64_t id, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.4000s/%lld", files->folder, (long long)id);
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

sp_status transfer_file_find(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t now_ms, transfer_file *ret_file)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_TRANSFER_FILE_FIND, DB_ARGS(db_int64(enterprise_id), db_int64(id), db_time(now_ms)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return TRANSFER_FILE_NOT_FOUND;
    *ret_file = (transfer_file){
        .enterprise_id = enterprise_id,
        .id = id,
        .kind = (Smartpass__V1__TransferFileKind)db_row_int(&rows, 0, 0),
        .made = db_row_bool(&rows, 0, 1),
        .name = db_row_text(&rows, 0, 2),
        .size = db_row_int(&rows, 0, 3),
        .owner_user_id = db_row_int(&rows, 0, 4),
        .operation_id = db_row_int(&rows, 0, 5),
        .created_ms = db_row_time_ms(&rows, 0, 6),
        .expires_ms = db_row_time_ms(&rows, 0, 7),
    };
    return SP_DONE;
}

sp_status transfer_file_open(const transfer_files *files, int64_t id, int *ret_fd)
{
    char path[PATH_MAX];

    transfer_file_path(files, id, path);
    *ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *ret_fd < 0 ? TRANSFER_FILE_LOST : SP_DONE;
}

sp_status transfer_file_engage(db_tx *tx, const transfer_file *file, int64_t operation_id)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_TRANSFER_FILE_ENGAGE,
                 DB_ARGS(db_int64(file->enterprise_id), db_int64(file->id), db_int64(operation_id)), &rows);

    if (sp_failed(status))
        return status;
    return rows.affected > 0 ? SP_DONE : TRANSFER_FILE_ENGAGED;
}

sp_status transfer_file_drop(db_tx *tx, int64_t enterprise_id, int64_t id)
{
    return db_query(tx, SQL_TRANSFER_FILE_DROP, DB_ARGS(db_int64(enterprise_id), db_int64(id)), NULL);
}

/* ---- Drafts ------------------------------------------------------------------------------------------------------ */

static bool disk_has_room(const transfer_files *files, int64_t bytes)
{
    struct statvfs disk;

    return statvfs(files->folder, &disk) != 0 ||
           (int64_t)disk.f_bavail * (int64_t)disk.f_frsize - bytes >= DISK_RESERVE;
}

static sp_status failure_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? DISK_FULL : TRANSFER_FILE_NOT_WRITABLE;
}

/* Opened and locked. A sweep that came between the two has removed the file again: then it is made anew. */
static sp_status draft_open(transfer_draft *d)
{
    struct stat info;

    for (;;) {
        d->id = id_next();
        transfer_file_path(d->files, d->id, d->path);
        d->fd = open(d->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (d->fd < 0)
            return failure_of_errno();
        if (flock(d->fd, LOCK_EX) == 0 && fstat(d->fd, &info) == 0 && info.st_nlink > 0)
            return SP_DONE;
        close(d->fd);
    }
}

static void draft_list(transfer_draft *d)
{
    pthread_mutex_lock(&d->files->lock);
    d->next = d->files->drafts;
    d->files->drafts = d;
    pthread_mutex_unlock(&d->files->lock);
}

sp_status transfer_file_create(transfer_files *files, db_tx *tx, int64_t enterprise_id, transfer_draft **ret_draft)
{
    transfer_draft *d;
    db_rows rows;
    sp_status status = db_query(tx, SQL_TRANSFER_FILE_SUM, DB_ARGS(db_int64(enterprise_id)), &rows);

    if (sp_failed(status))
        return status;
    if (!disk_has_room(files, 0))
        return DISK_FULL;
    d = calloc(1, sizeof *d);
    if (!d)
        return OUT_OF_MEMORY;
    *d = (transfer_draft){.files = files, .enterprise_id = enterprise_id, .others = db_row_int(&rows, 0, 0)};
    status = d->others >= files->quota ? TRANSFER_QUOTA_EXHAUSTED : draft_open(d);
    if (sp_failed(status)) {
        free(d);
        return status;
    }
    draft_list(d);
    *ret_draft = d;
    return SP_DONE;
}

int64_t transfer_draft_id(const transfer_draft *draft)
{
    return draft->id;
}

const char *transfer_draft_path(const transfer_draft *draft)
{
    return draft->path;
}

/* Locked. */
static int64_t room_of(const transfer_draft *draft)
{
    int64_t room = draft->files->quota - draft->others;

    for (const transfer_draft *d = draft->files->drafts; d; d = d->next)
        if (d->enterprise_id == draft->enterprise_id)
            room -= d->size;
    return room > 0 ? room : 0;
}

int64_t transfer_draft_room(const transfer_draft *draft)
{
    pthread_mutex_lock(&draft->files->lock);
    int64_t room = room_of(draft);
    pthread_mutex_unlock(&draft->files->lock);
    return room;
}

/* Takes so many bytes of the quota. */
static bool room_take(transfer_draft *draft, int64_t bytes)
{
    pthread_mutex_lock(&draft->files->lock);
    bool fits = room_of(draft) >= bytes;
    if (fits)
        draft->size += bytes;
    pthread_mutex_unlock(&draft->files->lock);
    return fits;
}

sp_status transfer_draft_write(transfer_draft *draft, const void *bytes, size_t size)
{
    const char *at = bytes;

    if (!room_take(draft, (int64_t)size))
        return TRANSFER_QUOTA_EXHAUSTED;
    if (!disk_has_room(draft->files, (int64_t)size))
        return DISK_FULL;
    while (size > 0) {
        ssize_t n = write(draft->fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failure_of_errno();
        at += n;
        size -= (size_t)n;
    }
    return SP_DONE;
}

sp_status transfer_draft_check_disk(const transfer_draft *draft)
{
    return disk_has_room(draft->files, 0) ? SP_DONE : DISK_FULL;
}

ssize_t transfer_draft_read(const transfer_draft *draft, void *bytes, size_t size, int64_t offset)
{
    return pread(draft->fd, bytes, size, offset);
}

/* What it is now, whoever wrote it. */
static sp_status size_take(transfer_draft *draft)
{
    struct stat info;

    if (fdatasync(draft->fd) != 0 || fstat(draft->fd, &info) != 0)
        return failure_of_errno();
    return info.st_size <= draft->size || room_take(draft, info.st_size - draft->size) ? SP_DONE
                                                                                       : TRANSFER_QUOTA_EXHAUSTED;
}

sp_status transfer_draft_keep(transfer_draft *draft, db_tx *tx, transfer_file *about)
{
    sp_status status = size_take(draft);

    if (sp_failed(status))
        return status;
    about->enterprise_id = draft->enterprise_id;
    about->id = draft->id;
    about->size = draft->size;
    if (about->expires_ms == 0)
        about->expires_ms = about->created_ms + (about->made ? MADE_MS : UPLOAD_MS);
    if (about->made && about->operation_id != 0)
        status =
            db_query(tx, SQL_TRANSFER_FILE_DROP_EARLIER,
                     DB_ARGS(db_int64(about->enterprise_id), db_int64(about->operation_id), db_int64(about->id)), NULL);
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_TRANSFER_FILE_ADD,
                    DB_ARGS(db_int64(about->enterprise_id), db_int64(about->id), db_int16((int16_t)about->kind),
                            db_bool(about->made), db_text(about->name), db_int64(about->size),
                            db_int64(about->owner_user_id), db_int64_or_null(about->operation_id),
                            db_time(about->created_ms), db_time(about->expires_ms)),
                    NULL);
}

void transfer_draft_close(transfer_draft *draft, bool kept)
{
    if (!draft)
        return;
    pthread_mutex_lock(&draft->files->lock);
    for (transfer_draft **at = &draft->files->drafts; *at; at = &(*at)->next)
        if (*at == draft) {
            *at = draft->next;
            break;
        }
    for (transfer_draft *d = draft->files->drafts; d; d = d->next)
        if (kept && d->enterprise_id == draft->enterprise_id)
            d->others += draft->size;
    pthread_mutex_unlock(&draft->files->lock);
    if (!kept)
        unlink(draft->path);
    close(draft->fd);
    free(draft);
}
