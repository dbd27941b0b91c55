#include "listen_address.h"
#include "suite.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *text;
    const char *addresses; /* NULL: refused */
    bool loopback;         /* the last one */
} cases[] = {
    {"127.0.0.1:9000", "127.0.0.1:9000", true},
    {"localhost:9999", "127.0.0.1:9999 [::1]:9999", true},
    {"localhost:0", "127.0.0.1:0 [::1]:0", true},
    {"[::1]:9000", "[::1]:9000", true},
    {"127.9.9.9:9000", "127.9.9.9:9000", true},
    {"0.0.0.0:9443", "0.0.0.0:9443", false},
    {"[::]:9443", "[::]:9443", false},
    {"192.0.2.1:9000", "192.0.2.1:9000", false},
    {"128.0.0.1:9000", "128.0.0.1:9000", false},
    {"127.0.0.1:9000, 192.0.2.1:9001", "127.0.0.1:9000 192.0.2.1:9001", false},
    {"", NULL, false},
    {"9000", NULL, false},
    {"localhost", NULL, false},
    {"localhost:", NULL, false},
    {"localhost:8999", NULL, false},
    {"localhost:10000", NULL, false},
    {"localhost:99999", NULL, false},
    {"localhost:-1", NULL, false},
    {"localhost:9000x", NULL, false},
    {"example.org:9000", NULL, false},
    {"[::1:9000", NULL, false},
    {"127.0.0.1:9000,", NULL, false},
    {"256.0.0.1:9000", NULL, false},
};

START_TEST(addresses_are_read_and_checked)
{
    listen_address addresses[LISTEN_ADDRESSES_MAX];
    char text[512] = "", one[LISTEN_TEXT_MAX];
    size_t count;
    const char *fault = listen_addresses_parse(cases[_i].text, addresses, &count);

    ck_assert_msg((fault == NULL) == (cases[_i].addresses != NULL), "%s", cases[_i].text);
    if (fault)
        return;
    for (size_t i = 0; i < count; i++) {
        listen_address_text(&addresses[i], one);
        strcat(text, i ? " " : "");
        strcat(text, one);
    }
    ck_assert_str_eq(text, cases[_i].addresses);
    ck_assert_int_eq(addresses[count - 1].loopback, cases[_i].loopback);
}
END_TEST

START_TEST(a_taken_port_is_told)
{
    listen_address addresses[LISTEN_ADDRESSES_MAX];
    char fault[200] = "";
    size_t count;
    int fd;

    ck_assert_ptr_null(listen_addresses_parse("127.0.0.1:0", addresses, &count));
    fd = listen_address_open(&addresses[0], fault, sizeof fault);
    ck_assert_int_ge(fd, 0);
    ck_assert_uint_ne(listen_address_port(&addresses[0]), 0);
    ck_assert_int_lt(listen_address_open(&addresses[0], fault, sizeof fault), 0);
    ck_assert_ptr_nonnull(strstr(fault, "another program"));
    ck_assert(!listen_address_unsupported(&addresses[0]));
    close(fd);
}
END_TEST

START_TEST(too_many_addresses_are_refused)
{
    listen_address addresses[LISTEN_ADDRESSES_MAX];
    char text[1000] = "127.0.0.1:9000";
    size_t count;

    for (int i = 0; i < LISTEN_ADDRESSES_MAX; i++)
        strcat(text, ",127.0.0.1:9000");
    ck_assert_ptr_nonnull(listen_addresses_parse(text, addresses, &count));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("listen address");
    TCase *tests = tcase_create("addresses");

    tcase_add_loop_test(tests, addresses_are_read_and_checked, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, a_taken_port_is_told);
    tcase_add_test(tests, too_many_addresses_are_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
