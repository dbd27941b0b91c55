/* Forms in parts. The first byte says in which pieces the body comes and how much of the data is taken at a time; then
 * a line with the content type; then the body. Parts and their data are the same whatever the pieces. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "fuzz.h"
#include "multipart.h"

enum { RECORD_MAX = 1 << 16 };

typedef struct {
    byte_buffer told; /* all that the reader told, one after the other */
    size_t parts;
    bool open, stingy, took_nothing;
} listener;

static void tell(listener *l, const char *text)
{
    REQUIRE(byte_buffer_append(&l->told, text, strlen(text) + 1));
}

static bool part(void *self, const multipart_part *p)
{
    listener *l = self;

    REQUIRE(!l->open && ++l->parts <= MULTIPART_PARTS_MAX);
    l->open = true;
    tell(l, "part");
    tell(l, p->name);
    tell(l, p->file_name ? p->file_name : "no file");
    tell(l, p->content_type);
    return true;
}

static size_t take(void *self, const uint8_t *bytes, size_t size)
{
    listener *l = self;

    REQUIRE(l->open && size > 0);
    if (l->stingy) {
        l->took_nothing = !l->took_nothing;
        size = l->took_nothing ? 0 : 1;
    }
    REQUIRE(byte_buffer_append(&l->told, bytes, size));
    return size;
}

static bool end(void *self)
{
    listener *l = self;

    REQUIRE(l->open);
    l->open = false;
    tell(l, "end");
    return true;
}

/* Feeds all of it; whether the form is whole. False also when the content type is not fit. */
static bool read_form(listener *l, const char *type, const uint8_t *body, size_t size, size_t piece)
{
    static const multipart_events events = {NULL, part, take, end};
    multipart_events mine = events;
    multipart_reader reader;

    mine.self = l;
    if (!multipart_open(&reader, type, &mine)) {
        REQUIRE(!multipart_is_whole(&reader));
        return false;
    }
    REQUIRE(multipart_is_form(type));
    while (size > 0 && reader.state != MULTIPART_BAD) {
        size_t n = piece < size ? piece : size, used = multipart_feed(&reader, body, n);

        REQUIRE(used <= n);
        REQUIRE(used == n || l->stingy || reader.state == MULTIPART_BAD);
        body += used;
        size -= used;
    }
    REQUIRE(!multipart_is_whole(&reader) || !l->open);
    return multipart_is_whole(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
    listener at_once = {.parts = 0}, in_pieces = {.stingy = line && (data[0] & 0x80)};
    char *type;
    bool whole;

    if (!line)
        return 0;
    type = strndup((const char *)data + 1, (size_t)(line - data - 1));
    REQUIRE(type);
    size -= (size_t)(line + 1 - data);
    byte_buffer_init(&at_once.told, RECORD_MAX);
    byte_buffer_init(&in_pieces.told, RECORD_MAX);
    whole = read_form(&at_once, type, line + 1, size, size);
    REQUIRE(read_form(&in_pieces, type, line + 1, size, data[0] % 32 + 1) == whole);
    REQUIRE(at_once.parts == in_pieces.parts && at_once.told.size == in_pieces.told.size);
    REQUIRE(at_once.told.size == 0 || memcmp(at_once.told.data, in_pieces.told.data, at_once.told.size) == 0);
    byte_buffer_done(&at_once.told);
    byte_buffer_done(&in_pieces.told);
    free(type);
    return 0;
}
