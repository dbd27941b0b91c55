#include "power_cut_vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECTOR = 512, FILES_MAX = 16 };

/* One write or truncation that no sync has covered yet. */
typedef struct pending {
    struct pending *next;
    sqlite3_int64 offset;
    int size; /* -1: truncated to offset */
    unsigned char bytes[];
} pending;

/* What is durable of one file, and what is not. */
typedef struct {
    char path[256]; /* empty: this place is free */
    bool deleted;
    unsigned char *durable;
    sqlite3_int64 size;
    sqlite3_int64 room;
    sqlite3_int64 length; /* as whoever reads it sees it now */
    pending *first;
    pending **last;
} disk_file;

typedef struct {
    sqlite3_file base;
    disk_file *disk;
    sqlite3_file *real;
} open_file;

static sqlite3_vfs *usual;
static disk_file files[FILES_MAX];
static long left;
static jmp_buf *power_off;
static sqlite3_int64 capacity; /* 0: without end */
static const char *beside;

static void spend(void)
{
    if (power_off && left-- <= 0)
        longjmp(*power_off, 1);
}

/* ---- The durable image ---- */

static void must(bool condition)
{
    if (!condition)
        abort();
}

static disk_file *find_file(const char *path)
{
    disk_file *unused = NULL;

    for (disk_file *f = files; f < files + FILES_MAX; f++) {
        if (strcmp(f->path, path) == 0)
            return f;
        if (f->path[0] == '\0' && !unused)
            unused = f;
    }
    must(unused && strlen(path) < sizeof unused->path);
    strcpy(unused->path, path);
    unused->last = &unused->first;
    return unused;
}

static void make_durable(disk_file *f, sqlite3_int64 offset, const unsigned char *bytes, int size)
{
    sqlite3_int64 end = offset + size;

    if (end > f->room) {
        f->room = end * 2;
        f->durable = realloc(f->durable, (size_t)f->room);
        must(f->durable != NULL);
    }
    if (offset > f->size)
        memset(f->durable + f->size, 0, (size_t)(offset - f->size));
    memcpy(f->durable + offset, bytes, (size_t)size);
    if (end > f->size)
        f->size = end;
}

static void apply(disk_file *f, const pending *p)
{
    if (p->size >= 0)
        make_durable(f, p->offset, p->bytes, p->size);
    else if (p->offset < f->size)
        f->size = p->offset;
}

static void drop_pending(disk_file *f, bool apply_first)
{
    while (f->first) {
        pending *p = f->first;

        f->first = p->next;
        if (apply_first)
            apply(f, p);
        free(p);
    }
    f->last = &f->first;
}

static void note(disk_file *f, sqlite3_int64 offset, const void *bytes, int size)
{
    pending *p = calloc(1, sizeof *p + (size > 0 ? (size_t)size : 0));

    must(p != NULL);
    p->offset = offset;
    p->size = size;
    if (size > 0)
        memcpy(p->bytes, bytes, (size_t)size);
    *f->last = p;
    f->last = &p->next;
}

/* ---- How full it is ---- */

void power_cut_disk(int64_t bytes, const char *path)
{
    capacity = bytes;
    beside = path;
}

int64_t power_cut_disk_used(void)
{
    struct stat facts;
    sqlite3_int64 used = beside && stat(beside, &facts) == 0 ? facts.st_size : 0;

    for (const disk_file *f = files; f < files + FILES_MAX; f++)
        used += f->path[0] && !f->deleted ? f->length : 0;
    return used;
}

static bool fits(const disk_file *f, sqlite3_int64 end)
{
    return end <= f->length || capacity == 0 || power_cut_disk_used() + end - f->length <= capacity;
}

/* ---- SQLite's file methods ---- */

#define REAL(file) (((open_file *)(file))->real)
#define CALL(file, method, ...) REAL(file)->pMethods->method(REAL(file), ##__VA_ARGS__)

static int file_close(sqlite3_file *f)
{
    int result = CALL(f, xClose);

    free(REAL(f));
    return result;
}

static int file_read_at(sqlite3_file *f, void *out, int size, sqlite3_int64 offset)
{
    return CALL(f, xRead, out, size, offset);
}

