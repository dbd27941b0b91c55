#include "terminal_link.h"

#include <stdlib.h>

#include "clock.h"
#include "random.h"
#include "terminal_link_parts.h"

#define DAY_MS ((int64_t)86400000)

static void step(terminal_link *l, link_event event, const grpc_outcome *why);

link_habits link_habits_usual(void)
{
    return (link_habits){
        .backoff_first_ms = 1000,
        .backoff_longest_ms = 5 * 60000,
        .slow_retry_ms = 5 * 60000,
        .stable_ms = 60000,
        .welcome_ms = 15000,
        .renew_ahead_ms = 30 * DAY_MS,
        .renew_again_ms = 3600000,
        .window = 1024,
        .batch = UPLOAD_BATCH_MAX,
    };
}

static void lose(terminal_link *l, const char *why)
{
    grpc_outcome outcome = grpc_outcome_failed(SP_UNAVAILABLE, why);

    step(l, LINK_LOST, &outcome);
}

/* ---- Actions of the table ---- */

static void wait(terminal_link *l, int64_t wait_ms)
{
    link_hang_up(l);
    l->retry_ms = l->now_ms + wait_ms;
}

static void dial(terminal_link *l, bool renewing)
{
    const char *why = link_dial(l, renewing);

    if (why)
        lose(l, why);
}

static int64_t jitter_ms(terminal_link *l)
{
    uint32_t dice;

    if (sp_failed(crypto_random(&dice, sizeof dice)))
        dice = UINT32_MAX / 2;
    return backoff_next_ms(&l->backoff, dice);
}

static void perform(terminal_link *l, link_action action)
{
    switch (action) {
    case LINK_DO_NOTHING:
        break;
    case LINK_DIAL:
    case LINK_RENEW:
        dial(l, action == LINK_RENEW);
        break;
    case LINK_SAY_HELLO:
        l->hello_due = true;
        l->welcome_ms = l->now_ms + l->habits.welcome_ms;
        grpc_call_wake(l->call);
        break;
    case LINK_SEND_BACKLOG:
        l->denied = false;
        l->welcome_ms = NEVER;
        l->stable_ms = l->now_ms + l->habits.stable_ms;
        break;
    case LINK_DIAL_LATER:
        wait(l, jitter_ms(l));
        break;
    case LINK_DIAL_MUCH_LATER:
        l->denied = true;
        wait(l, l->habits.slow_retry_ms);
        break;
    case LINK_HANG_UP:
        if (l->call)
            grpc_call_cut(l->call);
        link_hang_up(l);
        break;
    case LINK_WIPE:
        link_hang_up(l);
        l->owner.wiped(l->owner.self, l->wipe_reason, l->wipe_order);
        break;
    }
}

static void step(terminal_link *l, link_event event, const grpc_outcome *why)
{
    link_state before = l->state;
    link_action action = link_step(&l->state, event);

    if (l->state != before)
        l->owner.state_changed(l->owner.self, l->state, why);
    perform(l, action);
}

/* ---- Looking at what happened ---- */

static bool renewal_is_due(const terminal_link *l)
{
    if (l->now_ms < l->renew_not_before_ms)
        return false;
    return l->denied || l->credentials.not_after_ms - clock_now_ms() < l->habits.renew_ahead_ms;
}

static void finish_renewal(terminal_link *l)
{
    grpc_outcome outcome = grpc_unary_outcome(l->unary, l->call);
    credentials renewed;

    l->renew_not_before_ms = l->now_ms + l->habits.renew_again_ms;
    if (outcome.code == SP_OK &&
        renewal_finish(&l->renewal, l->unary->reply, l->unary->reply_size, l->credentials.folder) &&
        !sp_failed(credentials_load(l->credentials.folder, &renewed))) {
        l->credentials = renewed;
        step(l, LINK_RENEWED, &outcome);
    } else if (grpc_outcome_is_refusal(&outcome)) {
        step(l, LINK_DENIED, &outcome);
    } else if (outcome.answered) {
        step(l, LINK_NOT_RENEWED, &outcome);
    } else {
        step(l, LINK_LOST, &outcome);
    }
}

static void look_at_end(terminal_link *l)
{
    grpc_outcome outcome = *grpc_call_outcome(l->call);

    if (!outcome.answered && !grpc_outcome_is_refusal(&outcome) &&
        (l->state == LINK_DIALLING || l->state == LINK_RENEWING) && link_dial_next(l))
        return;
    if (l->renewing)
        finish_renewal(l);
    else
        step(l, grpc_outcome_is_refusal(&outcome) ? LINK_DENIED : LINK_LOST, &outcome);
}

/* After every call into the connection: turns what it left behind into events. */
static void look(terminal_link *l)
{
    if (l->call && l->state == LINK_DIALLING && grpc_call_is(l->call) == GRPC_CALL_OPEN)
        step(l, LINK_OPENED, NULL);
    if (l->welcomed && l->state == LINK_GREETING)
        step(l, LINK_WELCOMED, NULL);
    if (l->wiped) {
        step(l, LINK_WIPE_ORDERED, NULL);
        return;
    }
    if (l->unusable) {
        lose(l, "what the server sent cannot be used");
        return;
    }
    if (l->epoch_taken) {
        l->owner.epoch_taken(l->owner.self);
        lose(l, "the server knows records of this epoch that this terminal never made");
        return;
    }
    if (l->call && grpc_call_is(l->call) == GRPC_CALL_ENDED)
        look_at_end(l);
}

