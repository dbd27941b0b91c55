#include "input.h"

#include <stdlib.h>

enum { CHUNK = 65536 };

uint8_t *input_read(FILE *from, size_t *ret_size)
{
    size_t size = 0, room = 0, n;
    uint8_t *bytes = NULL;
    uint8_t *grown;

    do {
        if (room - size < CHUNK) {
            room = room * 2 + CHUNK;
            grown = realloc(bytes, room);
            if (grown == NULL)
                goto fail;
            bytes = grown;
        }
        n = fread(bytes + size, 1, room - size, from);
        size += n;
    } while (n > 0);
    if (ferror(from))
        goto fail;
    *ret_size = size;
    return bytes;

fail:
    free(bytes);
    return NULL;
}
