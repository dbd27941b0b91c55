#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_FIRST_ROOM = 256 };

void byte_buffer_init(byte_buffer *buffer, size_t cap)
{
    *buffer = (byte_buffer){.cap = cap};
}

uint8_t *byte_buffer_reserve(byte_buffer *buffer, size_t n)
{
    size_t room = buffer->room ? buffer->room : BYTES_FIRST_ROOM;
    size_t need;
    uint8_t *data;

    if (n > buffer->cap - buffer->size || buffer->cap == SIZE_MAX)
        return NULL;
    need = buffer->size + n + 1; /* the NUL */
    if (need > buffer->room) {
        while (room < need)
            room = room > SIZE_MAX / 2 ? need : room * 2;
        data = realloc(buffer->data, room);
        if (!data)
            return NULL;
        buffer->data = data;
        buffer->room = room;
    }
    buffer->data[buffer->size + n] = '\0';
    return buffer->data + buffer->size;
}

bool byte_buffer_append(byte_buffer *buffer, const void *bytes, size_t n)
{
    uint8_t *end = byte_buffer_reserve(buffer, n);

    if (!end)
        return false;
    if (n)
        memcpy(end, bytes, n);
    buffer->size += n;
    return true;
}

bool byte_buffer_append_text(byte_buffer *buffer, const char *text)
{
    return byte_buffer_append(buffer, text, strlen(text));
}

bool byte_buffer_printf(byte_buffer *buffer, const char *format, ...)
{
    va_list args;
    uint8_t *end;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    end = n < 0 ? NULL : byte_buffer_reserve(buffer, (size_t)n);
    if (!end)
        return false;

    va_start(args, format);
    vsnprintf((char *)end, (size_t)n + 1, format, args);
    va_end(args);
    buffer->size += (size_t)n;
    return true;
}

static ssize_t append_all(void *buffer, const char *bytes, size_t n)
{
    return byte_buffer_append(buffer, bytes, n) ? (ssize_t)n : 0;
}

FILE *byte_buffer_stream(byte_buffer *buffer)
{
    return fopencookie(buffer, "w", (cookie_io_functions_t){.write = append_all});
}

bool byte_buffer_stream_close(FILE *stream)
{
    bool whole = fflush(stream) == 0 && !ferror(stream);

    return fclose(stream) == 0 && whole;
}

void byte_buffer_drop(byte_buffer *buffer, size_t n)
{
    if (n > buffer->size)
        n = buffer->size;
    if (n == 0)
        return;
    buffer->size -= n;
    memmove(buffer->data, buffer->data + n, buffer->size + 1);
}

void byte_buffer_done(byte_buffer *buffer)
{
    free(buffer->data);
    byte_buffer_init(buffer, buffer->cap);
}