void terminal_link_ready(terminal_link *l, int64_t now_ms)
{
    l->now_ms = now_ms;
    if (l->lookup && !link_take_lookup(l))
        lose(l, "the server's name has no address");
    else if (l->call)
        grpc_call_ready(l->call, now_ms);
    look(l);
}

static void tick_online(terminal_link *l)
{
    if (l->now_ms >= l->stable_ms) {
        backoff_reset(&l->backoff);
        l->stable_ms = NEVER;
    }
    if (l->now_ms >= l->beat_ms)
        terminal_link_beat(l);
    if (l->now_ms >= l->picture_ms) {
        l->picture_ms = NEVER;
        l->upload.picture.sent = l->upload.picture.acked;
        grpc_call_wake(l->call);
    }
    if (l->now_ms >= l->log_ms) {
        l->log_ms = NEVER;
        grpc_call_wake(l->call);
    }
    if (renewal_is_due(l))
        step(l, LINK_RENEWAL_DUE, NULL);
}

void terminal_link_tick(terminal_link *l, int64_t now_ms)
{
    l->now_ms = now_ms;
    if (l->call)
        grpc_call_tick(l->call, now_ms);
    look(l);
    if (now_ms >= l->retry_ms) {
        l->retry_ms = NEVER;
        step(l, renewal_is_due(l) ? LINK_RENEWAL_DUE : LINK_DUE, NULL);
    } else if (now_ms >= l->welcome_ms) {
        l->welcome_ms = NEVER;
        lose(l, l->lookup ? "the name service is silent" : "the server sent no welcome in time");
    } else if (l->state == LINK_ONLINE) {
        tick_online(l);
    }
}

int64_t terminal_link_due_ms(const terminal_link *l)
{
    const int64_t times[] = {l->retry_ms, l->welcome_ms, l->stable_ms, l->beat_ms, l->picture_ms, l->log_ms};
    int64_t due_ms = l->call ? grpc_call_due_ms(l->call) : NEVER;

    if (l->unusable)
        return l->now_ms;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i] < due_ms)
            due_ms = times[i];
    return due_ms;
}

/* ---- The owner's wishes ---- */

void terminal_link_start(terminal_link *l, int64_t now_ms)
{
    l->now_ms = now_ms;
    step(l, LINK_ENROLLED, NULL);
    if (l->state == LINK_WAITING)
        l->retry_ms = now_ms; /* the first attempt need not be spread */
}

void terminal_link_start_later(terminal_link *l, int64_t now_ms)
{
    l->now_ms = now_ms;
    step(l, LINK_ENROLLED, NULL);
}

void terminal_link_appended(terminal_link *l)
{
    upload_appended(&l->upload, l->journal->facts.last_seq);
    if (l->call && l->welcomed)
        grpc_call_wake(l->call);
}

void terminal_link_report(terminal_link *l)
{
    if (l->asking)
        l->asked_meanwhile = true;
    else if (l->call && l->welcomed)
        grpc_call_wake(l->call);
}

void terminal_link_beat(terminal_link *l)
{
    if (!l->welcomed)
        return;
    l->beat_ms = l->now_ms + l->beat_every_ms;
    l->beat_due = true;
    terminal_link_report(l);
}

void terminal_link_carrier(terminal_link *l, bool there, int64_t now_ms)
{
    l->now_ms = now_ms;
    step(l, there ? LINK_CARRIER_FOUND : LINK_CARRIER_LOST, NULL);
}

void terminal_link_reconnect(terminal_link *l)
{
    l->unusable = l->call != NULL;
}

/* ---- The whole ---- */

terminal_link *terminal_link_new(const endpoint *server, const credentials *c, journal *j, link_scratch *scratch,
                                 const link_owner *owner, const link_habits *habits)
{
    terminal_link *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->server = *server;
    l->credentials = *c;
    l->journal = j;
    l->scratch = scratch;
    l->owner = *owner;
    l->habits = *habits;
    l->state = LINK_UNENROLLED;
    backoff_init(&l->backoff, habits->backoff_first_ms, habits->backoff_longest_ms);
    upload_init(&l->upload, habits->window, habits->batch);
    upload_appended(&l->upload, j->facts.last_seq);
    l->retry_ms = l->welcome_ms = l->stable_ms = NEVER;
    link_conversation_begin(l);
    return l;
}

void terminal_link_free(terminal_link *l)
{
    if (!l)
        return;
    link_hang_up(l);
    free(l);
}

int terminal_link_fd(const terminal_link *l)
{
    if (l->lookup)
        return endpoint_lookup_fd(l->lookup);
    return l->call ? grpc_call_fd(l->call) : -1;
}

uint32_t terminal_link_connection(const terminal_link *l)
{
    return l->connection;
}

bool terminal_link_wants_write(const terminal_link *l)
{
    return !l->lookup && l->call && grpc_call_wants_write(l->call);
}

link_state terminal_link_is(const terminal_link *l)
{
    return l->state;
}

uint64_t terminal_link_sent_seq(const terminal_link *l)
{
    return l->upload.sent_seq;
}
