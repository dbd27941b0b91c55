#include <check.h>
#include <string.h>

#include "http_accept.h"
#include "http_chunk.h"
#include "http_head.h"
#include "suite.h"

static arena memory;

static void open_arena(void)
{
    arena_init(&memory, 1 << 20);
}

static void close_arena(void)
{
    arena_done(&memory);
}

static head_outcome parse(const char *text, request_head *head)
{
    size_t size = strlen(text), scanned = 0;

    ck_assert_uint_eq(http_head_end(text, size, &scanned), size);
    return http_head_parse(arena_copy(&memory, text, size), size, 100, &memory, head);
}

static head_outcome outcome_of(const char *text)
{
    request_head head;

    return parse(text, &head);
}

START_TEST(a_head_is_taken_apart)
{
    request_head head;

    ck_assert_int_eq(parse("POST /a%20b?x=1&y HTTP/1.1\r\nhost: h:1\r\nContent-Length:  12 \r\n"
                           "ACCEPT: a\r\nX-Unknown: z\r\nAccept: b\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
                           &head),
                     HEAD_FINE);
    ck_assert_str_eq(head.method, "POST");
    ck_assert_str_eq(head.path, "/a%20b");
    ck_assert_str_eq(head.query, "x=1&y");
    ck_assert_int_eq(head.content_length, 12);
    ck_assert_str_eq(head.fields[HTTP_HOST], "h:1");
    ck_assert_str_eq(head.fields[HTTP_ACCEPT], "a, b");
    ck_assert_str_eq(head.fields[HTTP_COOKIE], "a=1; b=2");
    ck_assert_ptr_null(head.fields[HTTP_ORIGIN]);
    ck_assert(head.keep_alive);
    ck_assert(!head.expects_continue);
}
END_TEST

START_TEST(what_a_connection_does_next_is_told)
{
    request_head head;

    ck_assert_int_eq(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n", &head), HEAD_FINE);
    ck_assert(!head.keep_alive);
    ck_assert_int_eq(parse("GET / HTTP/1.0\r\n\r\n", &head), HEAD_FINE);
    ck_assert(!head.keep_alive);
    ck_assert_int_eq(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &head), HEAD_FINE);
    ck_assert(head.keep_alive);
    ck_assert_int_eq(
        parse("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: Chunked\r\n\r\n", &head),
        HEAD_FINE);
    ck_assert(head.expects_continue);
    ck_assert_int_eq(head.content_length, -1);
}
END_TEST

