/* What the terminal makes of a command. */
#include "command_rules.h"
#include "suite.h"

static const order_circumstances usual = {.clock_synced = true, .now_ms = 1000, .can_switch = true};

static command_order order_of(int kind)
{
    return (command_order){.id = 1, .kind = kind, .not_after_ms = 11000, .left_ms = 10000};
}

static void is(order_verdict verdict, order_state state, const char *reason)
{
    ck_assert_int_eq(verdict.state, state);
    ck_assert_str_eq(verdict.reason, reason);
}

START_TEST(every_kind_is_begun_in_its_time)
{
    for (int kind = ORDER_OPEN_DOOR; kind <= ORDER_RESET; kind++) {
        const command_order o = order_of(kind);

        is(order_judge(&o, &usual), ORDER_BEGUN, "");
    }
}
END_TEST

START_TEST(nothing_is_begun_when_its_time_is_over_by_the_servers_clock)
{
    const command_order o = order_of(ORDER_OPEN_DOOR);
    order_circumstances at = usual;

    at.now_ms = o.not_after_ms - 1;
    is(order_judge(&o, &at), ORDER_BEGUN, "");
    at.now_ms = o.not_after_ms;
    is(order_judge(&o, &at), ORDER_EXPIRED, "");
}
END_TEST

START_TEST(a_terminal_without_the_servers_clock_goes_by_what_was_left)
{
    command_order o = order_of(ORDER_OPEN_DOOR);
    order_circumstances at = {.clock_synced = false, .now_ms = INT64_MAX, .can_switch = true};

    is(order_judge(&o, &at), ORDER_BEGUN, "");
    o.left_ms = 0;
    is(order_judge(&o, &at), ORDER_EXPIRED, "");
    is(order_judge(&o, &usual), ORDER_EXPIRED, "");
}
END_TEST

START_TEST(what_the_terminal_cannot_do_is_not_offered)
{
    order_circumstances at = usual;
    command_order o;

    at.can_switch = false;
    for (int kind = ORDER_OPEN_DOOR; kind <= ORDER_RESET; kind++) {
        bool switches = kind == ORDER_RESTART || kind == ORDER_SHUT_DOWN;

        o = order_of(kind);
        is(order_judge(&o, &at), switches ? ORDER_FAILED : ORDER_BEGUN, switches ? "NOT_OFFERED" : "");
    }
    for (int kind = ORDER_RESET + 1; kind < 20; kind++) {
        o = order_of(kind);
        is(order_judge(&o, &usual), ORDER_FAILED, "NOT_OFFERED");
    }
    o = order_of(0);
    is(order_judge(&o, &usual), ORDER_FAILED, "NOT_OFFERED");
    o = order_of(-1);
    is(order_judge(&o, &usual), ORDER_FAILED, "NOT_OFFERED");
}
END_TEST

START_TEST(one_end_and_one_reset_at_a_time_but_a_door_always)
{
    static const struct {
        int kind;
        bool while_resetting, while_ending;
    } begun[] = {
        {ORDER_OPEN_DOOR, true, true},  {ORDER_CLOSE_DOOR, true, true}, {ORDER_RESTART, true, false},
        {ORDER_SHUT_DOWN, true, false}, {ORDER_RESET, false, false},
    };

    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        const command_order o = order_of(begun[i].kind);
        order_circumstances at = usual;

        at.resetting = true;
        is(order_judge(&o, &at), begun[i].while_resetting ? ORDER_BEGUN : ORDER_FAILED,
           begun[i].while_resetting ? "" : "BUSY");
        at.resetting = false;
        at.ending = true;
        is(order_judge(&o, &at), begun[i].while_ending ? ORDER_BEGUN : ORDER_FAILED,
           begun[i].while_ending ? "" : "BUSY");
    }
}
END_TEST

START_TEST(who_has_lost_his_memory_begins_nothing_that_he_may_have_done)
{
    const command_order o = order_of(ORDER_OPEN_DOOR);
    order_circumstances at = usual;

    at.memory_lost = true;
    is(order_judge(&o, &at), ORDER_FAILED, "INTERRUPTED");
    at.now_ms = o.not_after_ms;
    is(order_judge(&o, &at), ORDER_EXPIRED, "");
}
END_TEST

START_TEST(of_what_was_begun_only_a_restart_is_done_by_the_stop)
{
    for (int kind = ORDER_OPEN_DOOR; kind <= ORDER_RESET; kind++)
        is(order_recovered(kind), kind == ORDER_RESTART ? ORDER_DONE : ORDER_FAILED,
           kind == ORDER_RESTART ? "" : "INTERRUPTED");
}
END_TEST

int main(void)
{
    return RUN_SUITE("command rules", 20, every_kind_is_begun_in_its_time,
                     nothing_is_begun_when_its_time_is_over_by_the_servers_clock,
                     a_terminal_without_the_servers_clock_goes_by_what_was_left,
                     what_the_terminal_cannot_do_is_not_offered, one_end_and_one_reset_at_a_time_but_a_door_always,
                     who_has_lost_his_memory_begins_nothing_that_he_may_have_done,
                     of_what_was_begun_only_a_restart_is_done_by_the_stop);
}
