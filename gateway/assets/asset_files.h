/* Reading a folder of files into memory. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum {
    ASSET_FILES_MAX = 4096,
    ASSET_FILE_MAX = 32 << 20,
    ASSET_BYTES_MAX = 128 << 20,
    ASSET_DEPTH_MAX = 8,
};

typedef struct {
    const char *path; /* "/assets/index.js" */
    const uint8_t *bytes;
    size_t size;
} asset_file;

typedef struct {
    asset_file *files; /* sorted by path */
    size_t count;
} asset_files;

/* Everything lives in the arena. NULL, or a static sentence; errno may say more. */
const char *asset_files_read(const char *folder, arena *memory, asset_files *ret_files);

/* By path; NULL when there is none. */
const asset_file *asset_files_find(const asset_files *files, const char *path);
