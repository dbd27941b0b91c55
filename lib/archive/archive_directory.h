/* Inside lib/archive: a look at a zip's directory before libzip takes it into memory. */
#pragma once

#include "archive.h"

/* What the file's end promises, and where the entries lie: ARCHIVE_TOO_LARGE for too many of them, ARCHIVE_SPLIT,
 * ARCHIVE_OVERLAPS when two share bytes, ARCHIVE_NOT_READABLE when this is no zip. Needs 16 bytes for each entry. */
SP_MUST_USE sp_status archive_directory_judge(int fd, uint64_t size, int64_t entries_max);
