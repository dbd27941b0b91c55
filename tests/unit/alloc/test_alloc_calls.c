/* Calls between a client and a server that are up: each allocation that either of them makes fails once. */
#include <string.h>

#include "alloc_scenario.h"
#include "hut.h"

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

static const alloc_scenario scenarios[] = {
    HUT_CALL("unary call to a worker", SP_OK, echo_on_a_worker),
    HUT_CALL("unary call inline", SP_OK, echo_inline),
    HUT_CALL("handler that asks all of its call", SP_OK, ask),
    HUT_CALL("refusal with facts and metadata", SP_FAILED_PRECONDITION, refuse),
    HUT_CALL("refusal with violations", SP_INVALID_ARGUMENT, violate),
    HUT_CALL("broken limit", SP_INVALID_ARGUMENT, break_a_limit),
    HUT_CALL("client stream", SP_OK, collect),
    HUT_CALL("server stream", SP_OK, count),
    HUT_CALL("bidirectional stream", SP_OK, chat),
};

int main(void)
{
    return alloc_scenarios_run("calls without memory", scenarios, sizeof scenarios / sizeof *scenarios);
}
