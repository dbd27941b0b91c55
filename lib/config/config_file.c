#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"
#include "file.h"
#include "text.h"

enum { CONFIG_FILE_MAX = 1 << 20 };

typedef struct {
    config_loading *loading;
    config_origin at;
    char section[CONFIG_NAME_MAX];
    int *lines; /* one an item: where its key stood, 0 while it did not */
} ini_reader;

/* Between blanks; cuts the text's end in place. */
static char *trim(char *text)
{
    size_t n;

    text += strspn(text, " \t\r");
    n = strlen(text);
    while (n > 0 && strchr(" \t\r", text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

static bool is_name(const char *text)
{
    return *text && strlen(text) < CONFIG_NAME_MAX / 2 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

/* The inside of "...", its escapes resolved in place; NULL when it is malformed. */
static char *unquote(char *text)
{
    static const char escaped[] = "\"\\nt", meant[] = "\"\\\n\t";
    char *from = text + 1, *to = text;

    for (; *from && *from != '"'; from++) {
        if (*from == '\\') {
            const char *which = from[1] ? strchr(escaped, from[1]) : NULL;

            if (!which)
                return NULL;
            *to++ = meant[which - escaped];
            from++;
        } else {
            *to++ = *from;
        }
    }
    if (from[0] != '"' || from[1] != '\0')
        return NULL;
    *to = '\0';
    return text;
}

/* Reports and returns NULL when the text cannot be a value. */
static char *read_value(ini_reader *reader, const char *key, char *text)
{
    char *value = text;

    if (text[0] == '"') {
        value = unquote(text);
        if (!value)
            config_fault(reader->loading, &reader->at,
                         "%s: the quotes must end the line, and \\ stands before \" \\ n t", key);
    } else if (strstr(text, " #") || strstr(text, " ;")) {
        /* Taken literally it would surprise whoever meant a comment, cut off whoever meant a password. */
        config_fault(reader->loading, &reader->at, "%s: a comment needs a line of its own, or the value double quotes",
                     key);
        value = NULL;
    }
    return value;
}

static void read_section(ini_reader *reader, char *text)
{
    size_t n = strlen(text);
    char *name = text + 1;

    if (text[n - 1] == ']') {
        text[n - 1] = '\0';
        name = trim(name);
    }
    if (text[n - 1] != '\0' || !is_name(name)) {
        config_fault(reader->loading, &reader->at, "a section is a word in brackets, such as [server]");
        return;
    }
    snprintf(reader->section, sizeof reader->section, "%s", name);
}

static void refuse_key(ini_reader *reader, const char *key)
{
    const config_item *nearest = config_nearest(reader->loading->schema, key);

    if (nearest)
        config_fault(reader->loading, &reader->at, "%s is no key; did you mean %s?", key, nearest->key);
    else
        config_fault(reader->loading, &reader->at, "%s is no key; --help lists them", key);
}

static void read_pair(ini_reader *reader, char *text)
{
    const config_schema *schema = reader->loading->schema;
    char *equals = strchr(text, '=');
    char key[CONFIG_NAME_MAX + CONFIG_NAME_MAX];
    const config_item *item;
    char *name, *value;

    if (!equals) {
        config_fault(reader->loading, &reader->at, "a line is \"key = value\", \"[section]\" or a comment");
        return;
    }
    *equals = '\0';
    name = trim(text);
    if (!is_name(name)) {
        config_fault(reader->loading, &reader->at, "a key is a word of a-z, 0-9 and _, not \"%s\"", name);
        return;
    }
    snprintf(key, sizeof key, "%s%s%s", reader->section, reader->section[0] ? "." : "", name);
    item = config_find(schema, key);
    if (!item) {
        refuse_key(reader, key);
        return;
    }
    if (reader->lines[item - schema->items]) {
        config_fault(reader->loading, &reader->at, "%s stands in line %d already", key,
                     reader->lines[item - schema->items]);
        return;
    }
    reader->lines[item - schema->items] = reader->at.line;
    value = read_value(reader, key, trim(equals + 1));
    if (value)
        config_set(reader->loading, item, value, &reader->at);
}

static void read_line(ini_reader *reader, char *line)
{
    char *text = trim(line);

    if (*text == '\0' || *text == '#' || *text == ';')
        return;
    if (*text == '[')
        read_section(reader, text);
    else
        read_pair(reader, text);
}

static void read_lines(ini_reader *reader, char *content, size_t size)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";

    if (!utf8_is_valid(content, size)) {
        config_fault(reader->loading, &reader->at, "the file is not UTF-8 text");
        return;
    }
    if (strncmp(content, byte_order_mark, 3) == 0)
        content += 3;
    while (content) {
        char *line = strsep(&content, "\n");

        reader->at.line++;
        read_line(reader, line);
    }
}

void config_read_file(config_loading *loading)
{
    const char *named = loading->file ? loading->file : config_variable(loading, "config");
    ini_reader reader = {.loading = loading, .at = {ORIGIN_FILE, named ? named : loading->schema->file, 0}};
    char *content;
    sp_status status;
    size_t size;

    if (!reader.at.name)
        return;
    status = file_read(reader.at.name, CONFIG_FILE_MAX, &content, &size);
    if (!named && strcmp(status.reason, FILE_NOT_FOUND.reason) == 0)
        return;
    if (sp_failed(status)) {
        config_fault(loading, &reader.at, "%s%s%s", status.message, status.code == SP_FAILED_PRECONDITION ? " " : "",
                     status.code == SP_FAILED_PRECONDITION ? strerror(errno) : "");
        return;
    }
    reader.lines = arena_array(&loading->memory->strings, loading->schema->count, sizeof *reader.lines);
    if (reader.lines)
        read_lines(&reader, content, size);
    else
        config_fault(loading, &reader.at, "memory is exhausted");
    explicit_bzero(content, size);
    free(content);
}
