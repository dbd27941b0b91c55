#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

enum { CHUNK = 65536 };

/* malloc's; NULL when reading fails or memory is out. */
static uint8_t *read_all(FILE *from, size_t *ret_size)
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

const CodeGeneratorRequest *request_read(void)
{
    CodeGeneratorRequest *request;
    uint8_t *bytes;
    size_t size;

    bytes = read_all(stdin, &size);
    if (bytes == NULL)
        return NULL;
    request = google__protobuf__compiler__code_generator_request__unpack(scratch_allocator(), size, bytes);
    free(bytes);
    return request;
}

bool parameters_parse(const char *text, parameters *ret_parameters)
{
    parameters parsed = {0};

    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");

        if (length == strlen("nanopb=1") && strncmp(text, "nanopb=1", length) == 0)
            parsed.nanopb = true;
        else if (length > 0)
            return false;
        text += length + (text[length] == ',');
    }
    *ret_parameters = parsed;
    return true;
}
