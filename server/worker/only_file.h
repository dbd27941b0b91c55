/* Some libraries open files by their path. In the worker, fopen knows one path, which stands for the file of the job,
 * and fails for every other one; nothing is opened then. */
#pragma once

#include <stdint.h>

#define ONLY_FILE_PATH "the file of the job"

/* Before the first fopen. */
void only_file_is(int fd, uint64_t size);
