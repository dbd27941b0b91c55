/* Runs one terminal with simulated hardware. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <arpa/inet.h>

#include "clock.h"
#include "commands.h"
#include "control.h"
#include "credentials.h"
#include "event_loop.h"
#include "exact_face.h"
#include "file.h"
#include "launcher.h"
#include "log.h"
#include "native_face.h"
#include "sim_hardware.h"
#include "terminal.h"

/* The same networks under another name: templates from the server are not taken, photos are asked for. */
#define OTHER_ENGINE_ID "simulated/other-engine"

typedef struct {
    const agent_options *options;
    event_loop *loop;
    sim_hardware *hardware;
    native_face *native;
    hal hal;
    credentials credentials;
    endpoint server;
    bool enrolled;
    store *store;
    terminal *terminal;
    control *control;
    event_source terminal_source;
    event_source callback_source;
    event_source walk_source;
    int64_t walk_ms;
    bool lost;  /* the terminal cannot go on */
    bool again; /* it is to start anew */
} simulator;

static bool fail(const char *what, const char *why)
{
    fprintf(stderr, "smartpass-agent: %s: %s\n", what, why);
    return false;
}

/* ---- Sources of the loop ---- */

static void terminal_is_ready(void *self, int64_t now_ms)
{
    simulator *s = self;

    if (!terminal_ready(s->terminal, now_ms)) {
        s->lost = true;
        event_loop_stop(s->loop);
    } else if (upgrade_wants_restart(terminal_upgrade(s->terminal))) {
        s->again = true;
        event_loop_stop(s->loop);
    }
}

static void terminal_wanted(void *self, event_wish *ret_wish)
{
    const terminal *t = ((simulator *)self)->terminal;

    *ret_wish = (event_wish){terminal_fd(t), terminal_connection(t), terminal_wants_write(t), terminal_due_ms(t)};
}

static void callback_wanted(void *self, event_wish *ret_wish)
{
    const terminal *t = ((simulator *)self)->terminal;

    ret_wish->fd = terminal_callback_fd(t);
    ret_wish->connection = terminal_callback_connection(t);
}

/* Somebody else steps before the camera. */
static void walk_on(void *self, int64_t now_ms)
{
    simulator *s = self;
    char picture[256];
    sim_sight sight = {.pictures = {picture}, .picture_count = 1, .readings_centi = {3660}, .reading_count = 1};

    s->walk_ms = now_ms + s->options->walk_s * 1000;
    if (!sim_hardware_next_picture(s->hardware, picture, sizeof picture))
        return;
    sim_hardware_place(s->hardware, &sight);
    (void)terminal_look(s->terminal);
    sim_hardware_place(s->hardware, &(sim_sight){0});
}

static void walk_wanted(void *self, event_wish *ret_wish)
{
    ret_wish->due_ms = ((simulator *)self)->walk_ms;
}

/* ---- The machine ---- */

static void restart(void *self)
{
    simulator *s = self;

    s->again = true;
    event_loop_stop(s->loop);
}

static void shut_down(void *self)
{
    event_loop_stop(((simulator *)self)->loop);
}

/* The launcher reads it. */
static void set_auto_start(void *self, bool on)
{
    const simulator *s = self;
    char path[800];

    snprintf(path, sizeof path, "%s/auto_start", s->options->data);
    if (sp_failed(file_write(path, on ? "on\n" : "off\n", on ? 3 : 4, 0600)))
        log_write(LOG_ERROR, "whether to start by itself cannot be written down", NULL);
}

/* ---- Putting it together ---- */

static bool make_face_reader(simulator *s)
{
    const agent_options *o = s->options;

    if (strcmp(o->engine, "simulated") == 0) {
        s->hal.face_reader = exact_face_reader();
        return true;
    }
    s->native = native_face_new(o->weights, strcmp(o->engine, "other") == 0 ? OTHER_ENGINE_ID : FACE_ENGINE_ID);
    if (!s->native)
        return fail(o->weights, strerror(errno));
    s->hal.face_reader = native_face_reader(s->native);
    return true;
}

static bool make_hardware(simulator *s)
{
    char relay_log[800];

    snprintf(relay_log, sizeof relay_log, "%s/relay.log", s->options->data);
    s->hardware = sim_hardware_new(s->options->camera, relay_log);
    if (!s->hardware)
        return fail("hardware", "memory is out");
    sim_hardware_fill(s->hardware, &s->hal);
    s->hal.power = (power){s, restart, shut_down, set_auto_start};
    return make_face_reader(s);
}

