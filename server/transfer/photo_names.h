/* The files of a zip of photos: whose each is, by its name. */
#pragma once

#include "arena.h"
#include "photo_name.h"
#include "worker.h"

typedef struct {
    uint32_t entry;     /* of the zip */
    const char *name;   /* without folders */
    const char *number; /* of the employee: the name without its ending; "" when it says none */
    photo_fault fault;  /* of the name */
} photo_file;

typedef struct {
    photo_file *files; /* in the order of the zip */
    size_t count;
} photo_files;

/* Reads every name. Of two files with one number the second has a fault, in whichever folders they are. Texts are in
 * the arena. Blocks. Failures are worker_archive_names'. */
sp_status photo_files_read(worker_pool *workers, int fd, arena *a, photo_files *ret_files) SP_MUST_USE;

/* Only the first ones, as many as there is room; *ret_total counts all. */
sp_status photo_files_preview(worker_pool *workers, int fd, arena *a, size_t room, photo_files *ret_files,
                              size_t *ret_total) SP_MUST_USE;
