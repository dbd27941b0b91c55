/* The plugin's answer: files that are written to as streams, or what was wrong. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bytes.h"

typedef struct {
    const char *name;
    FILE *stream;
    byte_buffer text; /* what the stream was written, once it is flushed */
} response_file;

typedef struct {
    response_file *files;
    size_t count;
    response_file error;
} response;

/* Room for as many files; in scratch memory. */
void response_init(response *r, size_t files);

/* A new file of the answer; the stream belongs to the response. */
FILE *response_open(response *r, const char *name);

/* Where to write what is wrong. When anything is written there, no file is sent. */
FILE *response_error(response *r);

/* Sends the answer to stdout and frees it; false when that failed. */
bool response_send(response *r);
