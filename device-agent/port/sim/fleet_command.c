/* Many terminals in one process, and how many of their records the server acknowledges. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "clock.h"
#include "commands.h"
#include "fleet_credentials.h"
#include "fleet_terminal.h"
#include "fleet_trouble.h"

enum { STEP_MS = 5, GATHER_MS = 60000, GATHER_EACH_MS = 30, WARM_UP_MS = 1000, DRAIN_MS = 120000, SLOWEST_MS = 500 };

typedef enum {
    FLEET_GATHERING,
    FLEET_WARMING_UP,
    FLEET_MEASURING,
    FLEET_DRAINING,
    FLEET_STAYING,
    FLEET_DONE
} fleet_phase;

typedef struct {
    const agent_options *options;
    event_loop *loop;
    link_scratch *scratch;
    endpoint server;
    fleet_terminal **terminals;
    size_t count;
    fleet_trouble trouble;
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

static bool are_all(const fleet *f, bool (*what)(const fleet_terminal *))
{
    size_t count = 0;

    while (count < f->count && what(f->terminals[count]))
        count++;
    return count == f->count;
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
        if (!fleet_terminal_is_settled(f->terminals[i])) {
            fprintf(stderr,
                    "smartpass-agent: terminal %zu: %s, acked %" PRIu64 " of %" PRIu64 ", %zu settings open %s\n", i,
                    fleet_terminal_is_online(f->terminals[i]) ? "online" : "offline",
                    fleet_terminal_acked(f->terminals[i]), fleet_terminal_made(f->terminals[i]),
                    fleet_terminal_unanswered(f->terminals[i]), fleet_terminal_problem(f->terminals[i]));
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
    if (are_all(f, fleet_terminal_is_settled)) {
        printf("settled after %" PRId64 " ms\n", now_ms - f->phase_ms);
        enter(f, f->options->stay ? FLEET_STAYING : FLEET_DONE, now_ms);
        if (!f->options->stay)
            event_loop_stop(f->loop);
    } else if (now_ms - f->phase_ms > DRAIN_MS) {
        give_up(f, "not everything was acknowledged");
    }
}

static void gather(fleet *f, int64_t now_ms)
{
    if (are_all(f, fleet_terminal_is_online)) {
        printf("terminals %zu online after %" PRId64 " ms\n", f->count, now_ms - f->phase_ms);
        f->dealt_ms = now_ms;
        enter(f, FLEET_WARMING_UP, now_ms);
        set_flood(f, true);
    } else if (now_ms - f->phase_ms > GATHER_MS + GATHER_EACH_MS * (int64_t)f->count) {
        give_up(f, "not every terminal came online");
    }
}

static void step(void *self, int64_t now_ms)
{
    fleet *f = self;

    f->step_ms = now_ms + STEP_MS;
    switch (f->phase) {
    case FLEET_GATHERING:
        gather(f, now_ms);
        return;
    case FLEET_WARMING_UP:
        if (now_ms - f->phase_ms >= WARM_UP_MS) {
            f->acked_before = sum(f, fleet_terminal_acked);
            fleet_trouble_begin(&f->trouble, f->terminals, f->count, now_ms);
            enter(f, FLEET_MEASURING, now_ms);
        }
        break;
    case FLEET_MEASURING:
        fleet_trouble_step(&f->trouble, now_ms);
        measure(f, now_ms);
        break;
    case FLEET_DRAINING:
        drain(f, now_ms);
        return;
    case FLEET_STAYING:
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

static fleet_terminal *make_terminal(fleet *f, const char *folder, const char **ret_why)
{
    const agent_options *o = f->options;
    const int64_t skew_ms = o->skew_s * 1000;
    const fleet_terminal_options options = {
        .folder = folder,
        .server = &f->server,
        .scratch = f->scratch,
        .stable_ms = o->stable_s * 1000,
        .window = (uint32_t)o->window,
        .batch = (uint32_t)o->batch,
        .clock_ahead_ms = (int64_t)fleet_trouble_roll(&f->trouble, 2 * (uint64_t)skew_ms + 1) - skew_ms,
        .slow_ms = (int64_t)fleet_trouble_roll(&f->trouble, 100) < o->slow
                       ? 1 + (int64_t)fleet_trouble_roll(&f->trouble, SLOWEST_MS)
                       : 0,
    };

    return fleet_terminal_new(&options, ret_why);
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

        snprintf(folder, sizeof folder, "%s/%ld", dir, numbers[f->count]);
        f->terminals[f->count] = make_terminal(f, folder, &why);
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

/* False: the file cannot be written. */
static bool tell_settings(const fleet *f)
{
    FILE *file = f->options->tell_settings ? fopen(f->options->tell_settings, "w") : NULL;

    if (!f->options->tell_settings)
        return true;
    for (size_t i = 0; file && i < f->count; i++)
        fleet_terminal_tell_settings(f->terminals[i], file);
    if (file && fclose(file) == 0)
        return true;
    fprintf(stderr, "smartpass-agent: %s cannot be written\n", f->options->tell_settings);
    return false;
}

static int tell(const fleet *f)
{
    uint64_t made = sum(f, fleet_terminal_made);
    uint64_t acked = sum(f, fleet_terminal_acked);
    bool told = tell_settings(f);

    printf("records made %" PRIu64 ", acknowledged %" PRIu64 ", connections lost %" PRIu64 "\n", made, acked,
           sum(f, fleet_terminal_hang_ups));
    if (f->trouble.edits + f->trouble.outages + f->trouble.kills > 0)
        printf("settings changed %" PRIu64 ", overruled %" PRIu64 ", outages %" PRIu64 ", kills %" PRIu64 "\n",
               f->trouble.edits, sum(f, fleet_terminal_overruled), f->trouble.outages, f->trouble.kills);
    if (!told || f->failed || f->phase < FLEET_STAYING || made != acked)
        return 1;
    printf("figure acked-records-per-second %.0f 1/s\n", (double)f->measured * 1000.0 / (double)f->measured_ms);
    return 0;
}

static void begin(fleet *f)
{
    enter(f, FLEET_GATHERING, clock_monotonic_ms());
    for (size_t i = 0; i < f->count; i++)
        fleet_terminal_start(f->terminals[i], f->loop);
}

int run_fleet(const agent_options *options)
{
    fleet f = {.options = options};
    int status = 1;

    setvbuf(stdout, NULL, _IOLBF, 0); /* whoever measures waits for the line that says they are online */
    fleet_trouble_init(&f.trouble, options);
    if (make(&f)) {
        begin(&f);
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
