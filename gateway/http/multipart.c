#include "multipart.h"

#include <string.h>
#include <strings.h>

/* ---- Parameters of headers: name=token or name="quoted" ---- */

/* Reads the value of a parameter into `out`; its length, or -1 when it is absent, malformed or too long. */
static long parameter(const char *header, const char *name, char *out, size_t room)
{
    size_t name_length = strlen(name);
    const char *at = strchr(header, ';');

    while (at) {
        size_t n = 0;
        bool wanted, quoted;

        at += 1 + strspn(at + 1, " \t");
        wanted = strncasecmp(at, name, name_length) == 0 && at[name_length] == '=';
        at += strcspn(at, "=;");
        if (*at != '=') {
            at = *at ? at : NULL;
            continue;
        }
        quoted = at[1] == '"';
        for (at += quoted ? 2 : 1; *at && (quoted ? *at != '"' : !strchr("; \t", *at)); at++) {
            if (quoted && *at == '\\' && at[1])
                at++;
            if (wanted && n + 1 >= room)
                return -1;
            if (wanted)
                out[n++] = *at;
        }
        if (quoted && *at != '"')
            return -1;
        if (wanted) {
            out[n] = '\0';
            return (long)n;
        }
        at = strchr(at, ';');
    }
    return -1;
}

bool multipart_is_form(const char *content_type)
{
    static const char form[] = "multipart/form-data";
    size_t length = sizeof form - 1;

    return content_type && strncasecmp(content_type, form, length) == 0 &&
           (content_type[length] == '\0' || strchr("; \t", content_type[length]));
}

/* RFC 2046, 5.1.1. */
static bool is_boundary(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? ";

    return *text && text[strspn(text, letters)] == '\0' && text[strlen(text) - 1] != ' ';
}

bool multipart_open(multipart_reader *reader, const char *content_type, const multipart_events *events)
{
    char boundary[MULTIPART_BOUNDARY_MAX + 1];

    *reader = (multipart_reader){.events = events};
    if (!multipart_is_form(content_type) || parameter(content_type, "boundary", boundary, sizeof boundary) <= 0 ||
        !is_boundary(boundary))
        return false;
    memcpy(reader->boundary, "\r\n--", 4);
    strcpy(reader->boundary + 4, boundary);
    reader->boundary_length = strlen(reader->boundary);
    reader->matched = 2; /* the first boundary needs no line before it */
    return true;
}

/* ---- Heads of parts ---- */

typedef struct {
    char name[256], file_name[256], content_type[128];
    bool has_name, has_file;
} part_head;

static bool read_head_line(part_head *head, char *line)
{
    char *colon = strchr(line, ':'), *value;

    if (!colon)
        return false;
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(line, "Content-Disposition") == 0) {
        if (strncasecmp(value, "form-data", 9) != 0)
            return false;
        head->has_name = parameter(value, "name", head->name, sizeof head->name) >= 0;
        head->has_file = parameter(value, "filename", head->file_name, sizeof head->file_name) >= 0;
        return head->has_name;
    }
    if (strcasecmp(line, "Content-Type") == 0) {
        if (strlen(value) >= sizeof head->content_type)
            return false;
        strcpy(head->content_type, value);
    }
    return true;
}

static bool begin_part(multipart_reader *reader)
{
    part_head head = {.has_name = false};
    multipart_part part = {head.name, NULL, head.content_type};
    char *line = reader->head, *end;

    if (memchr(reader->head, '\0', reader->head_length) || ++reader->parts > MULTIPART_PARTS_MAX)
        return false;
    reader->head[reader->head_length] = '\0';
    for (; (end = strstr(line, "\r\n")) != NULL && end > line; line = end + 2) {
        *end = '\0';
        if (!read_head_line(&head, line))
            return false;
    }
    if (!head.has_name)
        return false;
    part.file_name = head.has_file ? head.file_name : NULL;
    return reader->events->part(reader->events->self, &part);
}

static size_t bad(multipart_reader *reader)
{
    reader->state = MULTIPART_BAD;
    return 0;
}

