/* Inside server/blobs: append-only files, named by number: day, kind and a count. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blobs.h"

typedef struct segment_writer segment_writer;

/* For one kind of blobs in one folder (borrowed); opens nothing yet. NULL when memory is out. */
segment_writer *segment_writer_new(const char *folder, blob_kind kind);
void segment_writer_free(segment_writer *writer);

/* Appends and returns when the bytes are on the disk; several callers at once share one fdatasync. [any thread] */
sp_status segment_append(segment_writer *writer, int64_t now_ms, const uint8_t *bytes, size_t size,
                         int64_t *ret_segment, int64_t *ret_place);

/* BLOB_DAMAGED when the file is gone or too short. [any thread] */
sp_status segment_read(const char *folder, int64_t segment, int64_t place, uint8_t *bytes, size_t size);
