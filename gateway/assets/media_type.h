/* Media types by file name. */
#pragma once

#include <stdbool.h>

typedef struct {
    const char *extension;
    const char *type;
    bool text; /* worth compressing */
} media_type;

/* By what follows the last dot of the path; never NULL. */
const media_type *media_type_of(const char *path);