/* Not enrolled is no failure: the terminal then works offline with whom it knows. */
static bool read_credentials(simulator *s)
{
    sp_status status = credentials_load(s->options->data, &s->credentials);
    const char *server = s->options->server ? s->options->server : s->credentials.server;

    if (sp_failed(status)) {
        log_write(LOG_WARNING, "working offline", "reason", status.reason, NULL);
        return true;
    }
    s->enrolled = endpoint_parse(server, &s->server);
    return s->enrolled || fail("the server is given as host:port", server);
}

static bool make_terminal(simulator *s)
{
    const agent_options *o = s->options;
    terminal_options options = {
        .store_options = {.folder = o->data,
                          .picture_quota = (uint64_t)o->quota_mb << 20,
                          .reserve = (uint64_t)o->reserve_mb << 20},
        .hal = &s->hal,
        .credentials = s->enrolled ? &s->credentials : NULL,
        .server = &s->server,
        .habits = link_habits_usual(),
        .people_capacity = (uint32_t)o->capacity,
        .mac = s->credentials.mac,
        .address = "127.0.0.1",
        .version = o->version,
        .upgrade = {.data = o->data,
                    .slot = getenv(LAUNCHER_SLOT),
                    .model = SIMULATOR_MODEL,
                    .version = o->version,
                    .quiet_ms = o->quiet_s * 1000},
        .model = SIMULATOR_MODEL,
        .trust = o->trust,
        .clock_ahead_ms = o->clock_ahead_s * 1000,
        .font = o->font,
    };
    sp_status status = store_open(&options.store_options, &s->store);

    if (sp_failed(status))
        return fail(o->data, status.message);
    options.store = s->store;
    options.habits.slow_retry_ms = o->slow_retry_s * 1000;
    options.habits.stable_ms = o->stable_s * 1000;
    s->terminal = terminal_new(&options);
    return s->terminal || fail("terminal", "it cannot be put together");
}

static bool make_control(simulator *s)
{
    char usual[800];
    const char *path = s->options->control;

    if (!path) {
        snprintf(usual, sizeof usual, "%s/control", s->options->data);
        path = usual;
    }
    s->control = control_new(path, s->loop, s->terminal, s->hardware);
    return s->control || fail(path, strerror(errno));
}

static bool make(simulator *s)
{
    if (mkdir(s->options->data, 0700) != 0 && errno != EEXIST)
        return fail(s->options->data, strerror(errno));
    s->loop = event_loop_new();
    if (!s->loop)
        return fail("event loop", strerror(errno));
    if (!make_hardware(s) || !read_credentials(s) || !make_terminal(s) || !make_control(s))
        return false;
    s->terminal_source = (event_source){.self = s, .ready = terminal_is_ready, .wanted = terminal_wanted};
    event_loop_add(s->loop, &s->terminal_source);
    s->callback_source = (event_source){.self = s, .ready = terminal_is_ready, .wanted = callback_wanted};
    event_loop_add(s->loop, &s->callback_source);
    if (s->options->walk_s > 0 && s->options->camera) {
        s->walk_ms = clock_monotonic_ms() + s->options->walk_s * 1000;
        s->walk_source = (event_source){.self = s, .ready = walk_on, .wanted = walk_wanted};
        event_loop_add(s->loop, &s->walk_source);
    }
    return true;
}

static void unmake(simulator *s)
{
    control_free(s->control);
    if (s->terminal)
        s->store = terminal_store(s->terminal);
    terminal_free(s->terminal);
    store_close(s->store);
    sim_hardware_free(s->hardware);
    native_face_free(s->native);
    event_loop_free(s->loop);
}

int run_sim(const agent_options *options)
{
    simulator *s = calloc(1, sizeof *s);
    int status = 1;

    if (!s)
        return 1;
    s->options = options;
    if (make(s)) {
        terminal_start(s->terminal);
        log_write(LOG_INFO, "terminal runs", "engine", s->hal.face_reader.engine, "data", options->data, NULL);
        event_loop_run(s->loop);
        status = s->lost ? 1 : s->again ? RUN_AGAIN : 0;
    }
    unmake(s);
    free(s);
    return status;
}
