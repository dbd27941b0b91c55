#include "reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "log.h"

void reserve_open(reserve *r, const char *folder, uint64_t size)
{
    struct stat facts;

    *r = (reserve){.size = size};
    snprintf(r->path, sizeof r->path, "%s/reserve", folder);
    if (stat(r->path, &facts) != 0)
        return;
    r->held = size > 0 && (uint64_t)facts.st_size == size && (uint64_t)facts.st_blocks * 512 >= size;
    r->released = !r->held;
    if (r->released && facts.st_size > 0) /* of another size, or cut short while it was written */
        (void)!truncate(r->path, 0);
}

bool reserve_release(reserve *r)
{
    if (!r->held || truncate(r->path, 0) != 0)
        return false;
    r->held = false;
    r->released = true;
    log_write(LOG_WARNING, "the disk is full: the reserve is released", NULL);
    return true;
}

/* Not zeros, which some file systems do not store. */
static bool write_bytes(int file, uint64_t size)
{
    uint64_t block[4096 / sizeof(uint64_t)];
    uint64_t x = size | 1;

    for (uint64_t at = 0; at < size; at += sizeof block) {
        size_t n = size - at < sizeof block ? (size_t)(size - at) : sizeof block;

        for (size_t i = 0; i < sizeof block / sizeof *block; i++)
            block[i] = x = x * 6364136223846793005u + 1442695040888963407u;
        if (pwrite(file, block, n, (off_t)at) != (ssize_t)n)
            return false;
    }
    return fdatasync(file) == 0;
}

static bool has_room(const reserve *r)
{
    char folder[sizeof r->path];
    struct statvfs facts;

    snprintf(folder, sizeof folder, "%s", r->path);
    *strrchr(folder, '/') = '\0';
    return statvfs(folder, &facts) == 0 && (uint64_t)facts.f_bavail * facts.f_frsize >= 2 * r->size;
}

void reserve_take(reserve *r)
{
    if (r->held || r->size == 0 || !has_room(r))
        return;
    int file = open(r->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    if (posix_fallocate(file, 0, (off_t)r->size) == 0 && write_bytes(file, r->size)) {
        r->held = true;
        r->released = false;
    } else {
        (void)!ftruncate(file, 0); /* others were quicker */
    }
    close(file);
}
