/* Whole small files: read with a limit, replaced so that a crash leaves the old content or the new, never a mixture.
 * errno tells more after a failure. Thread-safe. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "status.h"

SP_STATUS(FILE_NOT_FOUND, SP_NOT_FOUND, "The file does not exist.");
SP_STATUS(FILE_NOT_READABLE, SP_FAILED_PRECONDITION, "The file cannot be read.");
SP_STATUS(FILE_NOT_WRITABLE, SP_FAILED_PRECONDITION, "The file cannot be written.");
SP_STATUS(FILE_TOO_LARGE, SP_OUT_OF_RANGE, "The file is larger than what may be read.");

/* Reads at most limit bytes; a longer file is FILE_TOO_LARGE. The bytes are malloc's and belong to the caller; a NUL
 * that is not counted follows them. ret_size may be NULL. */
SP_MUST_USE sp_status file_read(const char *path, size_t limit, char **ret_bytes, size_t *ret_size);

/* Replaces or makes the file with exactly these permission bits, and returns when it is on the disk. The bytes pass
 * through a new file beside it, readable by the owner alone until it is complete. */
SP_MUST_USE sp_status file_write(const char *path, const void *bytes, size_t n, mode_t mode);
