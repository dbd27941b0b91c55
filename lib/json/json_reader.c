/* The tokens and their order; json_string.c reads strings, json_number.c numbers. */
#include "json_reader.h"

#include <string.h>

#include "json_number.h"
#include "json_string.h"

enum {
    EXPECTS_VALUE,
    EXPECTS_FIRST_ENTRY, /* a value or ] */
    EXPECTS_FIRST_KEY,   /* a key or } */
    EXPECTS_COMMA,       /* a comma or the container's end */
    EXPECTS_NOTHING,
};

void json_reader_init(json_reader *reader, const char *bytes, size_t size, arena *memory)
{
    *reader = (json_reader){.memory = memory, .expects = EXPECTS_VALUE};
    reader->start = reader->at = (const uint8_t *)bytes;
    reader->end = reader->start + size;
}

static json_token bad(json_reader *reader, const char *fault)
{
    reader->fault = fault;
    return JSON_BAD;
}

static void skip_space(json_reader *reader)
{
    const uint8_t *at = reader->at;

    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    reader->at = at;
}

static bool in_object(const json_reader *reader)
{
    unsigned level = reader->depth - 1;

    return reader->in_object[level / 64] >> (level % 64) & 1;
}

static json_token open_container(json_reader *reader, bool object)
{
    unsigned level = reader->depth;
    uint64_t bit = UINT64_C(1) << (level % 64);

    if (level == JSON_MAX_DEPTH)
        return bad(reader, "is nested too deeply");
    reader->at++;
    reader->depth++;
    if (object)
        reader->in_object[level / 64] |= bit;
    else
        reader->in_object[level / 64] &= ~bit;
    reader->expects = object ? EXPECTS_FIRST_KEY : EXPECTS_FIRST_ENTRY;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static void value_ended(json_reader *reader)
{
    reader->expects = reader->depth ? EXPECTS_COMMA : EXPECTS_NOTHING;
}

static json_token close_container(json_reader *reader)
{
    bool object = in_object(reader);

    reader->at++;
    reader->depth--;
    value_ended(reader);
    return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static json_token read_word(json_reader *reader, const char *word, json_token token)
{
    size_t length = strlen(word);

    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return bad(reader, "has a word that is no value");
    reader->at += length;
    value_ended(reader);
    return token;
}

static json_token read_string(json_reader *reader)
{
    if (!json_string_read(reader))
        return JSON_BAD;
    value_ended(reader);
    return JSON_STRING;
}

static json_token read_number(json_reader *reader)
{
    size_t length = number_length((const char *)reader->at, (size_t)(reader->end - reader->at));

    if (length == 0)
        return bad(reader, "has a malformed number");
    reader->text = (const char *)reader->at;
    reader->length = length;
    reader->at += length;
    value_ended(reader);
    return JSON_NUMBER;
}

static json_token read_value(json_reader *reader)
{
    switch (*reader->at) {
    case '{':
        return open_container(reader, true);
    case '[':
        return open_container(reader, false);
    case '"':
        return read_string(reader);
    case 't':
        return read_word(reader, "true", JSON_TRUE);
    case 'f':
        return read_word(reader, "false", JSON_FALSE);
    case 'n':
        return read_word(reader, "null", JSON_NULL);
    case '-':
    case '0' ... '9':
        return read_number(reader);
    default:
        return bad(reader, "has a character where a value should begin");
    }
}

static json_token read_key(json_reader *reader)
{
    if (reader->at == reader->end || *reader->at != '"')
        return bad(reader, "lacks a key in double quotes");
    if (!json_string_read(reader))
        return JSON_BAD;
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != ':')
        return bad(reader, "lacks a colon after a key");
    reader->at++;
    reader->expects = EXPECTS_VALUE;
    return JSON_KEY;
}

static json_token after_value(json_reader *reader)
{
    bool object = in_object(reader);

    if (*reader->at == (object ? '}' : ']'))
        return close_container(reader);
    if (*reader->at != ',')
        return bad(reader, "lacks a comma between two values");
    reader->at++;
    skip_space(reader);
    if (object)
        return read_key(reader);
    return reader->at == reader->end ? bad(reader, "ends too early") : read_value(reader);
}

json_token json_next(json_reader *reader)
{
    if (reader->fault)
        return JSON_BAD;
    skip_space(reader);
    if (reader->expects == EXPECTS_NOTHING)
        return reader->at == reader->end ? JSON_END : bad(reader, "has something after its value");
    if (reader->at == reader->end)
        return bad(reader, reader->at == reader->start ? "is empty" : "ends too early");

    switch (reader->expects) {
    case EXPECTS_FIRST_ENTRY:
        return *reader->at == ']' ? close_container(reader) : read_value(reader);
    case EXPECTS_FIRST_KEY:
        return *reader->at == '}' ? close_container(reader) : read_key(reader);
    case EXPECTS_COMMA:
        return after_value(reader);
    default:
        return read_value(reader);
    }
}

bool json_skip(json_reader *reader, json_token first)
{
    unsigned outside = reader->depth - 1;
    bool skipping = reader->skipping;
    json_token token = first;

    if (first != JSON_OBJECT && first != JSON_ARRAY)
        return first != JSON_BAD;
    reader->skipping = true;
    while (token != JSON_BAD && reader->depth > outside)
        token = json_next(reader);
    reader->skipping = skipping;
    return token != JSON_BAD;
}

void json_position(const json_reader *reader, unsigned *ret_line, unsigned *ret_column)
{
    unsigned line = 1, column = 1;

    for (const uint8_t *at = reader->start; at < reader->at; at++) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    *ret_line = line;
    *ret_column = column;
}
