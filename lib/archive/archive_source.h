/* A descriptor as libzip wants its bytes. */
#pragma once

#include <stdint.h>
#include <zip.h>

/* Only read with pread. NULL when memory is out. */
zip_source_t *archive_source(int fd, uint64_t size);
