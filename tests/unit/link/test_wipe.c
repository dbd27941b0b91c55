/* A terminal that another enterprise had before: it clears itself before anything else. */
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "hall.h"
#include "link_tests.h"

enum { ORDER = 4711 };

static int64_t enterprise, device;
static char *key, *certificate;

static void up(void)
{
    hall_up();
    enterprise = world_enterprise("Europe/Berlin");
    device = world_device(enterprise, "Gate");
    hall_certify(enterprise, device, &key, &certificate);
    fixture_sql("UPDATE device SET wipe_order = %d WHERE id = %lld", ORDER, (long long)device);
}

static void down(void)
{
    secret_text_free(key);
    free(certificate);
    hall_down();
}

static const char *order(void)
{
    return fixture_sql("SELECT coalesce(wipe_order::text, 'none') FROM device WHERE id = %lld", (long long)device);
}

static void expect_wipe(int64_t wiped_order)
{
    station gate;

    station_open_with(&gate, key, certificate);
    station_say_hello(&gate, &(hello){.epoch = 1, .people_revision = 7, .wiped_order = wiped_order});
    ck_assert_str_eq(station_end(&gate), "LINK_WIPE_ORDERED");
    ck_assert_uint_eq(gate.kept_count, 1);
    ck_assert_int_eq(gate.kept[0]->message_case, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WIPE);
    ck_assert_int_eq(gate.kept[0]->wipe->order, ORDER);
    station_close(&gate);
    ck_assert_str_eq(order(), "4711");
}

START_TEST(a_terminal_is_told_to_clear_itself_and_nothing_else_until_it_says_that_it_has)
{
    expect_wipe(0);
    expect_wipe(ORDER - 1);
    expect_wipe(0);
}
END_TEST

START_TEST(a_terminal_that_has_cleared_itself_is_welcome_and_not_told_again)
{
    station gate;

    station_open_with(&gate, key, certificate);
    station_hello(&gate, &(hello){.epoch = 2, .wiped_order = ORDER});
    station_close(&gate);
    ck_assert_str_eq(order(), "none");
    station_open_with(&gate, key, certificate);
    station_hello(&gate, &(hello){.epoch = 3});
    station_close(&gate);
}
END_TEST

TCase *wipe_tests(void)
{
    TCase *tests = tcase_create("wipe");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_terminal_is_told_to_clear_itself_and_nothing_else_until_it_says_that_it_has);
    tcase_add_test(tests, a_terminal_that_has_cleared_itself_is_welcome_and_not_told_again);
    return tests;
}
