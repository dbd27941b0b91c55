#include <stdlib.h>
#include <string.h>

#include "xlsx_parts.h"
#include "xlsx_text.h"
#include "xml_part.h"

typedef struct {
    xlsx_strings *strings;
    bool in_string, in_text;
    int phonetic; /* depth of elements that say how a text sounds */
    xlsx_text text;
} strings_walk;

static void *grown(void *array, size_t *room, size_t needed, size_t first, size_t each)
{
    size_t wanted = *room ? *room : first;

    while (wanted < needed)
        wanted *= 2;
    void *larger = wanted == *room ? array : realloc(array, wanted * each);
    if (larger)
        *room = wanted;
    return larger;
}

static sp_status add(xlsx_strings *s, const char *text, size_t length)
{
    uint32_t cut = length > SHEET_CELL_BYTES_MAX ? XLSX_STRING_CUT : 0;

    if (cut)
        length = text_cut(text, SHEET_CELL_BYTES_MAX);
    if (s->count == XLSX_STRINGS_MAX || length + 1 > XLSX_STRINGS_BYTES_MAX - s->size)
        return SHEET_TOO_LARGE;
    char *bytes = grown(s->bytes, &s->room, s->size + length + 1, 65536, 1);
    if (!bytes)
        return SHEET_NO_MEMORY;
    s->bytes = bytes;
    uint32_t *at = grown(s->at, &s->count_room, s->count + 1, 4096, sizeof *at);
    if (!at)
        return SHEET_NO_MEMORY;
    s->at = at;
    s->at[s->count++] = (uint32_t)s->size | cut;
    memcpy(s->bytes + s->size, text, length);
    s->bytes[s->size + length] = '\0';
    s->size += length + 1;
    return SP_DONE;
}

static void strings_started(void *arg, xml_part *part, const char *name, const char **attributes)
{
    strings_walk *walk = arg;

    (void)part;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        walk->in_string = true;
        xlsx_text_clear(&walk->text);
    } else if (strcmp(name, "rPh") == 0) {
        walk->phonetic++;
    } else if (strcmp(name, "t") == 0 && walk->in_string && walk->phonetic == 0) {
        walk->in_text = true;
    }
}

static void strings_ended(void *arg, xml_part *part, const char *name)
{
    strings_walk *walk = arg;

    if (strcmp(name, "rPh") == 0) {
        walk->phonetic--;
    } else if (walk->in_text && strcmp(name, "t") == 0) {
        walk->in_text = false;
    } else if (walk->in_string && strcmp(name, "si") == 0) {
        walk->in_string = false;
        xlsx_text_finish(&walk->text);
        sp_status status = add(walk->strings, walk->text.bytes, walk->text.length);
        if (sp_failed(status))
            xml_part_stop(part, status);
    }
}

static void strings_texted(void *arg, xml_part *part, const char *text, size_t length)
{
    strings_walk *walk = arg;

    (void)part;
    if (walk->in_text)
        xlsx_text_append(&walk->text, text, length);
}

sp_status xlsx_strings_read(archive *a, const char *part, xlsx_strings *strings)
{
    static const xml_handlers handlers = {strings_started, strings_ended, strings_texted};
    int64_t index = *part ? archive_find(a, part) : -1;
    strings_walk *walk;
    sp_status status;

    if (index < 0)
        return SP_DONE;
    walk = calloc(1, sizeof *walk);
    if (!walk)
        return SHEET_NO_MEMORY;
    walk->strings = strings;
    status = xml_part_read(a, index, &handlers, walk);
    free(walk);
    return status;
}

void xlsx_strings_done(xlsx_strings *strings)
{
    free(strings->bytes);
    free(strings->at);
}
