/* The end of files: rows whose time has come, then whatever lies in the folder without a row. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <unistd.h>

#include "server_transfer_sql.h"
#include "text.h"
#include "transfer_file_parts.h"

enum { BATCH = 64, SWEEP_ARENA = 1 << 20 };

/* Files that nobody is writing: they are locked, so that nobody begins to. */
typedef struct {
    int64_t ids[BATCH];
    int fds[BATCH];
    int count;
} held_files;

/* A draft in somebody's hands is passed over. */
static void hold(held_files *held, const transfer_files *files, int64_t id)
{
    char path[PATH_MAX];
    int fd;

    transfer_file_path(files, id, path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return;
    }
    held->ids[held->count] = id;
    held->fds[held->count++] = fd;
}

static bool is_known(const db_rows *rows, int64_t id)
{
    for (int i = 0; i < rows->count; i++)
        if (db_row_int(rows, i, 0) == id)
            return true;
    return false;
}

/* Whoever kept one committed its row before he unlocked it, so the rows are asked for after the locks were taken. */
static sp_status remove_unknown(const transfer_files *files, arena *a, const held_files *held)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(files->system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_TRANSFER_FILE_KNOWN, DB_ARGS(db_int64_array(a, held->ids, (size_t)held->count)), &rows);
    for (int i = 0; i < held->count && !sp_failed(status); i++) {
        char path[PATH_MAX];

        transfer_file_path(files, held->ids[i], path);
        if (!is_known(&rows, held->ids[i]))
            unlink(path);
    }
    return db_end(tx, status);
}

static sp_status batch_end(const transfer_files *files, held_files *held)
{
    sp_status status = SP_DONE;
    arena memory;

    arena_init(&memory, SWEEP_ARENA);
    if (held->count > 0)
        status = remove_unknown(files, &memory, held);
    for (int i = 0; i < held->count; i++)
        close(held->fds[i]);
    held->count = 0;
    arena_done(&memory);
    return status;
}

static sp_status folder_sweep(const transfer_files *files)
{
    held_files held = {.count = 0};
    DIR *folder = opendir(files->folder);
    const struct dirent *entry;
    sp_status status = SP_DONE;

    if (!folder)
        return TRANSFER_FILE_NOT_WRITABLE;
    while (!sp_failed(status) && (entry = readdir(folder)) != NULL) {
        int64_t id;

        if (int64_parse(entry->d_name, 1, INT64_MAX, &id))
            hold(&held, files, id);
        if (held.count == BATCH)
            status = batch_end(files, &held);
    }
    closedir(folder);
    return sp_first_failure(status, batch_end(files, &held));
}

static sp_status rows_sweep(const transfer_files *files, int64_t now_ms)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, SWEEP_ARENA);
    status = db_begin(files->system, 0, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, db_query(tx, SQL_TRANSFER_FILE_SWEEP, DB_ARGS(db_time(now_ms)), NULL));
    arena_done(&memory);
    return status;
}

sp_status transfer_files_sweep(transfer_files *files, int64_t now_ms)
{
    sp_status status = rows_sweep(files, now_ms);

    return sp_failed(status) ? status : folder_sweep(files);
}
