/* Calls between a client and a server that are up: each allocation that either of them makes fails once. */
#include <check.h>
#include <string.h>

#include "alloc_scenario.h"
#include "hut.h"
#include "suite.h"

static sp_code echo_on_a_worker(void)
{
    return hut_echo(hut.client, ROOM_ECHO);
}

static sp_code echo_inline(void)
{
    return hut_echo(hut.client, ROOM_ECHO_INLINE);
}

static sp_code ask(void)
{
    return hut_play(hut.client, "ask", &hut_options);
}

static sp_code refuse(void)
{
    return hut_play(hut.client, "refuse", &hut_options);
}

static sp_code violate(void)
{
    return hut_play(hut.client, "violate", &hut_options);
}

/* The name is longer than its limit. */
static sp_code break_a_limit(void)
{
    return hut_play(hut.client, "a name far beyond its limit", &hut_options);
}

static sp_code collect(void)
{
    return hut_collect(hut.client);
}

static sp_code count(void)
{
    return hut_count(hut.client, 30);
}

static sp_code chat(void)
{
    return hut_chat(hut.client);
}

static bool works(void)
{
    return hut_works(hut.client);
}

#define CALL(name_, expected_, run_)                                                                                   \
    {                                                                                                                  \
        .name = name_, .expected = expected_, .open = hut_open, .close = hut_close, .run = run_, .works = works,       \
    }

static const alloc_scenario scenarios[] = {
    CALL("unary call to a worker", SP_OK, echo_on_a_worker),
    CALL("unary call inline", SP_OK, echo_inline),
    CALL("handler that asks all of its call", SP_OK, ask),
    CALL("refusal with facts and metadata", SP_FAILED_PRECONDITION, refuse),
    CALL("refusal with violations", SP_INVALID_ARGUMENT, violate),
    CALL("broken limit", SP_INVALID_ARGUMENT, break_a_limit),
    CALL("client stream", SP_OK, collect),
    CALL("server stream", SP_OK, count),
    CALL("bidirectional stream", SP_OK, chat),
};

START_TEST(every_allocation_may_fail)
{
    ck_assert(alloc_scenario_passes(&scenarios[_i]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls without memory");
    TCase *cases = tcase_create("calls");

    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, every_allocation_may_fail, 0, sizeof scenarios / sizeof *scenarios);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
