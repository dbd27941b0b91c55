/* gRPC's framing and outcomes, whatever the bytes. */
#include <string.h>

#include "endpoint.h"
#include "grpc_frame.h"
#include "grpc_outcome.h"
#include "suite.h"

/* ---- Frames ---- */

static grpc_deframer deframer;
static size_t received_sizes[64];
static size_t received;
static uint8_t received_sum;

static bool receive(void *self, const uint8_t *message, size_t size)
{
    (void)self;
    if (received < sizeof received_sizes / sizeof *received_sizes)
        received_sizes[received] = size;
    received++;
    for (size_t i = 0; i < size; i++)
        received_sum = (uint8_t)(received_sum + message[i]);
    return true;
}

static size_t put_message(uint8_t *out, size_t size, uint8_t byte)
{
    grpc_prefix_write(out, size);
    memset(out + GRPC_PREFIX, byte, size);
    return GRPC_PREFIX + size;
}

START_TEST(messages_are_the_same_whatever_the_pieces)
{
    static const size_t sizes[] = {0, 1, 2, 5, 6, 300, 32768, 0, 7};
    static uint8_t stream[40000];
    size_t length = 0;
    unsigned dice = 1;
    uint8_t whole = 0;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        length += put_message(stream + length, sizes[i], (uint8_t)(i + 1));
    for (int round = 0; round < 50; round++) {
        uint8_t sum = received_sum;

        grpc_deframer_init(&deframer);
        received = 0;
        for (size_t at = 0; at < length;) {
            size_t piece = round == 0 ? length : 1 + (dice = dice * 1103515245u + 12345u) / 65536 % 7;

            piece = piece < length - at ? piece : length - at;
            ck_assert_int_eq(grpc_deframer_feed(&deframer, stream + at, piece, receive, NULL), GRPC_FRAME_DONE);
            at += piece;
        }
        ck_assert_uint_eq(received, sizeof sizes / sizeof *sizes);
        ck_assert_mem_eq(received_sizes, sizes, sizeof sizes);
        ck_assert(!grpc_deframer_midway(&deframer));
        if (round == 0)
            whole = (uint8_t)(received_sum - sum);
        else
            ck_assert_uint_eq((uint8_t)(received_sum - sum), whole);
    }
}
END_TEST

START_TEST(a_compressed_message_is_not_taken)
{
    uint8_t frame[16];

    put_message(frame, 3, 9);
    frame[0] = 1;
    grpc_deframer_init(&deframer);
    ck_assert_int_eq(grpc_deframer_feed(&deframer, frame, 8, receive, NULL), GRPC_FRAME_COMPRESSED);
}
END_TEST

START_TEST(a_message_over_the_limit_is_refused_by_its_length)
{
    uint8_t prefix[GRPC_PREFIX];

    grpc_prefix_write(prefix, GRPC_MESSAGE_MAX + 1);
    grpc_deframer_init(&deframer);
    ck_assert_int_eq(grpc_deframer_feed(&deframer, prefix, sizeof prefix, receive, NULL), GRPC_FRAME_TOO_LONG);
    memset(prefix, 0xff, sizeof prefix);
    prefix[0] = 0;
    grpc_deframer_init(&deframer);
    ck_assert_int_eq(grpc_deframer_feed(&deframer, prefix, sizeof prefix, receive, NULL), GRPC_FRAME_TOO_LONG);
}
END_TEST

START_TEST(random_bytes_never_write_beyond_the_buffer)
{
    unsigned dice = 42;

    for (int round = 0; round < 2000; round++) {
        uint8_t bytes[64];

        grpc_deframer_init(&deframer);
        for (int piece = 0; piece < 20; piece++) {
            for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t)((dice = dice * 1103515245u + 12345u) >> 16 & (round % 2 ? 0xff : 0x03));
            if (grpc_deframer_feed(&deframer, bytes, 1 + (dice >> 20) % sizeof bytes, receive, NULL) != GRPC_FRAME_DONE)
                break;
        }
    }
}
END_TEST

/* ---- Outcomes ---- */

