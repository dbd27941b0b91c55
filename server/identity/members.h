/* The members of a JSON object that came from outside: read whole, then asked for by name. */
#pragma once

#include "json_reader.h"
#include "status.h"
#include "text.h"

typedef struct {
    const char *name;
    json_token kind;   /* JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL, JSON_OBJECT or JSON_ARRAY */
    const char *text;  /* of a string, or a number as it was written; "" for others */
    json_reader value; /* stands behind the value's first token */
} json_member;

typedef struct {
    json_member *list;
    size_t count;
} json_members;

/* Everything lies in the arena, which borrows the bytes. False when they are not one object of at most 256 members, a
 * name comes twice, or a text of it has a NUL: nobody could say what such an object means. */
bool json_members_read(const char *bytes, size_t size, arena *a, json_members *ret_members) SP_MUST_USE;

/* The same for an object within: reader stands behind its JSON_OBJECT, and behind its end afterwards. */
bool json_members_go_on(json_reader *reader, json_members *ret_members) SP_MUST_USE;

/* NULL when there is none of this name. */
const json_member *json_member_find(const json_members *members, const char *name);

/* "" unless it is a string. */
const char *json_member_text(const json_members *members, const char *name);

/* Seconds since 1970, which may have a fraction, as milliseconds; false unless it is such a number. */
bool json_member_seconds(const json_members *members, const char *name, int64_t *ret_ms);

/* A string, or the strings of an array; what else an array has is passed over. No such member reads as empty. False
 * when memory is out. */
bool json_member_texts(const json_members *members, const char *name, text_list *ret_list);
