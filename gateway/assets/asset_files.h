/* Reading a folder of files into memory. */
#pragma once

#include <stdbool.h>
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

/* Everything lives in the arena; a folder that is NULL has no files. NULL, or a static sentence; errno may say more. */
const char *asset_files_read(const char *folder, arena *memory, asset_files *ret_files);

/* Puts one more file, which lives as long as the arena, among those that were read; false when there is no room. */
bool asset_files_add(asset_files *files, const asset_file *file);

/* By path; NULL when there is none. */
const asset_file *asset_files_find(const asset_files *files, const char *path);