static grpc_headers headers;

static void take(const char *name, const char *value)
{
    grpc_headers_take(&headers, (const uint8_t *)name, strlen(name), (const uint8_t *)value, strlen(value));
}

static grpc_outcome answer(const char *http, const char *content, const char *status, const char *message)
{
    grpc_headers_init(&headers);
    if (http)
        take(":status", http);
    if (content)
        take("content-type", content);
    if (status)
        take("grpc-status", status);
    if (message)
        take("grpc-message", message);
    return grpc_headers_outcome(&headers, true);
}

START_TEST(trailers_tell_code_and_message)
{
    grpc_outcome o = answer("200", "application/grpc+proto", "7", "not%20you%2C m%C3%BCde%");

    ck_assert_int_eq(o.code, SP_PERMISSION_DENIED);
    ck_assert(o.answered);
    ck_assert_str_eq(o.message, "not you, müde%");
    ck_assert(grpc_outcome_is_refusal(&o));
}
END_TEST

START_TEST(a_message_keeps_to_one_line_of_valid_text)
{
    grpc_outcome o = answer("200", "application/grpc", "13", "two%0Alines%00and%FF");

    ck_assert_str_eq(o.message, "two lines and");
}
END_TEST

START_TEST(answers_that_are_not_grpc_become_codes)
{
    ck_assert_int_eq(answer("200", "text/html", NULL, NULL).code, SP_UNKNOWN);
    ck_assert_int_eq(answer("200", "application/grpc", NULL, NULL).code, SP_UNKNOWN);
    ck_assert_int_eq(answer("403", "text/html", NULL, NULL).code, SP_PERMISSION_DENIED);
    ck_assert_int_eq(answer("503", NULL, NULL, NULL).code, SP_UNAVAILABLE);
    ck_assert_int_eq(answer("404", NULL, NULL, NULL).code, SP_UNIMPLEMENTED);
    ck_assert_int_eq(answer(NULL, NULL, NULL, NULL).code, SP_UNAVAILABLE);
    ck_assert_int_eq(answer("200", "application/grpc", "99", NULL).code, SP_UNKNOWN);
    ck_assert_int_eq(answer("200", "application/grpc", "x", NULL).code, SP_UNKNOWN);
    ck_assert_int_eq(answer("200", "application/grpc", "0", NULL).code, SP_OK);
}
END_TEST

START_TEST(a_reset_stream_is_not_the_servers_answer)
{
    answer("200", "application/grpc", NULL, NULL);
    ck_assert(!grpc_headers_outcome(&headers, false).answered);
    ck_assert_int_eq(grpc_headers_outcome(&headers, false).code, SP_UNAVAILABLE);
}
END_TEST

/* ---- Endpoints ---- */

START_TEST(endpoints_are_taken_apart)
{
    endpoint e;

    ck_assert(endpoint_parse("gate.example:7788", &e));
    ck_assert_str_eq(e.host, "gate.example");
    ck_assert_str_eq(e.port, "7788");
    ck_assert(endpoint_parse("[::1]:7788", &e));
    ck_assert_str_eq(e.host, "::1");
    ck_assert_str_eq(e.authority, "[::1]:7788");
    ck_assert(!endpoint_parse("gate.example", &e));
    ck_assert(!endpoint_parse(":7788", &e));
    ck_assert(!endpoint_parse("::1:7788", &e));
    ck_assert(!endpoint_parse("gate:0", &e));
    ck_assert(!endpoint_parse("gate:65536", &e));
}
END_TEST

int main(void)
{
    return RUN_SUITE("grpc", 30, messages_are_the_same_whatever_the_pieces, a_compressed_message_is_not_taken,
                     a_message_over_the_limit_is_refused_by_its_length, random_bytes_never_write_beyond_the_buffer,
                     trailers_tell_code_and_message, a_message_keeps_to_one_line_of_valid_text,
                     answers_that_are_not_grpc_become_codes, a_reset_stream_is_not_the_servers_answer,
                     endpoints_are_taken_apart);
}
