/* What an answer says of a raw body: its type, its length, how to ask for a part of it or only when it has changed. */
#include <stdio.h>
#include <string.h>

#include "forward.h"
#include "http_body.h"
#include "protowire.h"
#include "text.h"

/* Of google.api.HttpBody, google.protobuf.Any, smartpass.v1.BodyInfo and google.protobuf.Timestamp. */
enum {
    BODY_EXTENSIONS = 3,
    ANY_TYPE = 1,
    ANY_VALUE = 2,
    INFO_SIZE = 1,
    INFO_ETAG = 2,
    INFO_MODIFIED = 3,
    INFO_NAME = 4
};
enum { CONTENT_TYPE_MAX = 128, ETAG_MAX = 128, FILE_NAME_MAX = 200, SECONDS = 1 };

static const char info_type[] = "/smartpass.v1.BodyInfo";

/* A page that was uploaded must not act in the console's name, should a browser ever show it. */
static const char raw_policy[] = "default-src 'none'; frame-ancestors 'none'; sandbox";

/* ---- What the server said ---- */

const char *content_type_of(arena *memory, const char *text, size_t length)
{
    const char *copy = NULL;
    size_t printable = 0;

    while (printable < length && text[printable] >= ' ' && text[printable] < 0x7f)
        printable++;
    if (length > 0 && length <= CONTENT_TYPE_MAX && printable == length && memchr(text, '/', length))
        copy = arena_copy(memory, text, length);
    return copy ? copy : "application/octet-stream";
}

static int64_t seconds_of(const protowire_field *timestamp)
{
    protowire_reader reader = protowire_read(timestamp->data, timestamp->size);
    protowire_field field;
    int64_t seconds = 0;

    while (protowire_next(&reader, &field))
        if (field.number == SECONDS && field.kind == WIRE_VARINT)
            seconds = (int64_t)field.value;
    return seconds;
}

static void read_info(forward *f, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    arena *memory = http_arena(f->x);
    protowire_field field;
    const char *etag;

    while (protowire_next(&reader, &field)) {
        if (field.number == INFO_SIZE && field.kind == WIRE_VARINT && (int64_t)field.value >= 0)
            f->reply_state.size = (int64_t)field.value;
        if (field.kind != WIRE_BYTES)
            continue;
        if (field.number == INFO_ETAG && field.size > 0 && field.size <= ETAG_MAX) {
            etag = arena_printf(memory, "\"%.*s\"", (int)field.size, (const char *)field.data);
            f->reply_state.etag = etag && etag_is_legal(etag) ? etag : NULL;
        } else if (field.number == INFO_MODIFIED) {
            f->reply_state.modified_s = seconds_of(&field);
        } else if (field.number == INFO_NAME && field.size > 0 && field.size <= FILE_NAME_MAX &&
                   utf8_is_valid((const char *)field.data, field.size)) {
            f->reply_file_name = arena_copy(memory, field.data, field.size);
        }
    }
}

static void read_extension(forward *f, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    const size_t length = sizeof info_type - 1;
    protowire_field field, value = {.size = 0};
    bool ours = false;

    while (protowire_next(&reader, &field)) {
        if (field.number == ANY_TYPE && field.kind == WIRE_BYTES)
            ours = field.size >= length && memcmp(field.data + field.size - length, info_type, length) == 0;
        else if (field.number == ANY_VALUE && field.kind == WIRE_BYTES)
            value = field;
    }
    if (ours && value.data)
        read_info(f, value.data, value.size);
}

/* The bytes of the field that a route answers with. */
static void find_field(const field_type *wanted, const uint8_t **bytes, size_t *size)
{
    protowire_reader reader = protowire_read(*bytes, *size);
    protowire_field field;

    *size = 0;
    while (protowire_next(&reader, &field)) {
        if (field.number == wanted->number && field.kind == WIRE_BYTES) {
            *bytes = field.data;
            *size = field.size;
        }
    }
}

