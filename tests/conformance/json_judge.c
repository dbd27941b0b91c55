/* Judges JSON texts with our reader: for each one on stdin a letter on stdout, y when it is well-formed, else n. */
#include <stdio.h>
#include <stdlib.h>

#include "frames.h"
#include "json_reader.h"

enum { TEXT_MAX = 64 << 20, MEMORY_MAX = 64 << 20 };

static bool is_well_formed(const byte_buffer *text)
{
    json_reader reader;
    json_token token;
    arena memory;

    arena_init(&memory, MEMORY_MAX);
    json_reader_init(&reader, (const char *)text->data, text->size, &memory);
    do
        token = json_next(&reader);
    while (token != JSON_END && token != JSON_BAD);
    arena_done(&memory);
    return token == JSON_END;
}

int main(void)
{
    byte_buffer text;

    byte_buffer_init(&text, TEXT_MAX);
    while (frame_read(&text))
        putchar(is_well_formed(&text) ? 'y' : 'n');
    byte_buffer_done(&text);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
