#include "frames.h"

#include <unistd.h>

static bool read_all(uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = read(STDIN_FILENO, bytes, size);

        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

static bool write_all(const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, size);

        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

bool frame_read(byte_buffer *message)
{
    uint8_t head[4], *room;
    uint32_t size;

    message->size = 0;
    if (!read_all(head, sizeof head))
        return false;
    size = head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
    room = byte_buffer_reserve(message, size);
    if (!room || !read_all(room, size))
        return false;
    message->size = size;
    return true;
}

bool frame_write(const byte_buffer *message)
{
    uint32_t size = (uint32_t)message->size;
    uint8_t head[] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};

    return write_all(head, sizeof head) && write_all(message->data, message->size);
}
