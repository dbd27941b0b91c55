#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "compress.h"
#include "cors.h"
#include "rate_limit.h"
#include "suite.h"
#include "trace.h"

/* ---- Traces ---- */

START_TEST(a_trace_goes_on)
{
    trace_context trace;
    char header[TRACEPARENT_LENGTH + 1];

    trace_begin(&trace, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ck_assert_str_eq(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    ck_assert_str_eq(trace.flags, "01");
    ck_assert_str_ne(trace.span_id, "00f067aa0ba902b7");
    trace_header(&trace, header);
    ck_assert_uint_eq(strlen(header), TRACEPARENT_LENGTH);
    ck_assert_int_eq(strncmp(header, "00-4bf92f3577b34da6a3ce929d0e0e4736-", 36), 0);
    trace_begin(&trace, "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-brings");
    ck_assert_str_eq(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
}
END_TEST

START_TEST(a_malformed_trace_begins_anew)
{
    static const char *const headers[] = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    trace_context trace, before;

    trace_begin(&before, NULL);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        trace_begin(&trace, headers[i]);
        ck_assert_uint_eq(strspn(trace.trace_id, "0123456789abcdef"), TRACE_ID_LENGTH);
        ck_assert_int_ne(strncmp(trace.trace_id, "4bf92f", 6), 0);
        ck_assert_str_ne(trace.trace_id, before.trace_id);
        before = trace;
    }
}
END_TEST

/* ---- Limits ---- */

START_TEST(a_burst_is_granted_and_then_the_rate)
{
    rate_limit *limit = rate_limit_new(10, 3, 100);

    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(rate_limit_take(limit, "192.0.2.1", 1000), 0);
    ck_assert_int_eq(rate_limit_take(limit, "192.0.2.1", 1000), 100);
    ck_assert_int_eq(rate_limit_peek(limit, "192.0.2.1", 1050), 50);
    ck_assert_int_eq(rate_limit_take(limit, "192.0.2.2", 1000), 0);
    ck_assert_int_eq(rate_limit_take(limit, "192.0.2.1", 1100), 0);
    ck_assert_int_eq(rate_limit_take(limit, "192.0.2.1", 1100), 100);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(rate_limit_take(limit, "192.0.2.1", 1000000), 0);
    ck_assert_int_gt(rate_limit_take(limit, "192.0.2.1", 1000000), 0);
    rate_limit_free(limit);
}
END_TEST

START_TEST(a_network_of_ipv6_shares_a_bucket)
{
    rate_limit *limit = rate_limit_new(1, 1, 100);

    ck_assert_int_eq(rate_limit_take(limit, "2001:db8:1:2::1", 1000), 0);
    ck_assert_int_gt(rate_limit_take(limit, "2001:db8:1:2:ffff::2", 1000), 0);
    ck_assert_int_eq(rate_limit_take(limit, "2001:db8:1:3::1", 1000), 0);
    ck_assert_int_eq(rate_limit_take(limit, "", 1000), 0);
    ck_assert_int_gt(rate_limit_take(limit, "rubbish", 1000), 0);
    rate_limit_free(limit);
}
END_TEST

START_TEST(the_table_is_bounded_and_forgets_the_harmless_first)
{
    rate_limit *limit = rate_limit_new(0.001, 10, 64);
    char address[32];

    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(rate_limit_take(limit, "198.51.100.1", 1000), 0);
    for (int i = 0; i < 10000; i++) {
        snprintf(address, sizeof address, "10.%d.%d.1", i / 256, i % 256);
        rate_limit_take(limit, address, 1000);
    }
    ck_assert_int_gt(rate_limit_take(limit, "198.51.100.1", 1000), 0);
    rate_limit_free(limit);
}
END_TEST

/* ---- CORS ---- */

START_TEST(origins_are_allowed_by_name)
{
    const cors_rules list = {.origins = "https://a.example, https://b.example:8443"}, all = {.origins = "*"};

    ck_assert(cors_allows(&list, "https://a.example"));
    ck_assert(cors_allows(&list, "HTTPS://B.example:8443"));
    ck_assert(!cors_allows(&list, "https://a.example.evil"));
    ck_assert(!cors_allows(&list, "http://a.example"));
    ck_assert(!cors_allows(&list, "null"));
    ck_assert(cors_allows(&all, "https://anything"));
    ck_assert(!cors_allows(&(cors_rules){.origins = NULL}, "https://a.example"));
}
END_TEST

START_TEST(rules_that_make_no_sense_are_refused)
{
    ck_assert_ptr_null(cors_check(&(cors_rules){.origins = NULL}));
    ck_assert_ptr_null(cors_check(&(cors_rules){.origins = "*"}));
    ck_assert_ptr_null(cors_check(&(cors_rules){.origins = "http://localhost:3000, https://x", .credentials = true}));
    ck_assert_ptr_nonnull(cors_check(&(cors_rules){.origins = "*", .credentials = true}));
    ck_assert_ptr_nonnull(cors_check(&(cors_rules){.origins = "a.example"}));
    ck_assert_ptr_nonnull(cors_check(&(cors_rules){.origins = "https://a.example/"}));
    ck_assert_ptr_nonnull(cors_check(&(cors_rules){.origins = "https://*.example"}));
}
END_TEST

/* ---- gzip ---- */

static bool inflates_to(const byte_buffer *packed, const char *wanted, size_t size)
{
    uint8_t *out = malloc(size + 1);
    z_stream stream = {.next_in = packed->data, .avail_in = (uInt)packed->size, .next_out = out};
    bool same;

    stream.avail_out = (uInt)size + 1;
    ck_assert_int_eq(inflateInit2(&stream, 15 + 16), Z_OK);
    same = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == size && memcmp(out, wanted, size) == 0;
    inflateEnd(&stream);
    free(out);
    return same;
}

START_TEST(what_gets_smaller_is_compressed)
{
    compressors *set = compressors_new(5);
    byte_buffer bytes;
    char text[20000];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "abcdefgh"[i * i % 8];
    for (int round = 0; round < 10; round++) {
        byte_buffer_init(&bytes, 1 << 20);
        byte_buffer_append(&bytes, text, sizeof text);
        ck_assert(compress_bytes(set, &bytes));
        ck_assert_uint_lt(bytes.size, sizeof text / 4);
        ck_assert(inflates_to(&bytes, text, sizeof text));
        byte_buffer_done(&bytes);
    }
    compressors_free(set);
}
END_TEST

START_TEST(what_does_not_stays_as_it_is)
{
    compressors *set = compressors_new(9);
    byte_buffer bytes;
    uint32_t noise = 1;
    uint8_t text[2000];

    for (size_t i = 0; i < sizeof text; i++) {
        noise = noise * 1664525 + 1013904223;
        text[i] = (uint8_t)(noise >> 24);
    }
    byte_buffer_init(&bytes, sizeof text);
    byte_buffer_append(&bytes, text, sizeof text);
    ck_assert(!compress_bytes(set, &bytes));
    ck_assert_uint_eq(bytes.size, sizeof text);
    ck_assert_mem_eq(bytes.data, text, sizeof text);
    byte_buffer_done(&bytes);
    compressors_free(set);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("who calls the gateway, and what is done for them");
    TCase *all = tcase_create("caller");

    tcase_add_test(all, a_trace_goes_on);
    tcase_add_test(all, a_malformed_trace_begins_anew);
    tcase_add_test(all, a_burst_is_granted_and_then_the_rate);
    tcase_add_test(all, a_network_of_ipv6_shares_a_bucket);
    tcase_add_test(all, the_table_is_bounded_and_forgets_the_harmless_first);
    tcase_add_test(all, origins_are_allowed_by_name);
    tcase_add_test(all, rules_that_make_no_sense_are_refused);
    tcase_add_test(all, what_gets_smaller_is_compressed);
    tcase_add_test(all, what_does_not_stays_as_it_is);
    suite_add_tcase(suite, all);
    return suite_run(suite);
}
