/* What the descriptors of a contract say, laid out for transcoding: messages, enums and methods, read once from a
 * google.protobuf.FileDescriptorSet (protoc --include_imports --descriptor_set_out). Everything that a pool hands out
 * lives as long as the pool and never changes, so any thread may read it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name_table.h"
#include "protowire.h"

/* The numbers of FieldDescriptorProto.Type. */
typedef enum {
    FIELD_DOUBLE = 1,
    FIELD_FLOAT = 2,
    FIELD_INT64 = 3,
    FIELD_UINT64 = 4,
    FIELD_INT32 = 5,
    FIELD_FIXED64 = 6,
    FIELD_FIXED32 = 7,
    FIELD_BOOL = 8,
    FIELD_STRING = 9,
    FIELD_GROUP = 10,
    FIELD_MESSAGE = 11,
    FIELD_BYTES = 12,
    FIELD_UINT32 = 13,
    FIELD_ENUM = 14,
    FIELD_SFIXED32 = 15,
    FIELD_SFIXED64 = 16,
    FIELD_SINT32 = 17,
    FIELD_SINT64 = 18,
} field_kind;

/* Messages whose JSON is not an object of their fields. */
typedef enum {
    MESSAGE_PLAIN,
    MESSAGE_ANY,
    MESSAGE_DURATION,
    MESSAGE_FIELD_MASK,
    MESSAGE_LIST_VALUE,
    MESSAGE_STRUCT,
    MESSAGE_TIMESTAMP,
    MESSAGE_VALUE,
    MESSAGE_WRAPPER, /* DoubleValue … BytesValue: the value of field 1 */
} message_form;

typedef struct message_type message_type;

typedef struct {
    const char *name;
    int32_t number;
} enum_value;

typedef struct {
    const char *full_name;
    const enum_value *values; /* as declared */
    size_t count;
    name_table by_name;
    const char *const *names_from_zero; /* of the numbers 0 … names_count − 1; NULL where there is none */
    size_t names_count;
    bool null_value; /* google.protobuf.NullValue, which JSON writes null */
} enum_type;

typedef struct {
    const char *name;      /* "photo_id" */
    const char *json_name; /* "photoId" */
    const char *json_key;  /* "\"photoId\":" */
    size_t json_key_size;
    uint32_t number;
    field_kind kind;
    wire_kind wire;    /* of a single value */
    uint16_t index;    /* in the message's fields */
    int16_t oneof;     /* index of its oneof; −1: none */
    bool repeated;     /* maps too */
    bool map;          /* message is the entry: key 1, value 2 */
    bool packed;       /* written packed; reading takes both */
    bool has_presence; /* unset differs from the default */
    const message_type *message;
    const enum_type *enumeration;
} field_type;

struct message_type {
    const char *full_name;
    const field_type *fields; /* as declared */
    size_t count;
    size_t oneof_count;
    message_form form;
    bool map_entry;
    name_table by_name;                /* both names of each field */
    const field_type *const *from_one; /* of the numbers 1 … from_one_count; NULL where there is none */
    size_t from_one_count;
};

typedef struct {
    const char *path; /* "/smartpass.v1.PeopleService/GetEmployee" */
    const message_type *input, *output;
    bool client_streaming, server_streaming;
    const uint8_t *http_rule; /* google.api.HttpRule as it stands in the options; NULL when there is none */
    size_t http_rule_size;
} method_type;

typedef struct descriptor_pool descriptor_pool;

/* Copies what it needs. On failure NULL, and a static sentence in ret_fault. */
descriptor_pool *descriptor_pool_new(const uint8_t *set, size_t size, const char **ret_fault);
void descriptor_pool_free(descriptor_pool *pool); /* accepts NULL */

/* By full name without a leading dot; NULL when there is none. */
const message_type *descriptor_pool_message(const descriptor_pool *pool, const char *full_name, size_t length);
size_t descriptor_pool_method_count(const descriptor_pool *pool);
const method_type *descriptor_pool_method(const descriptor_pool *pool, size_t index);

/* NULL when there is none. */
const field_type *message_field_by_name(const message_type *message, const char *name, size_t length);
const field_type *message_field_by_number(const message_type *message, uint32_t number);
const enum_value *enum_value_by_name(const enum_type *type, const char *name, size_t length);
const char *enum_name_by_number(const enum_type *type, int32_t number);
