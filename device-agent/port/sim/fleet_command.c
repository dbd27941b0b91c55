/* Many terminals in one process, and how many of their records the server acknowledges. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "clock.h"
#include "commands.h"
#include "fleet_credentials.h"
#include "fleet_terminal.h"

enum { STEP_MS = 5, GATHER_MS = 60000, WARM_UP_MS = 1000, DRAIN_MS = 60000 };

typedef enum { FLEET_GATHERING, FLEET_WARMING_UP, FLEET_MEASURING, FLEET_DRAINING, FLEET_DONE } fleet_phase;

typedef struct {
    const agent_options *options;
    event_loop *loop;
    link_scratch *scratch;
    endpoint server;
    fleet_terminal **terminals;
    size_t count;
    fleet_phase phase;
    int64_t phase_ms; /* when it began */
    int64_t step_ms;  /* when the next step is due */
    int64_t dealt_ms; /* up to when passes were dealt out */
    double owed;      /* passes */
    size_t turn;      /* whose pass is next */
    uint64_t acked_before;
    int64_t measured_ms;
    uint64_t measured;
    bool failed;
    event_source source;
} fleet;

static uint64_t sum(const fleet *f, uint64_t (*figure)(const fleet_terminal *))
{
    uint64_t total = 0;

    for (size_t i = 0; i < f->count; i++)
        total += figure(f->terminals[i]);
    return total;
}

static size_t online(const fleet *f)
{
    size_t count = 0;

    for (size_t i = 0; i < f->count; i++)
        count += fleet_terminal_is_online(f->terminals[i]);
    return count;
}

/* ---- Phases ---- */

static void enter(fleet *f, fleet_phase phase, int64_t now_ms)
{
    f->phase = phase;
    f->phase_ms = now_ms;
}

static void set_flood(fleet *f, bool on)
{
    for (size_t i = 0; f->options->flood && i < f->count; i++)
        fleet_terminal_flood(f->terminals[i], on);
}

static void report_stragglers(const fleet *f)
{
    size_t told = 0;

    for (size_t i = 0; i < f->count && told < 5; i++)
        if (!fleet_terminal_is_online(f->terminals[i]) ||
            fleet_terminal_acked(f->terminals[i]) != fleet_terminal_made(f->terminals[i])) {
            fprintf(stderr, "smartpass-agent: terminal %zu: %s, acked %" PRIu64 " of %" PRIu64 " %s\n", i,
                    fleet_terminal_is_online(f->terminals[i]) ? "online" : "offline",
                    fleet_terminal_acked(f->terminals[i]), fleet_terminal_made(f->terminals[i]),
                    fleet_terminal_problem(f->terminals[i]));
            told++;
        }
}

static void give_up(fleet *f, const char *why)
{
    fprintf(stderr, "smartpass-agent: %s\n", why);
    report_stragglers(f);
    f->failed = true;
    enter(f, FLEET_DONE, 0);
    event_loop_stop(f->loop);
}

/* Hands out the passes that are due by now, one terminal after the other. */
static void deal(fleet *f, int64_t now_ms)
{
    f->owed += (double)(now_ms - f->dealt_ms) * (double)f->options->rate / 1000.0;
    f->dealt_ms = now_ms;
    for (size_t full = 0; f->owed >= 1 && full < f->count; f->turn = (f->turn + 1) % f->count) {
        if (fleet_terminal_pass(f->terminals[f->turn])) {
            f->owed -= 1;
            full = 0;
        } else {
            full++;
        }
    }
}

static void measure(fleet *f, int64_t now_ms)
{
    if (now_ms - f->phase_ms < f->options->seconds * 1000)
        return;
    f->measured = sum(f, fleet_terminal_acked) - f->acked_before;
    f->measured_ms = now_ms - f->phase_ms;
    set_flood(f, false);
    enter(f, FLEET_DRAINING, now_ms);
}

static void drain(fleet *f, int64_t now_ms)
{
    if (sum(f, fleet_terminal_acked) == sum(f, fleet_terminal_made)) {
        enter(f, FLEET_DONE, now_ms);
        event_loop_stop(f->loop);
    } else if (now_ms - f->phase_ms > DRAIN_MS) {
        give_up(f, "not every record was acknowledged");
    }
}

