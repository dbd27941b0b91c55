/* Messages as JSON by their descriptors: what an object was, in the log. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit.h"
#include "bytes.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "text.h"

enum { DEPTH_MAX = 8, ITEMS_MAX = 200, TEXT_MAX = 2048 };

static const char *const SECRETS[] = {"password", "token", "secret", "totp", "private_key"};

static bool is_left_out(const ProtobufCFieldDescriptor *field)
{
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return true;
    for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++)
        if (strstr(field->name, SECRETS[i]))
            return true;
    return false;
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static bool put_text(byte_buffer *out, const char *text)
{
    size_t n = strlen(text), kept = n > TEXT_MAX ? TEXT_MAX : n;
    bool fine = byte_buffer_append_text(out, "\"");

    while (kept < n && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80)
        kept--;
    for (size_t i = 0; fine && i < kept; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '"' || c == '\\')
            fine = byte_buffer_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            fine = byte_buffer_printf(out, "\\u%04x", c);
        else
            fine = byte_buffer_append(out, &c, 1);
    }
    return fine && byte_buffer_append_text(out, kept < n ? "…\"" : "\"");
}

static bool put_enum(byte_buffer *out, const ProtobufCEnumDescriptor *kind, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(kind, value);

    return known ? byte_buffer_printf(out, "\"%s\"", known->name) : byte_buffer_printf(out, "%d", value);
}

static bool put_time(byte_buffer *out, const Google__Protobuf__Timestamp *t)
{
    time_t seconds = (time_t)t->seconds;
    char text[32];
    struct tm parts;

    if (!gmtime_r(&seconds, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return byte_buffer_append_text(out, "null");
    return byte_buffer_printf(out, "\"%s.%03dZ\"", text, (int)(t->nanos / 1000000 % 1000));
}

static bool put_message(byte_buffer *out, const ProtobufCMessage *message, int depth);

static size_t size_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        return 4;
    }
}

static bool put_value(byte_buffer *out, const ProtobufCFieldDescriptor *field, const void *at, int depth)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return byte_buffer_printf(out, "\"%" PRId64 "\"", *(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return byte_buffer_printf(out, "\"%" PRIu64 "\"", *(const uint64_t *)at);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return byte_buffer_printf(out, "%" PRId32, *(const int32_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return byte_buffer_printf(out, "%" PRIu32, *(const uint32_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return byte_buffer_printf(out, "\"%.9g\"", (double)*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return byte_buffer_printf(out, "\"%.17g\"", *(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return byte_buffer_append_text(out, *(const protobuf_c_boolean *)at ? "true" : "false");
    case PROTOBUF_C_TYPE_ENUM:
        return put_enum(out, field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return put_text(out, *(char *const *)at ? *(char *const *)at : "");
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(ProtobufCMessage *const *)at ? put_message(out, *(ProtobufCMessage *const *)at, depth + 1)
                                              : byte_buffer_append_text(out, "null");
    case PROTOBUF_C_TYPE_BYTES:
        break;
    }
    return byte_buffer_append_text(out, "null");
}

/* ---- Fields ------------------------------------------------------------------------------------------------------ */

static const void *member(const ProtobufCMessage *message, unsigned offset)
{
    return (const uint8_t *)message + offset;
}

static bool is_present(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    static const uint8_t zero[8];
    const void *at = member(message, field->offset);

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)member(message, field->quantifier_offset) > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)member(message, field->quantifier_offset) == field->id;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return *(char *const *)at && **(char *const *)at;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return *(void *const *)at != NULL;
    if (field->label == PROTOBUF_C_LABEL_OPTIONAL)
        return *(const protobuf_c_boolean *)member(message, field->quantifier_offset);
    return memcmp(at, zero, size_of(field->type)) != 0;
}

/* lowerCamelCase, as in the REST API. */
static bool put_name(byte_buffer *out, const char *name)
{
    bool upper = false, fine = byte_buffer_append_text(out, "\"");

    for (; fine && *name; name++) {
        char c = upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;

        upper = *name == '_';
        if (!upper)
            fine = byte_buffer_append(out, &c, 1);
    }
    return fine && byte_buffer_append_text(out, "\":");
}

static bool put_list(byte_buffer *out, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                     int depth)
{
    size_t count = *(const size_t *)member(message, field->quantifier_offset);
    const uint8_t *items = *(uint8_t *const *)member(message, field->offset);
    size_t shown = count > ITEMS_MAX ? ITEMS_MAX : count;
    bool fine = byte_buffer_append_text(out, "[");

    for (size_t i = 0; fine && i < shown; i++)
        fine = (i == 0 || byte_buffer_append_text(out, ",")) &&
               put_value(out, field, items + i * size_of(field->type), depth);
    if (fine && shown < count)
        fine = byte_buffer_printf(out, ",\"%zu more\"", count - shown);
    return fine && byte_buffer_append_text(out, "]");
}

static bool put_message(byte_buffer *out, const ProtobufCMessage *message, int depth)
{
    const ProtobufCMessageDescriptor *kind = message->descriptor;
    bool first = true, fine;

    if (kind == &google__protobuf__timestamp__descriptor)
        return put_time(out, (const Google__Protobuf__Timestamp *)message);
    if (depth > DEPTH_MAX)
        return byte_buffer_append_text(out, "null");
    fine = byte_buffer_append_text(out, "{");
    for (unsigned i = 0; fine && i < kind->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &kind->fields[i];

        if (is_left_out(field) || !is_present(message, field))
            continue;
        fine = (first || byte_buffer_append_text(out, ",")) && put_name(out, field->name);
        if (fine && field->label == PROTOBUF_C_LABEL_REPEATED)
            fine = put_list(out, message, field, depth);
        else if (fine)
            fine = put_value(out, field, member(message, field->offset), depth);
        first = false;
    }
    return fine && byte_buffer_append_text(out, "}");
}

const char *audit_json(arena *a, const ProtobufCMessage *message)
{
    byte_buffer out;
    const char *json;

    byte_buffer_init(&out, AUDIT_JSON_MAX);
    if (put_message(&out, message, 0))
        json = arena_copy(a, out.data, out.size);
    else
        json = "{\"tooLarge\":true}";
    byte_buffer_done(&out);
    return json;
}
