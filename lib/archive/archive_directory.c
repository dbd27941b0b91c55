#include "archive_directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    END = 22, /* bytes of the record at the file's end, then a comment */
    END_COMMENT = 65535,
    LOCATOR = 20, /* of the wide record, before the end record */
    WIDE_END = 56,
    ENTRY = 46, /* of the directory, then name, extra fields, comment */
    LOCAL = 30, /* before the bytes of an entry, then its name again */
    EXTRA_HEAD = 4,
    WINDOW = 64 << 10,
};

#define WIDE_EXTRA 1
#define IN_WIDE 0xffffffffu /* the value stands in the wide record or field */

typedef struct {
    uint64_t entries, at; /* of the directory */
} directory;

typedef struct {
    uint64_t begin, end;
} span;

/* The directory is walked once, forwards. */
typedef struct {
    int fd;
    uint64_t size; /* of the file */
    uint64_t at;   /* of the window */
    size_t held;
    uint8_t bytes[WINDOW];
} window;

static uint16_t u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t u64(const uint8_t *at)
{
    return u32(at) | (uint64_t)u32(at + 4) << 32;
}

static bool read_whole(int fd, uint64_t at, uint8_t *to, size_t size)
{
    while (size > 0) {
        ssize_t n = pread(fd, to, size, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        to += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}

/* So many bytes from there, at most a window; NULL when the file ends before. */
static const uint8_t *window_at(window *w, uint64_t at, size_t size)
{
    if (at > w->size || size > w->size - at)
        return NULL;
    if (at < w->at || at - w->at > w->held || size > w->held - (at - w->at)) {
        w->held = w->size - at < WINDOW ? (size_t)(w->size - at) : WINDOW;
        w->at = at;
        if (!read_whole(w->fd, at, w->bytes, w->held)) {
            w->held = 0;
            return NULL;
        }
    }
    return w->bytes + (at - w->at);
}

/* The same for whoever goes backwards. */
static const uint8_t *window_before(window *w, uint64_t at, size_t size)
{
    if (at < w->at || w->held == 0)
        window_at(w, at < WINDOW - END ? 0 : at - (WINDOW - END), 1);
    return window_at(w, at, size);
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

/* The wide record says more than the short one can. */
static sp_status wide_end_read(window *w, uint64_t end_at, directory *ret_directory)
{
    const uint8_t *bytes = end_at < LOCATOR ? NULL : window_at(w, end_at - LOCATOR, LOCATOR);

    if (!bytes || memcmp(bytes, "PK\6\7", 4) != 0)
        return SP_DONE; /* a zip of exactly that many entries */
    if (u32(bytes + 4) != 0 || u32(bytes + 16) > 1)
        return ARCHIVE_SPLIT;
    bytes = window_at(w, u64(bytes + 8), WIDE_END);
    if (!bytes || memcmp(bytes, "PK\6\6", 4) != 0)
        return ARCHIVE_NOT_READABLE;
    if (u32(bytes + 16) != 0 || u32(bytes + 20) != 0 || u64(bytes + 24) != u64(bytes + 32))
        return ARCHIVE_SPLIT;
    *ret_directory = (directory){u64(bytes + 32), u64(bytes + 48)};
    return SP_DONE;
}

/* The last record there is: behind it comes its comment, and nothing that looks like another. */
static sp_status end_read(window *w, uint64_t at, directory *ret_directory)
{
    const uint8_t *bytes = window_at(w, at, END);
    bool wide;

    if (!bytes)
        return ARCHIVE_NOT_READABLE;
    *ret_directory = (directory){u16(bytes + 10), u32(bytes + 16)};
    wide = u16(bytes + 8) == UINT16_MAX || ret_directory->entries == UINT16_MAX || ret_directory->at == IN_WIDE ||
           u32(bytes + 12) == IN_WIDE;
    if (wide)
        return wide_end_read(w, at, ret_directory);
    return u16(bytes + 4) != 0 || u16(bytes + 6) != 0 || u16(bytes + 8) != u16(bytes + 10) ? ARCHIVE_SPLIT : SP_DONE;
}

static sp_status end_find(window *w, directory *ret_directory)
{
    uint64_t first = w->size > END + END_COMMENT ? w->size - END - END_COMMENT : 0;

    for (uint64_t at = w->size - END;; at--) {
        const uint8_t *bytes = window_before(w, at, 4);

        if (!bytes)
            return ARCHIVE_NOT_READABLE;
        if (memcmp(bytes, "PK\5\6", 4) == 0)
            return end_read(w, at, ret_directory);
        if (at == first)
            return ARCHIVE_NOT_READABLE;
    }
}

/* ---- Entries ----------------------------------------------------------------------------------------------------- */

/* Values that stood for "see the wide field" are in it, in this order and only those. */
static bool wide_field_read(window *w, uint64_t at, size_t size, uint32_t inflated, uint64_t *packed, uint64_t *offset)
{
    uint64_t *values[] = {*packed == IN_WIDE ? packed : NULL, *offset == IN_WIDE ? offset : NULL};

    if (inflated == IN_WIDE) {
        if (size < 8)
            return false;
        at += 8;
        size -= 8;
    }
    for (int i = 0; i < 2; i++) {
        const uint8_t *bytes = values[i] && size >= 8 ? window_at(w, at, 8) : NULL;

        if (!values[i])
            continue;
        if (!bytes)
            return false;
        *values[i] = u64(bytes);
        at += 8;
        size -= 8;
    }
    return true;
}

static bool extras_read(window *w, uint64_t at, size_t size, uint32_t inflated, uint64_t *packed, uint64_t *offset)
{
    while (size >= EXTRA_HEAD) {
        const uint8_t *head = window_at(w, at, EXTRA_HEAD);
        size_t length = head ? u16(head + 2) : 0;

        if (!head || length > size - EXTRA_HEAD)
            return false;
        if (u16(head) == WIDE_EXTRA)
            return wide_field_read(w, at + EXTRA_HEAD, length, inflated, packed, offset);
        at += EXTRA_HEAD + length;
        size -= EXTRA_HEAD + length;
    }
    return true;
}

/* Where an entry lies, at least: its name and extra fields stand before its bytes once more, how long nobody knows. */
static sp_status entry_read(window *w, uint64_t *at, span *ret_span)
{
    const uint8_t *head = window_at(w, *at, ENTRY);
    uint64_t packed, offset;
    uint32_t inflated;
    size_t name, extra, comment;

    if (!head || memcmp(head, "PK\1\2", 4) != 0)
        return ARCHIVE_NOT_READABLE;
    packed = u32(head + 20);
    inflated = u32(head + 24);
    name = u16(head + 28);
    extra = u16(head + 30);
    comment = u16(head + 32);
    offset = u32(head + 42);
    if (u16(head + 34) != 0)
        return ARCHIVE_SPLIT;
    if (!extras_read(w, *at + ENTRY + name, extra, inflated, &packed, &offset) || offset > w->size ||
        packed > w->size - offset)
        return ARCHIVE_NOT_READABLE;
    *at += ENTRY + name + extra + comment;
    *ret_span = (span){offset, offset + LOCAL + packed};
    return SP_DONE;
}

static int spans_compare(const void *a, const void *b)
{
    const span *one = a, *other = b;

    return one->begin < other->begin ? -1 : one->begin > other->begin;
}

static sp_status entries_judge(window *w, const directory *d)
{
    span *spans = malloc((size_t)d->entries * sizeof *spans + 1);
    sp_status status = spans ? SP_DONE : ARCHIVE_NO_MEMORY;
    uint64_t at = d->at;

    for (uint64_t i = 0; i < d->entries && !sp_failed(status); i++)
        status = entry_read(w, &at, &spans[i]);
    if (!sp_failed(status))
        qsort(spans, (size_t)d->entries, sizeof *spans, spans_compare);
    for (uint64_t i = 1; i < d->entries && !sp_failed(status); i++)
        if (spans[i].begin < spans[i - 1].end)
            status = ARCHIVE_OVERLAPS;
    free(spans);
    return status;
}

sp_status archive_directory_judge(int fd, uint64_t size, int64_t entries_max)
{
    window *w = calloc(1, sizeof *w);
    directory d;
    sp_status status = !w ? ARCHIVE_NO_MEMORY : size < END ? ARCHIVE_NOT_READABLE : SP_DONE;

    if (!sp_failed(status)) {
        w->fd = fd;
        w->size = size;
        status = end_find(w, &d);
    }
    if (!sp_failed(status) && d.entries > (uint64_t)entries_max)
        status = ARCHIVE_TOO_LARGE;
    if (!sp_failed(status))
        status = entries_judge(w, &d);
    free(w);
    return status;
}
