#include "http_body.h"

#include "protowire.h"

enum { BODY_CONTENT_TYPE = 1, BODY_DATA = 2 };

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

bool http_body_append(byte_buffer *out, const http_body *body)
{
    if (body->content_type_length > 0 &&
        !protowire_add_bytes(out, BODY_CONTENT_TYPE, body->content_type, body->content_type_length))
        return false;
    return body->size == 0 || protowire_add_bytes(out, BODY_DATA, body->data, body->size);
}
