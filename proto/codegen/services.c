#include "services.h"

#include <string.h>

/* CodeGeneratorRequest.proto_file and FileDescriptorProto.service. */
enum { REQUEST_FILE = 15, FILE_SERVICE = 6 };

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* What is left to read; each field is told by where it began. */
typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} reader;

typedef struct {
    const uint8_t *start; /* of the tag */
    uint64_t number;
    unsigned type;
    const uint8_t *value; /* BYTES: behind the length */
    size_t size;          /* of the value */
} wire_field;

static bool read_varint(reader *r, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t byte = *r->at++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool read_value(reader *r, wire_field *f)
{
    uint64_t length = 0;

    f->value = r->at;
    switch (f->type) {
    case VARINT:
        if (!read_varint(r, &length))
            return false;
        f->size = (size_t)(r->at - f->value);
        return true;
    case FIXED64:
        length = 8;
        break;
    case FIXED32:
        length = 4;
        break;
    case BYTES:
        if (!read_varint(r, &length))
            return false;
        f->value = r->at;
        break;
    default:
        return false;
    }
    if (length > (uint64_t)(r->end - r->at))
        return false;
    f->size = (size_t)length;
    r->at += length;
    return true;
}

static bool read_field(reader *r, wire_field *f)
{
    uint64_t tag;

    f->start = r->at;
    if (!read_varint(r, &tag))
        return false;
    f->number = tag >> 3;
    f->type = (unsigned)(tag & 7);
    return read_value(r, f);
}

static uint8_t *append(uint8_t *out, const uint8_t *from, const uint8_t *to)
{
    memcpy(out, from, (size_t)(to - from));
    return out + (to - from);
}

static uint8_t *append_length(uint8_t *out, size_t length)
{
    for (; length > 0x7f; length >>= 7)
        *out++ = (uint8_t)(length | 0x80);
    *out++ = (uint8_t)length;
    return out;
}

/* With `out` NULL it only counts. */
static bool file_without_services(const wire_field *file, uint8_t *out, size_t *ret_size)
{
    reader r = {file->value, file->value + file->size};
    wire_field f;
    size_t size = 0;

    while (r.at < r.end) {
        if (!read_field(&r, &f))
            return false;
        if (f.number == FILE_SERVICE)
            continue;
        if (out != NULL)
            append(out + size, f.start, r.at);
        size += (size_t)(r.at - f.start);
    }
    *ret_size = size;
    return true;
}

bool services_remove(const uint8_t *bytes, size_t size, uint8_t *out, size_t *ret_size)
{
    reader r = {bytes, bytes + size};
    uint8_t *to = out;
    wire_field f;
    size_t length;

    while (r.at < r.end) {
        if (!read_field(&r, &f))
            return false;
        if (f.number != REQUEST_FILE || f.type != BYTES) {
            to = append(to, f.start, r.at);
            continue;
        }
        if (!file_without_services(&f, NULL, &length))
            return false;
        *to++ = (uint8_t)(REQUEST_FILE << 3 | BYTES);
        to = append_length(to, length);
        file_without_services(&f, to, &length);
        to += length;
    }
    *ret_size = (size_t)(to - out);
    return true;
}