static void step(void *self, int64_t now_ms)
{
    fleet *f = self;

    f->step_ms = now_ms + STEP_MS;
    switch (f->phase) {
    case FLEET_GATHERING:
        if (online(f) == f->count) {
            printf("terminals %zu online after %" PRId64 " ms\n", f->count, now_ms - f->phase_ms);
            f->dealt_ms = now_ms;
            enter(f, FLEET_WARMING_UP, now_ms);
            set_flood(f, true);
        } else if (now_ms - f->phase_ms > GATHER_MS) {
            give_up(f, "not every terminal came online");
        }
        return;
    case FLEET_WARMING_UP:
        if (now_ms - f->phase_ms >= WARM_UP_MS) {
            f->acked_before = sum(f, fleet_terminal_acked);
            enter(f, FLEET_MEASURING, now_ms);
        }
        break;
    case FLEET_MEASURING:
        measure(f, now_ms);
        break;
    case FLEET_DRAINING:
        drain(f, now_ms);
        return;
    case FLEET_DONE:
        return;
    }
    if (!f->options->flood)
        deal(f, now_ms);
}

static void step_wanted(void *self, event_wish *ret_wish)
{
    ret_wish->due_ms = ((fleet *)self)->step_ms;
}

/* ---- Putting it together ---- */

static void allow_many_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool make_terminals(fleet *f, const char *dir)
{
    size_t wanted = (size_t)f->options->fleet;
    long *numbers = calloc(wanted, sizeof *numbers);
    size_t found;

    f->terminals = calloc(wanted, sizeof(fleet_terminal *));
    if (!numbers || !f->terminals) {
        free(numbers);
        return false;
    }
    found = fleet_credentials_list(dir, (long)f->options->first, numbers, wanted);
    for (; f->count < found; f->count++) {
        char folder[800];
        const char *why;
        fleet_terminal_options o = {folder,
                                    &f->server,
                                    f->scratch,
                                    f->options->stable_s * 1000,
                                    (uint32_t)f->options->window,
                                    (uint32_t)f->options->batch,
                                    false};

        snprintf(folder, sizeof folder, "%s/%ld", dir, numbers[f->count]);
        f->terminals[f->count] = fleet_terminal_new(&o, &why);
        if (!f->terminals[f->count]) {
            fprintf(stderr, "smartpass-agent: %s: %s\n", folder, why);
            break;
        }
    }
    free(numbers);
    if (f->count < wanted)
        fprintf(stderr, "smartpass-agent: %s holds %zu usable terminals of %zu\n", dir, f->count, wanted);
    return f->count == wanted;
}

static bool make(fleet *f)
{
    const agent_options *o = f->options;
    const char *dir = o->credentials ? o->credentials : o->data;

    allow_many_descriptors();
    if (!endpoint_parse(o->server, &f->server)) {
        fprintf(stderr, "smartpass-agent: the server is given as host:port\n");
        return false;
    }
    f->loop = event_loop_new();
    f->scratch = calloc(1, sizeof *f->scratch);
    if (!f->loop || !f->scratch || (!o->credentials && !fleet_credentials_enrol(o)) || !make_terminals(f, dir))
        return false;
    f->source = (event_source){.self = f, .ready = step, .wanted = step_wanted};
    event_loop_add(f->loop, &f->source);
    return true;
}

static int tell(fleet *f)
{
    uint64_t made = sum(f, fleet_terminal_made);
    uint64_t acked = sum(f, fleet_terminal_acked);

    printf("records made %" PRIu64 ", acknowledged %" PRIu64 ", connections lost %" PRIu64 "\n", made, acked,
           sum(f, fleet_terminal_hang_ups));
    if (f->failed || f->phase != FLEET_DONE || made != acked)
        return 1;
    printf("figure acked-records-per-second %.0f 1/s\n", (double)f->measured * 1000.0 / (double)f->measured_ms);
    return 0;
}

int run_fleet(const agent_options *options)
{
    fleet f = {.options = options};
    int status = 1;

    setvbuf(stdout, NULL, _IOLBF, 0); /* whoever measures waits for the line that says they are online */
    if (make(&f)) {
        enter(&f, FLEET_GATHERING, clock_monotonic_ms());
        for (size_t i = 0; i < f.count; i++)
            fleet_terminal_start(f.terminals[i], f.loop);
        event_loop_run(f.loop);
        status = tell(&f);
    }
    for (size_t i = 0; i < f.count; i++)
        fleet_terminal_free(f.terminals[i]);
    free(f.terminals);
    free(f.scratch);
    event_loop_free(f.loop);
    return status;
}
