#include "http_body.h"

#include <string.h>

#include "protowire.h"

enum { BODY_CONTENT_TYPE = 1, BODY_DATA = 2, BODY_EXTENSIONS = 3, ANY_TYPE = 1, ANY_VALUE = 2, INFO_FILE_NAME = 4 };

bool http_body_read(const uint8_t *bytes, size_t size, http_body *ret_body)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field field;

    *ret_body = (http_body){0};
    while (protowire_next(&reader, &field)) {
        if (field.kind != WIRE_BYTES)
            continue;
        if (field.number == BODY_CONTENT_TYPE) {
            ret_body->content_type = (const char *)field.data;
            ret_body->content_type_length = field.size;
        } else if (field.number == BODY_DATA) {
            ret_body->data = field.data;
            ret_body->size = field.size;
        }
    }
    return !reader.bad;
}

/* A google.protobuf.Any with a BodyInfo that says the name alone. */
static bool append_name(byte_buffer *out, const char *name)
{
    static const char type[] = "type.googleapis.com/smartpass.v1.BodyInfo";
    size_t any = protowire_open(out, BODY_EXTENSIONS), info;

    if (any == SIZE_MAX || !protowire_add_bytes(out, ANY_TYPE, type, sizeof type - 1))
        return false;
    info = protowire_open(out, ANY_VALUE);
    return info != SIZE_MAX && protowire_add_bytes(out, INFO_FILE_NAME, name, strlen(name)) &&
           protowire_close(out, info) && protowire_close(out, any);
}

bool http_body_append(byte_buffer *out, const http_body *body)
{
    if (body->content_type_length > 0 &&
        !protowire_add_bytes(out, BODY_CONTENT_TYPE, body->content_type, body->content_type_length))
        return false;
    if (body->size > 0 && !protowire_add_bytes(out, BODY_DATA, body->data, body->size))
        return false;
    return !body->file_name || !*body->file_name || append_name(out, body->file_name);
}
