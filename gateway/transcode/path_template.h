/* Path templates of google.api.http: "/v1/shelves/{shelf}/books/{id}:archive". A variable is one segment unless a
 * pattern after = gives it several. */
#pragma once

#include <stddef.h>

#include "arena.h"

typedef enum {
    SEGMENT_LITERAL,
    SEGMENT_ANY,  /* a star: one segment, not empty */
    SEGMENT_REST, /* two stars: any number of segments, only at the end */
} segment_kind;

typedef struct {
    segment_kind kind;
    const char *text; /* of a literal; not NUL-terminated */
    size_t length;
} template_segment;

typedef struct {
    const char *field; /* "employee.id", NUL-terminated */
    size_t first;      /* segment */
    size_t count;      /* segments, the rest being one */
} template_variable;

typedef struct {
    template_segment *segments;
    size_t segment_count;
    template_variable *variables;
    size_t variable_count;
    const char *verb; /* "archive"; "" without one */
} path_template;

/* Keeps pointers into the text and the arena. NULL, or a static sentence about what is wrong. */
const char *path_template_parse(path_template *ret, const char *text, arena *memory);
