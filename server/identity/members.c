#include "members.h"

#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MAX = 256, TEXTS_MAX = 4096 };

static const double SECONDS_MAX = 1e11; /* the year 5138 */

/* A copy that ends in NUL; NULL when there is one within, or memory is out. */
static const char *text_of(const json_reader *reader)
{
    return memchr(reader->text, '\0', reader->length) ? NULL : arena_copy(reader->memory, reader->text, reader->length);
}

static bool member_read(json_reader *reader, json_members *members)
{
    json_member *member = &members->list[members->count];

    member->name = text_of(reader);
    if (!member->name || json_member_find(members, member->name))
        return false;
    member->kind = json_next(reader);
    member->value = *reader;
    member->text = member->kind == JSON_STRING || member->kind == JSON_NUMBER ? text_of(reader) : "";
    members->count++;
    return member->text && json_skip(reader, member->kind);
}

bool json_members_go_on(json_reader *reader, json_members *ret_members)
{
    json_token token;

    *ret_members = (json_members){.list = arena_array(reader->memory, MEMBERS_MAX, sizeof *ret_members->list)};
    if (!ret_members->list)
        return false;
    while ((token = json_next(reader)) == JSON_KEY)
        if (ret_members->count == MEMBERS_MAX || !member_read(reader, ret_members))
            return false;
    return token == JSON_OBJECT_END;
}

bool json_members_read(const char *bytes, size_t size, arena *a, json_members *ret_members)
{
    json_reader reader;

    json_reader_init(&reader, bytes, size, a);
    return json_next(&reader) == JSON_OBJECT && json_members_go_on(&reader, ret_members) &&
           json_next(&reader) == JSON_END;
}

const json_member *json_member_find(const json_members *members, const char *name)
{
    for (size_t i = 0; i < members->count; i++)
        if (strcmp(members->list[i].name, name) == 0)
            return &members->list[i];
    return NULL;
}

const char *json_member_text(const json_members *members, const char *name)
{
    const json_member *member = json_member_find(members, name);

    return member && member->kind == JSON_STRING ? member->text : "";
}

bool json_member_seconds(const json_members *members, const char *name, int64_t *ret_ms)
{
    const json_member *member = json_member_find(members, name);
    double seconds;

    if (!member || member->kind != JSON_NUMBER)
        return false;
    seconds = strtod(member->text, NULL);
    if (!(seconds >= 0 && seconds <= SECONDS_MAX))
        return false;
    *ret_ms = (int64_t)(seconds * 1000);
    return true;
}

bool json_member_texts(const json_members *members, const char *name, text_list *ret_list)
{
    const json_member *member = json_member_find(members, name);
    json_reader reader;
    json_token token;

    *ret_list = (text_list){0};
    if (!member || (member->kind != JSON_STRING && member->kind != JSON_ARRAY))
        return true;
    reader = member->value;
    ret_list->texts = arena_array(reader.memory, member->kind == JSON_STRING ? 1 : TEXTS_MAX, sizeof(char *));
    if (!ret_list->texts)
        return false;
    if (member->kind == JSON_STRING) {
        ret_list->texts[ret_list->count++] = (char *)member->text;
        return true;
    }
    while ((token = json_next(&reader)) != JSON_ARRAY_END && token != JSON_BAD && ret_list->count < TEXTS_MAX) {
        if (token == JSON_STRING && (ret_list->texts[ret_list->count] = (char *)text_of(&reader)) != NULL)
            ret_list->count++;
        if (!json_skip(&reader, token))
            return false;
    }
    return true;
}
