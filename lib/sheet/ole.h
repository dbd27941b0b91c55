/* The containers of older workbooks: a small file system of its own, read as far as libfreexl does not say what is in
 * them: whether a stream is there, and its bytes. */
#pragma once

#include <stdbool.h>

#include "sheet_read.h"

typedef struct ole ole;
typedef struct ole_stream ole_stream;

bool ole_begins(const sheet_file *file);

/* SHEET_NOT_READABLE, SHEET_NO_MEMORY. */
SP_MUST_USE sp_status ole_open(const sheet_file *file, ole **ret_ole);
void ole_close(ole *o);

/* Names are ASCII here, and the case of letters does not count. */
bool ole_holds(const ole *o, const char *name);

/* NULL: there is none, memory is out, or it is one of the short ones (below 4 KiB in all files known) which lie
 * scattered. */
ole_stream *ole_stream_open(const ole *o, const char *name);

/* The next n bytes; false when they are not there. */
bool ole_stream_read(ole_stream *s, void *to, size_t n);
bool ole_stream_skip(ole_stream *s, size_t n);
void ole_stream_close(ole_stream *s);

/* An .xlsx behind a password. */
bool ole_is_encrypted_workbook(const sheet_file *file);