bool raw_read(forward *f, const uint8_t *bytes, size_t size, const uint8_t **ret_data, size_t *ret_size)
{
    protowire_reader reader;
    protowire_field field;
    http_body body;

    if (!f->match.route->raw_out && f->match.route->reply_field)
        find_field(f->match.route->reply_field, &bytes, &size);
    if (!http_body_read(bytes, size, &body))
        return false;
    *ret_data = body.data;
    *ret_size = body.size;
    if (f->reply_type)
        return true;
    f->reply_state = (body_state){-1, NULL, -1};
    f->reply_type = content_type_of(http_arena(f->x), body.content_type, body.content_type_length);
    reader = protowire_read(bytes, size);
    while (protowire_next(&reader, &field))
        if (field.number == BODY_EXTENSIONS && field.kind == WIRE_BYTES)
            read_extension(f, field.data, field.size);
    return true;
}

/* ---- What the answer says ---- */

/* In both forms: plain for what only knows that, and percent-encoded UTF-8 (RFC 6266). */
static const char *disposition(arena *memory, const char *name)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    char plain[FILE_NAME_MAX + 1], encoded[3 * FILE_NAME_MAX + 1], *at = encoded;
    size_t n = 0;

    for (; name[n]; n++) {
        unsigned char c = (unsigned char)name[n];

        plain[n] = c < ' ' || c >= 0x7f || strchr("\"\\/%", c) ? '_' : (char)c;
        if (strchr(unreserved, c))
            *at++ = (char)c;
        else
            at += snprintf(at, 4, "%%%02X", c);
    }
    plain[n] = *at = '\0';
    return arena_printf(memory, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, encoded);
}

static void add_state(forward *f, answer_fields *fields)
{
    const gateway_options *options = &f->gateway->options;
    const body_state *state = &f->reply_state;
    arena *memory = http_arena(f->x);
    char date[HTTP_DATE_MAX];

    if (options->download_cache_s > 0 && f->output == &download_output)
        field_add(fields, "Cache-Control",
                  arena_printf(memory, "private, max-age=%lld, immutable", (long long)options->download_cache_s));
    field_add(fields, "ETag", state->etag);
    if (state->modified_s >= 0) {
        http_date_text(state->modified_s, date);
        field_add(fields, "Last-Modified", arena_text(memory, date));
    }
}

unsigned raw_fields(forward *f, answer_fields *fields)
{
    bool gets = strcmp(http_method(f->x), "GET") == 0, heads = strcmp(http_method(f->x), "HEAD") == 0;
    const body_conditions asked = {
        .if_none_match = http_request_header(f->x, HTTP_IF_NONE_MATCH),
        .if_modified_since = http_request_header(f->x, HTTP_IF_MODIFIED_SINCE),
        .if_range = http_request_header(f->x, HTTP_IF_RANGE),
        .range = gets ? http_request_header(f->x, HTTP_RANGE) : NULL,
    };
    const body_state *state = &f->reply_state;

    f->wish = (body_wish){WANTS_WHOLE, 0, state->size - 1};
    if (gets || heads)
        f->wish = conditional_judge(&asked, state);
    add_state(f, fields);
    if (f->wish.kind == WANTS_NOTHING)
        return 304;
    if (f->wish.kind == WANTS_BEYOND)
        return 416;
    field_add(fields, "Content-Type", f->reply_type);
    field_add(fields, "Content-Security-Policy", raw_policy);
    if (f->reply_file_name)
        field_add(fields, "Content-Disposition", disposition(http_arena(f->x), f->reply_file_name));
    if (state->size >= 0 && (gets || heads))
        field_add(fields, "Accept-Ranges", "bytes");
    if (f->wish.kind == WANTS_WHOLE)
        return 200;
    field_add(fields, "Content-Range",
              arena_printf(http_arena(f->x), "bytes %lld-%lld/%lld", (long long)f->wish.first, (long long)f->wish.last,
                           (long long)state->size));
    return 206;
}