START_TEST(a_target_may_name_its_host_and_may_be_a_star)
{
    request_head head;

    ck_assert_int_eq(parse("GET http://h/a?b HTTP/1.1\r\nHost: h\r\n\r\n", &head), HEAD_FINE);
    ck_assert_str_eq(head.path, "/a");
    ck_assert_str_eq(head.query, "b");
    ck_assert_int_eq(parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", &head), HEAD_FINE);
    ck_assert_str_eq(head.path, "*");
}
END_TEST

START_TEST(what_could_be_read_in_two_ways_is_refused)
{
    static const char *const heads[] = {
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        "GET / \r\nHost: h\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /#x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "G@T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: no name\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        ck_assert_msg(outcome_of(heads[i]) == HEAD_MALFORMED, "%s", heads[i]);
}
END_TEST

START_TEST(what_is_not_spoken_here_is_named)
{
    char large[8192] = "GET / HTTP/1.1\r\nHost: h\r\n";

    ck_assert_int_eq(outcome_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), HEAD_VERSION_UNKNOWN);
    ck_assert_int_eq(outcome_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
                     HEAD_CODING_UNKNOWN);
    ck_assert_int_eq(outcome_of("POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n"), HEAD_EXPECTATION_UNKNOWN);
    ck_assert_int_eq(
        outcome_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"),
        HEAD_LENGTH_AMBIGUOUS);
    ck_assert_int_eq(outcome_of("GET /0123456789012345678901234567890123456789012345678901234567890123456789"
                                "012345678901234567890123456789 HTTP/1.1\r\nHost: h\r\n\r\n"),
                     HEAD_TARGET_TOO_LONG);
    for (int i = 0; i < HTTP_FIELDS_MAX; i++)
        strcat(large, "X: y\r\n");
    strcat(large, "\r\n");
    ck_assert_int_eq(outcome_of(large), HEAD_TOO_LARGE);
}
END_TEST

START_TEST(the_first_bytes_tell_other_protocols)
{
    ck_assert(http_head_may_begin("G", 1));
    ck_assert(http_head_may_begin("GET ", 4));
    ck_assert(!http_head_may_begin("\x16\x03\x01", 3));
    ck_assert(!http_head_may_begin(" GET", 4));
    ck_assert(!http_head_may_begin("AMETHODTHATISFARTOOLONGTOBEONE", 30));
}
END_TEST

START_TEST(the_end_of_a_head_is_found_however_it_comes)
{
    const char text[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\nrest";

    for (size_t first = 0; first < sizeof text - 5; first++) {
        size_t scanned = 0;

        http_head_end(text, first, &scanned);
        ck_assert_uint_eq(http_head_end(text, sizeof text - 1, &scanned), sizeof text - 5);
    }
}
END_TEST

/* The data of a chunked body that comes in pieces of so many bytes. */
static chunk_state unchunk(const char *text, size_t piece, char *out)
{
    chunk_reader reader = {.state = CHUNK_SIZE};
    size_t size = strlen(text), at = 0, n = 0;

    while (at < size && reader.state != CHUNK_DONE && reader.state != CHUNK_BAD) {
        size_t here = size - at < piece ? size - at : piece;
        size_t used = http_chunk_skip(&reader, (const uint8_t *)text + at, here);

        at += used;
        here -= used;
        if (reader.state == CHUNK_DATA && here > 0) {
            size_t data = here < reader.left ? here : (size_t)reader.left;

            memcpy(out + n, text + at, data);
            http_chunk_take(&reader, data);
            n += data;
            at += data;
        }
    }
    out[n] = '\0';
    return reader.state;
}

START_TEST(chunks_become_data_however_they_come)
{
    char out[100];

    for (size_t piece = 1; piece < 60; piece++) {
        ck_assert_int_eq(unchunk("5;name=value\r\nhello\r\n00A\r\n, it's me!\r\n0\r\nTrailer: x\r\n\r\n", piece, out),
                         CHUNK_DONE);
        ck_assert_str_eq(out, "hello, it's me!");
    }
}
END_TEST

START_TEST(malformed_chunks_are_refused)
{
    static const char *const bodies[] = {"x\r\n",         "\r\n",        "5\nhello\r\n0\r\n\r\n", "2\r\nabc\r\n",
                                         "-1\r\n",        "5 5\r\r\n",   "1234567890123456\r\n",  "1\r\na\n0\r\n\r\n",
                                         "0\r\n\x01\r\n", "0x5\r\nhello"};
    char out[100];

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        ck_assert_msg(unchunk(bodies[i], 100, out) == CHUNK_BAD, "%s", bodies[i]);
}
END_TEST

START_TEST(preferences_are_weighed)
{
    ck_assert_uint_eq(http_accept_coding("gzip, br;q=0.5", "gzip"), 1000);
    ck_assert_uint_eq(http_accept_coding("gzip, br;q=0.5", "br"), 500);
    ck_assert_uint_eq(http_accept_coding("gzip;q=0", "gzip"), 0);
    ck_assert_uint_eq(http_accept_coding("gzip;q=0.000", "gzip"), 0);
    ck_assert_uint_eq(http_accept_coding("x-gzip", "gzip"), 0);
    ck_assert_uint_eq(http_accept_coding("*;q=0.25", "gzip"), 250);
    ck_assert_uint_eq(http_accept_coding("*, GZIP; q=0.125", "gzip"), 125);
    ck_assert_uint_eq(http_accept_coding(NULL, "gzip"), 0);
    ck_assert_uint_eq(http_accept_type("text/*;q=0.3, text/html;level=1;q=0.7, */*;q=0.1", "text/html"), 700);
    ck_assert_uint_eq(http_accept_type("text/*;q=0.3, */*;q=0.1", "text/plain"), 300);
    ck_assert_uint_eq(http_accept_type("text/*;q=0.3, */*;q=0.1", "image/png"), 100);
    ck_assert_uint_eq(http_accept_type("text/html", "image/png"), 0);
    ck_assert_uint_eq(http_accept_type(NULL, "image/png"), 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("heads, chunks and preferences of HTTP");
    TCase *all = tcase_create("http");

    tcase_add_checked_fixture(all, open_arena, close_arena);
    tcase_add_test(all, a_head_is_taken_apart);
    tcase_add_test(all, what_a_connection_does_next_is_told);
    tcase_add_test(all, a_target_may_name_its_host_and_may_be_a_star);
    tcase_add_test(all, what_could_be_read_in_two_ways_is_refused);
    tcase_add_test(all, what_is_not_spoken_here_is_named);
    tcase_add_test(all, the_first_bytes_tell_other_protocols);
    tcase_add_test(all, the_end_of_a_head_is_found_however_it_comes);
    tcase_add_test(all, chunks_become_data_however_they_come);
    tcase_add_test(all, malformed_chunks_are_refused);
    tcase_add_test(all, preferences_are_weighed);
    suite_add_tcase(suite, all);
    return suite_run(suite);
}
