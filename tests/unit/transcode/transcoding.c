#include "transcoding.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "transcode_test_set.h"

descriptor_pool *pool;
arena memory;
byte_buffer wire, json;
transcode_fault fault;

void open_pool(void)
{
    const char *wrong;

    pool = descriptor_pool_new(transcode_test_set, transcode_test_set_size, &wrong);
    ck_assert_msg(pool != NULL, "%s", wrong);
}

void close_pool(void)
{
    descriptor_pool_free(pool);
}

void begin(void)
{
    arena_init(&memory, 1 << 20);
    byte_buffer_init(&wire, 1 << 20);
    byte_buffer_init(&json, 1 << 20);
    fault = (transcode_fault){0};
}

void end(void)
{
    arena_done(&memory);
    byte_buffer_done(&wire);
    byte_buffer_done(&json);
}

const message_type *message_named(const char *name)
{
    char full[100];
    const message_type *message;

    snprintf(full, sizeof full, "transcode.test.%s", name);
    message = descriptor_pool_message(pool, full, strlen(full));
    ck_assert_ptr_nonnull(message);
    return message;
}

bool encode(const char *message, const char *text)
{
    wire_request request = {
        .message = message_named(message), .body = BODY_WHOLE, .json = text, .json_size = strlen(text)};

    return json_to_wire(pool, &request, &memory, &wire, &fault);
}

const char *decoded_by(const wire_reply *reply)
{
    const char *wrong;
    json_writer out;

    json_writer_init(&out, &json);
    wrong = wire_to_json(reply, wire.data, wire.size, &memory, &out);
    ck_assert_msg(!wrong, "%s", wrong);
    ck_assert(byte_buffer_append(&json, "", 1));
    return (const char *)json.data;
}

const char *decoded(const char *message)
{
    wire_reply reply = {.pool = pool, .message = message_named(message)};

    return decoded_by(&reply);
}
