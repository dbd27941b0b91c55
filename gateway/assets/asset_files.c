#include "asset_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char unreadable[] = "A file cannot be read.";
static const char too_much[] = "The folder holds more than a web build does.";

typedef struct {
    arena *memory;
    asset_files *into;
} reading;

static const char *read_folder(reading *read, int folder, const char *prefix, unsigned depth);

static const char *read_whole(int fd, uint8_t *into, size_t size)
{
    size_t have = 0;

    while (have < size) {
        ssize_t n = read(fd, into + have, size - have);

        if (n <= 0)
            return unreadable;
        have += (size_t)n;
    }
    return NULL;
}

static const char *read_file(reading *read, int fd, size_t size, const char *path)
{
    asset_file *file = &read->into->files[read->into->count];
    uint8_t *bytes;

    if (read->into->count == ASSET_FILES_MAX || size > ASSET_FILE_MAX)
        return too_much;
    bytes = arena_alloc(read->memory, size);
    if (!bytes)
        return too_much;
    *file = (asset_file){path, bytes, size};
    read->into->count++;
    return read_whole(fd, bytes, size);
}

/* Symbolic links are not followed: what is served is what the build put there. */
static const char *read_entry(reading *read, int folder, const char *prefix, const char *name, unsigned depth)
{
    const char *path = arena_printf(read->memory, "%s/%s", prefix, name);
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const char *fault = NULL;
    struct stat about;

    if (fd < 0)
        return NULL;
    if (!path || fstat(fd, &about) != 0)
        fault = unreadable;
    else if (S_ISDIR(about.st_mode))
        return read_folder(read, fd, path, depth + 1);
    else if (S_ISREG(about.st_mode))
        fault = read_file(read, fd, (size_t)about.st_size, path);
    close(fd);
    return fault;
}

/* Takes the descriptor. */
static const char *read_folder(reading *read, int folder, const char *prefix, unsigned depth)
{
    DIR *entries = depth > ASSET_DEPTH_MAX ? NULL : fdopendir(folder);
    const char *fault = NULL;
    struct dirent *entry;

    if (!entries) {
        close(folder);
        return depth > ASSET_DEPTH_MAX ? too_much : unreadable;
    }
    while (!fault && (entry = readdir(entries)) != NULL)
        if (entry->d_name[0] != '.')
            fault = read_entry(read, dirfd(entries), prefix, entry->d_name, depth);
    closedir(entries);
    return fault;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const asset_file *)a)->path, ((const asset_file *)b)->path);
}

const char *asset_files_read(const char *folder, arena *memory, asset_files *ret_files)
{
    reading read = {memory, ret_files};
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    const char *fault;

    *ret_files = (asset_files){arena_array(memory, ASSET_FILES_MAX, sizeof *ret_files->files), 0};
    if (!folder)
        return ret_files->files ? NULL : too_much;
    if (fd < 0)
        return "The folder cannot be read.";
    if (!ret_files->files) {
        close(fd);
        return too_much;
    }
    fault = read_folder(&read, fd, "", 0);
    if (!fault)
        qsort(ret_files->files, ret_files->count, sizeof *ret_files->files, by_path);
    return fault;
}

bool asset_files_add(asset_files *files, const asset_file *file)
{
    if (files->count == ASSET_FILES_MAX)
        return false;
    files->files[files->count++] = *file;
    qsort(files->files, files->count, sizeof *files->files, by_path);
    return true;
}

const asset_file *asset_files_find(const asset_files *files, const char *path)
{
    asset_file key = {.path = path};

    return bsearch(&key, files->files, files->count, sizeof key, by_path);
}