static int file_write_at(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 offset)
{
    disk_file *disk = ((open_file *)f)->disk;

    spend();
    if (!fits(disk, offset + size))
        return SQLITE_FULL;
    if (offset + size > disk->length)
        disk->length = offset + size;
    note(disk, offset, bytes, size);
    return CALL(f, xWrite, bytes, size, offset);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    spend();
    note(((open_file *)f)->disk, size, NULL, -1);
    ((open_file *)f)->disk->length = size;
    return CALL(f, xTruncate, size);
}

static int file_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    spend();
    drop_pending(((open_file *)f)->disk, true);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return CALL(f, xFileSize, size);
}

static int file_lock(sqlite3_file *f, int level)
{
    return CALL(f, xLock, level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return CALL(f, xUnlock, level);
}

static int file_check_lock(sqlite3_file *f, int *result)
{
    return CALL(f, xCheckReservedLock, result);
}

static int file_control(sqlite3_file *f, int operation, void *arg)
{
    if (operation == SQLITE_FCNTL_MMAP_SIZE) {
        *(sqlite3_int64 *)arg = 0;
        return SQLITE_OK;
    }
    return CALL(f, xFileControl, operation, arg);
}

static int sector_size(sqlite3_file *f)
{
    (void)f;
    return SECTOR;
}

/* None: above all no promise that a torn write leaves its neighbours alone. */
static int characteristics(sqlite3_file *f)
{
    (void)f;
    return 0;
}

static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return CALL(f, xShmMap, page, size, extend, out);
}

static int shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return CALL(f, xShmLock, offset, n, flags);
}

static void shm_barrier(sqlite3_file *f)
{
    CALL(f, xShmBarrier);
}

static int shm_unmap(sqlite3_file *f, int delete)
{
    return CALL(f, xShmUnmap, delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read_at,
    .xWrite = file_write_at,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    open_file *f = (open_file *)file;
    int result;

    (void)vfs;
    f->real = calloc(1, (size_t)usual->szOsFile);
    must(f->real != NULL);
    result = usual->xOpen(usual, name, f->real, flags, out_flags);
    if (result != SQLITE_OK) {
        free(f->real);
        file->pMethods = NULL;
        return result;
    }
    f->disk = find_file(name ? name : "temporary");
    f->disk->deleted = false;
    file->pMethods = &methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    disk_file *f = find_file(name);

    (void)vfs;
    spend();
    drop_pending(f, false);
    f->size = f->length = 0;
    f->deleted = true;
    return usual->xDelete(usual, name, sync_folder);
}

/* ---- The test's side ---- */

void power_cut_register(void)
{
    static sqlite3_vfs vfs;

    usual = sqlite3_vfs_find(NULL);
    vfs = *usual;
    vfs.zName = "power-cut";
    vfs.szOsFile = sizeof(open_file);
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    must(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

void power_cut_after(long operations, jmp_buf *to)
{
    left = operations;
    power_off = to;
}

/* Of each unsynced write nothing, everything, or any of its sectors may have reached the disk. */
static void tear(disk_file *f, unsigned *dice)
{
    int fate = rand_r(dice) % 3;

    for (const pending *p = f->first; p && fate != 0; p = p->next) {
        if (p->size < 0) {
            if (rand_r(dice) % 2)
                apply(f, p);
            continue;
        }
        for (int at = 0; at < p->size; at += SECTOR)
            if (fate == 1 || rand_r(dice) % 2)
                make_durable(f, p->offset + at, p->bytes + at, p->size - at < SECTOR ? p->size - at : SECTOR);
    }
}

static bool write_surviving(const disk_file *f, const char *folder)
{
    char path[512];
    FILE *out;
    bool written;

    snprintf(path, sizeof path, "%s/%s", folder, strrchr(f->path, '/') + 1);
    out = fopen(path, "wb");
    if (!out)
        return false;
    written = fwrite(f->durable, 1, (size_t)f->size, out) == (size_t)f->size;
    return fclose(out) == 0 && written;
}

bool power_cut_restore(const char *folder, unsigned dice)
{
    bool restored = true;

    power_off = NULL;
    for (disk_file *f = files; f < files + FILES_MAX; f++) {
        if (f->path[0] == '\0' || f->deleted || !strchr(f->path, '/'))
            continue;
        tear(f, &dice);
        restored &= write_surviving(f, folder);
    }
    power_cut_forget();
    return restored;
}

void power_cut_forget(void)
{
    capacity = 0;
    for (disk_file *f = files; f < files + FILES_MAX; f++) {
        drop_pending(f, false);
        free(f->durable);
        *f = (disk_file){0};
    }
}
