/* What a terminal's word makes of a command. */
#include "command_rules.h"
#include "suite.h"

#define STATE(name) SMARTPASS__V1__COMMAND_STATE__COMMAND_STATE_##name
#define KIND(name) SMARTPASS__V1__COMMAND_KIND__COMMAND_KIND_##name
#define EVENT(name) SMARTPASS__LINK__V1__COMMAND_EVENT__COMMAND_EVENT_##name

static const command_standing sent = {STATE(SENT), ""}, received = {STATE(RECEIVED), ""}, done = {STATE(DONE), ""},
                              failed = {STATE(FAILED), "INTERRUPTED"}, expired = {STATE(EXPIRED), ""},
                              left = {STATE(FAILED), "DEVICE_LEFT"};

static void moves(command_standing from, command_event event, const char *reason, command_state state,
                  const char *to_reason)
{
    command_standing next;

    ck_assert(command_moved(&from, event, reason, &next));
    ck_assert_int_eq(next.state, state);
    ck_assert_str_eq(next.reason, to_reason);
}

static void stays(command_standing from, command_event event)
{
    command_standing next;

    ck_assert(!command_moved(&from, event, "", &next));
}

START_TEST(what_is_under_way_goes_where_the_terminal_says)
{
    moves(sent, EVENT(RECEIVED), "", STATE(RECEIVED), "");
    moves(sent, EVENT(DONE), "", STATE(DONE), "");
    moves(received, EVENT(DONE), "ignored", STATE(DONE), "");
    moves(sent, EVENT(FAILED), "BUSY", STATE(FAILED), "BUSY");
    moves(received, EVENT(FAILED), "RECORDS_UNSENT", STATE(FAILED), "RECORDS_UNSENT");
    moves(sent, EVENT(EXPIRED), "", STATE(EXPIRED), "");
    stays(received, EVENT(RECEIVED));
}
END_TEST

START_TEST(what_is_over_stays_as_it_is)
{
    const command_standing over[] = {done, failed, expired};

    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        for (int event = 0; event < 8; event++)
            stays(over[i], (command_event)event);
}
END_TEST

START_TEST(one_that_was_given_up_is_what_the_terminal_says_when_it_is_back)
{
    moves(left, EVENT(DONE), "", STATE(DONE), "");
    moves(left, EVENT(FAILED), "INTERRUPTED", STATE(FAILED), "INTERRUPTED");
    moves(left, EVENT(EXPIRED), "", STATE(EXPIRED), "");
    moves(left, EVENT(RECEIVED), "", STATE(RECEIVED), "");
}
END_TEST

START_TEST(whoever_had_it_and_calls_it_expired_has_lost_his_memory)
{
    moves(received, EVENT(EXPIRED), "", STATE(FAILED), "INTERRUPTED");
}
END_TEST

START_TEST(a_reason_is_of_capital_letters_digits_and_underscores)
{
    moves(sent, EVENT(FAILED), "A_1", STATE(FAILED), "A_1");
    moves(sent, EVENT(FAILED), "", STATE(FAILED), "UNEXPLAINED");
    moves(sent, EVENT(FAILED), "because", STATE(FAILED), "UNEXPLAINED");
    moves(sent, EVENT(FAILED), "A<B>", STATE(FAILED), "UNEXPLAINED");
}
END_TEST

START_TEST(events_of_a_newer_terminal_move_nothing)
{
    stays(sent, (command_event)0);
    stays(sent, (command_event)9);
    stays(received, (command_event)-1);
}
END_TEST

START_TEST(each_kind_has_its_time)
{
    ck_assert_int_eq(command_good_for_ms(KIND(OPEN_DOOR)), 10000);
    ck_assert_int_eq(command_good_for_ms(KIND(CLOSE_DOOR)), 10000);
    ck_assert_int_eq(command_good_for_ms(KIND(RESTART)), 30000);
    ck_assert_int_eq(command_good_for_ms(KIND(SHUT_DOWN)), 30000);
    ck_assert_int_eq(command_good_for_ms(KIND(RESET)), 30000);
}
END_TEST

START_TEST(only_who_is_accepted_and_online_can_be_told)
{
    ck_assert_str_eq(command_refusal(true, true), "");
    ck_assert_str_eq(command_refusal(false, true), "DEVICE_OFFLINE");
    ck_assert_str_eq(command_refusal(true, false), "DEVICE_WAITING");
    ck_assert_str_eq(command_refusal(false, false), "DEVICE_WAITING");
}
END_TEST

int main(void)
{
    return RUN_SUITE("command rules", 20, what_is_under_way_goes_where_the_terminal_says, what_is_over_stays_as_it_is,
                     one_that_was_given_up_is_what_the_terminal_says_when_it_is_back,
                     whoever_had_it_and_calls_it_expired_has_lost_his_memory,
                     a_reason_is_of_capital_letters_digits_and_underscores, events_of_a_newer_terminal_move_nothing,
                     each_kind_has_its_time, only_who_is_accepted_and_online_can_be_told);
}
