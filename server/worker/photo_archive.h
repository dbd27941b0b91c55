/* Zips of photos from strangers are read in processes of their own: see worker.h. First their names, then one file
 * after the other: a file that crashes its reader, or never ends, is refused, and the next one is read by a new
 * process. Memory is flat on both sides, however large the zip: a file at a time, and about 400 bytes for each name.
 *
 * What counts as a file and under which name: collection.h. A nested zip is a file that is no picture. */
#pragma once

#include "archive.h" /* of lib/archive, for its failures */
#include "worker.h"

/* Twice as many as photos that an import takes: desktops put files of their own beside ours. */
#define ARCHIVE_ENTRIES_MAX 250000
#define ARCHIVE_FILE_BYTES_MAX (4ll << 30)

SP_STATUS(ARCHIVE_WORKER_NOT_STARTED, SP_UNAVAILABLE, "No process that reads zips could be started.");
SP_STATUS(ARCHIVE_WORKERS_BUSY, SP_UNAVAILABLE, "All processes that read files were busy for too long.");
SP_STATUS(ARCHIVE_TIMED_OUT, SP_DEADLINE_EXCEEDED, "Reading the zip took too long and was stopped.");
SP_STATUS(ARCHIVE_CRASHED, SP_INVALID_ARGUMENT, "The process that read the zip ended in the middle of it.");

/* A file of the zip, borrowed for the call. entry is what worker_archive_check wants; names are UTF-8 of at most 255
 * bytes, without folders, and more than one file may have the same. A failed status stops the reading. */
typedef sp_status (*archive_name_taken)(void *arg, uint32_t entry, const char *name);

/* Every file in the order of the zip's directory. fd stays the caller's and must be open for reading. Failures are
 * those above, what archive.h says of whole zips, and those of on_name. Blocks: about a second for 100 000 files. [any
 * thread] */
SP_MUST_USE sp_status worker_archive_names(worker_pool *pool, int fd, archive_name_taken on_name, void *arg);

typedef struct worker_archive worker_archive;

/* reason NULL: it can be used, and photo is set. Static texts. */
typedef struct {
    const char *reason; /* of photo_verdict.h, or FILE_DAMAGED, FILE_ENCRYPTED, …, CHECK_CRASHED, CHECK_TIMED_OUT */
    const char *sentence;
    photo_result photo;
} archive_look;

/* For one thread; as many at once as the caller has threads, and worker_pool_processes says how many make sense: they
 * take no place that others wait for, and give way to who waits for an answer. fd is borrowed until close. Starts
 * nothing yet. NULL when memory is out. */
worker_archive *worker_archive_open(worker_pool *pool, int fd);
void worker_archive_close(worker_archive *a); /* accepts NULL */
int worker_pool_processes(const worker_pool *pool);

/* Reads one file of the zip and looks at it as worker_check_photo does; blocks. The result's memory is the arena's.
 * What is wrong with the file is no failure; failures are those above and what archive.h says of whole zips. */
SP_MUST_USE sp_status worker_archive_check(worker_archive *a, arena *memory, uint32_t entry, archive_look *ret_look);
