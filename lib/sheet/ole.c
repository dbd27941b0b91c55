#include "ole.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sheet_parts.h"

enum {
    HEADER = 512,
    ENTRY = 128,
    NAME_UNITS_MAX = 32,
    HEADER_TABLES = 109, /* sectors of the table that the header itself lists */
    SECTOR_SHIFT_SMALL = 9,
    SECTOR_SHIFT_LARGE = 12,
};

#define SECTOR_LAST_USED 0xfffffffau /* higher numbers mark ends and holes */

struct ole {
    const sheet_file *file;
    size_t sector; /* bytes */
    uint32_t *next;
    size_t sectors; /* in the table */
    uint32_t directory;
    uint32_t small_limit; /* bytes; shorter streams lie elsewhere and are not read */
};

struct ole_stream {
    const ole *o;
    uint32_t at;
    size_t within;
    uint64_t left;
    size_t steps; /* sectors passed: a chain cannot be longer than the table */
};

static uint32_t u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint16_t u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

bool ole_begins(const sheet_file *file)
{
    static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    uint8_t head[sizeof magic];

    return sheet_file_read(file, 0, head, sizeof head) && memcmp(head, magic, sizeof magic) == 0;
}

static bool sector_read(const ole *o, uint32_t sector, size_t within, void *to, size_t n)
{
    return sheet_file_read(o->file, ((uint64_t)sector + 1) * o->sector + within, to, n);
}

/* One sector of the table, which says for so many sectors which comes next. */
static bool table_add(ole *o, uint32_t sector, uint8_t *room)
{
    if (sector >= SECTOR_LAST_USED)
        return true;
    if (!sector_read(o, sector, 0, room, o->sector))
        return false;
    for (size_t i = 0; i < o->sector / 4; i++)
        o->next[o->sectors++] = u32(room + i * 4);
    return true;
}

/* The header lists the first sectors of the table, further ones are listed in a chain of sectors. */
static bool table_read(ole *o, const uint8_t *header, uint8_t *room, uint8_t *list)
{
    uint32_t tables = u32(header + 44), more = u32(header + 68);
    size_t listed = o->sector / 4 - 1;

    for (uint32_t i = 0; i < HEADER_TABLES && i < tables; i++)
        if (!table_add(o, u32(header + 76 + i * 4), room))
            return false;
    for (uint32_t i = HEADER_TABLES; i < tables; i++) {
        if ((i - HEADER_TABLES) % listed == 0 &&
            (more >= SECTOR_LAST_USED || !sector_read(o, more, 0, list, o->sector)))
            return false;
        if (!table_add(o, u32(list + (i - HEADER_TABLES) % listed * 4), room))
            return false;
        if ((i - HEADER_TABLES) % listed == listed - 1)
            more = u32(list + listed * 4);
    }
    return true;
}

static sp_status read_header(ole *o)
{
    uint8_t header[HEADER];
    sp_status status = SHEET_NOT_READABLE;

    if (!sheet_file_read(o->file, 0, header, sizeof header))
        return status;
    uint16_t shift = u16(header + 30);
    uint64_t tables = u32(header + 44);
    if (shift != SECTOR_SHIFT_SMALL && shift != SECTOR_SHIFT_LARGE)
        return status;
    o->sector = (size_t)1 << shift;
    o->directory = u32(header + 48);
    o->small_limit = u32(header + 56);
    if (tables == 0 || tables > o->file->size / o->sector)
        return status;
    o->next = malloc(tables * o->sector);
    uint8_t *rooms = malloc(o->sector * 2);
    if (!o->next || !rooms)
        status = SHEET_NO_MEMORY;
    else if (table_read(o, header, rooms, rooms + o->sector))
        status = SP_DONE;
    free(rooms);
    return status;
}

sp_status ole_open(const sheet_file *file, ole **ret_ole)
{
    ole *o = calloc(1, sizeof *o);
    sp_status status;

    if (!o)
        return SHEET_NO_MEMORY;
    o->file = file;
    status = ole_begins(file) ? read_header(o) : SHEET_NOT_READABLE;
    if (sp_failed(status))
        ole_close(o);
    else
        *ret_ole = o;
    return status;
}

void ole_close(ole *o)
{
    if (o)
        free(o->next);
    free(o);
}

static ole_stream *stream_at(const ole *o, uint32_t sector, uint64_t size)
{
    ole_stream *s = calloc(1, sizeof *s);

    if (s)
        *s = (ole_stream){.o = o, .at = sector, .left = size};
    return s;
}

/* To the sector that holds the next byte. */
static bool stream_step(ole_stream *s)
{
    if (s->within < s->o->sector)
        return true;
    if (s->at >= s->o->sectors || ++s->steps > s->o->sectors)
        return false;
    s->at = s->o->next[s->at];
    s->within = 0;
    return true;
}

/* to: NULL passes the bytes. */
static bool stream_take(ole_stream *s, uint8_t *to, size_t n)
{
    if (n > s->left)
        return false;
    while (n > 0) {
        if (!stream_step(s) || s->at >= SECTOR_LAST_USED)
            return false;
        size_t part = s->o->sector - s->within;
        if (part > n)
            part = n;
        if (to && !sector_read(s->o, s->at, s->within, to, part))
            return false;
        to = to ? to + part : NULL;
        s->within += part;
        s->left -= part;
        n -= part;
    }
    return true;
}

bool ole_stream_read(ole_stream *s, void *to, size_t n)
{
    return stream_take(s, to, n);
}

bool ole_stream_skip(ole_stream *s, size_t n)
{
    return stream_take(s, NULL, n);
}

void ole_stream_close(ole_stream *s)
{
    free(s);
}

static bool is_named(const uint8_t *entry, const char *name)
{
    size_t length = strlen(name), units = u16(entry + 64) / 2;
    char text[NAME_UNITS_MAX];

    if (units != length + 1 || units > NAME_UNITS_MAX)
        return false;
    for (size_t i = 0; i < units; i++) {
        uint16_t unit = u16(entry + i * 2);
        text[i] = (char)(unit < 0x80 ? unit : 0x1a);
    }
    text[length] = '\0';
    return strcasecmp(text, name) == 0;
}

static bool entry_find(const ole *o, const char *name, uint8_t entry[ENTRY])
{
    ole_stream *entries = stream_at(o, o->directory, UINT64_MAX);
    bool found = false;

    while (entries && !found && ole_stream_read(entries, entry, ENTRY))
        found = entry[66] == 2 && is_named(entry, name);
    ole_stream_close(entries);
    return found;
}

bool ole_holds(const ole *o, const char *name)
{
    uint8_t entry[ENTRY];

    return entry_find(o, name, entry);
}

ole_stream *ole_stream_open(const ole *o, const char *name)
{
    uint8_t entry[ENTRY];

    if (!entry_find(o, name, entry) || u32(entry + 120) < o->small_limit)
        return NULL;
    return stream_at(o, u32(entry + 116), u32(entry + 120));
}

bool ole_is_encrypted_workbook(const sheet_file *file)
{
    ole *o;

    if (sp_failed(ole_open(file, &o)))
        return false;
    bool encrypted = ole_holds(o, "EncryptedPackage");
    ole_close(o);
    return encrypted;
}