/* Gathers up to the empty line; a part may have no head but that. */
static size_t take_head(multipart_reader *reader, const uint8_t *bytes, size_t size)
{
    size_t n = 0;

    while (n < size && reader->state == MULTIPART_HEAD) {
        if (reader->head_length == MULTIPART_HEAD_MAX)
            return bad(reader);
        reader->head[reader->head_length++] = (char)bytes[n++];
        if (reader->head_length >= 4 && memcmp(reader->head + reader->head_length - 4, "\r\n\r\n", 4) == 0) {
            if (!begin_part(reader))
                return bad(reader);
            reader->state = MULTIPART_DATA;
            reader->matched = 0;
        }
    }
    return n;
}

/* After a boundary: two dashes end the form, a line's end begins a part; blanks may stand before it. */
static size_t take_after_boundary(multipart_reader *reader, const uint8_t *bytes, size_t size)
{
    size_t n = 0;

    while (n < size && reader->state == MULTIPART_AFTER_BOUNDARY) {
        char c = (char)bytes[n++];
        char before = reader->head_length ? reader->head[0] : '\0';

        if ((c == ' ' || c == '\t') && !before)
            continue;
        if (!before && (c == '-' || c == '\r')) {
            reader->head[reader->head_length++] = c;
        } else if (before == '-' && c == '-') {
            reader->state = MULTIPART_DONE;
        } else if (before == '\r' && c == '\n') {
            reader->state = MULTIPART_HEAD;
            reader->head_length = 0;
        } else {
            return bad(reader);
        }
    }
    return n;
}

/* ---- Data and what may be a boundary ---- */

static size_t give(multipart_reader *reader, const uint8_t *bytes, size_t size)
{
    if (reader->state == MULTIPART_PREAMBLE || size == 0)
        return size;
    return reader->events->data(reader->events->self, bytes, size);
}

static bool at_boundary(multipart_reader *reader)
{
    bool of_part = reader->state == MULTIPART_DATA;

    reader->matched = 0;
    reader->head_length = 0;
    reader->state = MULTIPART_AFTER_BOUNDARY;
    return !of_part || reader->events->end(reader->events->self);
}

/* What was held back and is no boundary is data. True when all of it was taken. */
static bool settle_debt(multipart_reader *reader)
{
    size_t taken = give(reader, (const uint8_t *)reader->boundary + reader->owed_from, reader->owed);

    reader->owed_from += taken;
    reader->owed -= taken;
    return reader->owed == 0;
}

/* The first CR that may begin a boundary, as far as the bytes tell. */
static const uint8_t *find_mark(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size, *mark = memchr(bytes, '\r', size);

    while (mark && mark + 1 < end && mark[1] != '\n')
        mark = memchr(mark + 1, '\r', (size_t)(end - mark - 1));
    return mark;
}

/* The only CR of a boundary is its first byte: after a mismatch the search goes on at the byte at hand. */
static size_t take_data(multipart_reader *reader, const uint8_t *bytes, size_t size)
{
    const uint8_t *mark;
    size_t n;

    if (reader->matched > 0) {
        if (bytes[0] == (uint8_t)reader->boundary[reader->matched]) {
            if (++reader->matched == reader->boundary_length && !at_boundary(reader))
                return bad(reader);
            return 1;
        }
        reader->owed = reader->matched;
        reader->owed_from = 0;
        reader->matched = 0;
        return 0;
    }
    mark = find_mark(bytes, size);
    n = mark ? (size_t)(mark - bytes) : size;
    if (n > 0)
        return give(reader, bytes, n);
    reader->matched = 1;
    return 1;
}

size_t multipart_feed(multipart_reader *reader, const uint8_t *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && reader->state != MULTIPART_BAD) {
        size_t n = 0;

        if (reader->owed > 0) {
            if (!settle_debt(reader))
                return at;
            continue;
        }
        switch (reader->state) {
        case MULTIPART_PREAMBLE:
        case MULTIPART_DATA:
            n = take_data(reader, bytes + at, size - at);
            if (n == 0 && reader->owed == 0)
                return at;
            break;
        case MULTIPART_AFTER_BOUNDARY:
            n = take_after_boundary(reader, bytes + at, size - at);
            break;
        case MULTIPART_HEAD:
            n = take_head(reader, bytes + at, size - at);
            break;
        default:
            n = size - at;
            break;
        }
        at += n;
    }
    return at;
}

bool multipart_is_whole(const multipart_reader *reader)
{
    return reader->state == MULTIPART_DONE;
}
