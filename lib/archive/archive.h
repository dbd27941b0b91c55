/* A zip container that somebody else made. Opening judges the directory: too many entries, sizes that promise a bomb,
 * entries that share bytes or a name are refused before anything is inflated. Reading then holds every entry to the
 * size that the directory told. Nothing is ever written, so names are only names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

#define ARCHIVE_RATIO_MAX 100               /* inflated bytes for each that is stored … */
#define ARCHIVE_RATIO_FREE_BYTES (1u << 20) /* … of entries larger than this */

SP_STATUS(ARCHIVE_NOT_READABLE, SP_INVALID_ARGUMENT, "The file is no zip, or a damaged one.");
SP_STATUS(ARCHIVE_ENCRYPTED, SP_INVALID_ARGUMENT, "An entry of the zip is protected by a password.");
SP_STATUS(ARCHIVE_TOO_LARGE, SP_OUT_OF_RANGE, "The zip has more entries or inflates further than what is read.");
SP_STATUS(ARCHIVE_OVERLAPS, SP_INVALID_ARGUMENT, "Entries of the zip share their bytes or their name.");
SP_STATUS(ARCHIVE_SPLIT, SP_INVALID_ARGUMENT, "The zip is a part of one that was split over several files.");
SP_STATUS(ARCHIVE_PACKING_UNKNOWN, SP_INVALID_ARGUMENT, "An entry of the zip is packed in a way that is not read.");
SP_STATUS(ARCHIVE_NO_MEMORY, SP_RESOURCE_EXHAUSTED, "There was not enough memory to read the zip.");

typedef struct {
    int64_t entries;
    uint64_t inflated; /* bytes of all entries */
} archive_limits;

typedef struct archive archive;
typedef struct archive_entry archive_entry;

/* Before a sandbox closes: makes this process's time zone UTC. Entries have local times, and the C library would look
 * for the machine's zone in a file each time. Also lets it ask what it wants to know before it sorts. */
void archive_prepare(void);

/* Reads with pread and never closes fd, which must stay open until archive_close. */
SP_MUST_USE sp_status archive_open(int fd, uint64_t size, archive_limits limits, archive **ret_archive);
void archive_close(archive *a);

/* The same for a zip that only holds files together: what is wrong with one of them, a bomb or a name that comes twice,
 * is said when that one is opened, if at all. Judges the container before it is taken into memory: about 400 bytes for
 * each entry then. ARCHIVE_SPLIT also. */
SP_MUST_USE sp_status archive_open_collection(int fd, uint64_t size, int64_t entries_max, archive **ret_archive);

int64_t archive_entries(const archive *a);

/* From 0; as UTF-8 if it is that or the old code page of DOS (437), which names are in that say nothing else; the
 * archive's. Folders end with a slash. ret_size: bytes when inflated; may be NULL. */
const char *archive_name(const archive *a, int64_t index, uint64_t *ret_size);

/* Whatever the case of letters; -1: there is none. */
int64_t archive_find(const archive *a, const char *name);

/* Entries are independent of one another. ARCHIVE_PACKING_UNKNOWN for ways of packing other than stored and deflate. */
SP_MUST_USE sp_status archive_entry_open(archive *a, int64_t index, archive_entry **ret_entry);

/* 0 bytes only at the end, where size and checksum were right. */
SP_MUST_USE sp_status archive_entry_read(archive_entry *entry, void *to, size_t room, size_t *ret_n);
void archive_entry_close(archive_entry *entry);
