/* pass watch. */
#include <stdio.h>

#include "ctl.h"
#include "smartpass/v1/console.client.h"
#include "times.h"

static void print_pass(const Smartpass__V1__Pass *p)
{
    char when[TIME_TEXT_SIZE];

    time_text(p->occur_time, when);
    printf("%s %-24s %-24s %-8s", when, p->device_name, p->person_name[0] ? p->person_name : "stranger",
           p->result == SMARTPASS__V1__PASS_RESULT__PASS_RESULT_ALLOWED ? "allowed" : "denied");
    if (p->temperature_centi > 0)
        printf(" %d.%d °C", p->temperature_centi / 100, p->temperature_centi / 10 % 10);
    putchar('\n');
    fflush(stdout);
}

int run_pass_watch(const ctl *c)
{
    Smartpass__V1__WatchEventsRequest request = SMARTPASS__V1__WATCH_EVENTS_REQUEST__INIT;
    Smartpass__V1__Event *event;
    rpc_answer answer = {0};
    int64_t seen = 0;
    console_watch_events_client *call = console_watch_events_client_open(c->client, c->stream_options, &request);

    if (!call)
        return CTL_FAILED;
    while ((event = console_watch_events_client_read(call)) != NULL) {
        if (event->event_case == SMARTPASS__V1__EVENT__EVENT_PASS) {
            print_pass(event->pass);
            seen++;
        }
        smartpass__v1__event__free_unpacked(event, NULL);
        if (c->flags->count > 0 && seen == c->flags->count)
            console_watch_events_client_cancel(call);
    }
    sp_status st = console_watch_events_client_finish(call, &answer);
    if (sp_failed(st) && (c->flags->count == 0 || seen < c->flags->count))
        return ctl_fail("pass watch", st, &answer);
    rpc_answer_done(&answer);
    return CTL_DONE;
}
