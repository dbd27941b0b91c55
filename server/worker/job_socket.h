/* The worker's end of the socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool job_read(void *to, size_t size);
bool job_write(const void *from, size_t size);

/* Reads a job with which a file comes, which becomes the descriptor WORKER_FILE. False for anything else. */
bool job_read_with_file(void *to, size_t size);
