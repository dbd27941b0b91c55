/* multipart/form-data (RFC 7578) as a stream: bytes go in as they come, parts come out. Keeps no part; only the head of
 * one and what may be the beginning of a boundary are held back. No sockets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 4096, MULTIPART_PARTS_MAX = 64 };

typedef struct {
    const char *name;         /* of the form's field; "" when there is none */
    const char *file_name;    /* NULL: no file */
    const char *content_type; /* "" when not said */
} multipart_part;

typedef struct {
    void *self;
    bool (*part)(void *self, const multipart_part *part); /* texts live until it returns; false: stop */
    /* Data of the part at hand: returns how many bytes were taken. With fewer than offered the rest comes again. */
    size_t (*data)(void *self, const uint8_t *bytes, size_t size);
    bool (*end)(void *self); /* of the part; false: stop */
} multipart_events;

typedef enum {
    MULTIPART_PREAMBLE,
    MULTIPART_AFTER_BOUNDARY,
    MULTIPART_HEAD,
    MULTIPART_DATA,
    MULTIPART_DONE, /* what follows is passed over */
    MULTIPART_BAD,
} multipart_state;

typedef struct {
    multipart_state state;
    const multipart_events *events;
    char boundary[MULTIPART_BOUNDARY_MAX + 5]; /* "\r\n--…" */
    size_t boundary_length;
    size_t matched; /* bytes of the boundary that the last bytes were */
    size_t owed;    /* bytes of a boundary that turned out to be data and have not been taken yet … */
    size_t owed_from;
    size_t parts;
    char head[MULTIPART_HEAD_MAX + 1];
    size_t head_length;
} multipart_reader;

/* From the header "multipart/form-data; boundary=…". False when it is another type, or without a fit boundary. */
bool multipart_open(multipart_reader *reader, const char *content_type, const multipart_events *events);

bool multipart_is_form(const char *content_type);

/* Returns how many bytes were used: fewer when data were not taken. In the state BAD nothing is used any more. */
size_t multipart_feed(multipart_reader *reader, const uint8_t *bytes, size_t size);

/* Whether the form came to its proper end. */
bool multipart_is_whole(const multipart_reader *reader);
