#include "stored_zip.h"

#include <string.h>
#include <zlib.h>

enum { HEADER = 30, LINE = 46, END = 22 };

static uint8_t *u16(uint8_t *out, size_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
    return out + 2;
}

static uint8_t *u32(uint8_t *out, size_t value)
{
    return u16(u16(out, value & 0xffff), value >> 16);
}

static uint8_t *text(uint8_t *out, const void *bytes, size_t n)
{
    if (n > 0)
        memcpy(out, bytes, n);
    return out + n;
}

/* What a header and its line in the directory have in common. */
static uint8_t *facts(uint8_t *out, const stored_entry *e)
{
    out = u32(u16(u16(u16(out, 20), 0), 0), 0);
    out = u32(out, crc32(0, e->bytes, (uInt)e->size));
    return u16(u16(u32(u32(out, e->size), e->size), strlen(e->name)), 0);
}

size_t stored_zip_size(const stored_entry *entries, size_t count)
{
    size_t size = END;

    for (size_t i = 0; i < count; i++)
        size += HEADER + LINE + 2 * strlen(entries[i].name) + entries[i].size;
    return size;
}

void stored_zip_write(const stored_entry *entries, size_t count, uint8_t *out)
{
    uint8_t *begin = out, *directory;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        out = facts(u32(out, 0x04034b50), &entries[i]);
        out = text(out, entries[i].name, strlen(entries[i].name));
        out = text(out, entries[i].bytes, entries[i].size);
    }
    directory = out;
    for (size_t i = 0; i < count; i++) {
        out = facts(u16(u32(out, 0x02014b50), 20), &entries[i]);
        out = u32(u32(u16(u16(u16(out, 0), 0), 0), 0), at);
        out = text(out, entries[i].name, strlen(entries[i].name));
        at += HEADER + strlen(entries[i].name) + entries[i].size;
    }
    size_t length = (size_t)(out - directory);
    out = u16(u16(u16(u16(u32(out, 0x06054b50), 0), 0), count), count);
    u16(u32(u32(out, length), (size_t)(directory - begin)), 0);
}
