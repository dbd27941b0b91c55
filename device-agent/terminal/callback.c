#include "callback.h"

#include <stdio.h>
#include <string.h>

#include "callback_rules.h"
#include "clock.h"
#include "pass_json.h"
#include "pass_signature.h"
#include "random.h"
#include "terminal_parts.h"

enum { LOOKED_AT_ONCE = 100 }; /* records that are too old */

void callback_begin(callback *c)
{
    *c = (callback){.due_ms = INT64_MAX};
    backoff_init(&c->wait, CALLBACK_WAIT_FIRST_MS, CALLBACK_WAIT_LONGEST_MS);
}

/* ---- What the log says ------------------------------------------------------------------------------------------- */

/* Only what is new; neither the address nor anything of an answer's text. */
static void tell(terminal *t, callback_trouble trouble, const char *detail)
{
    callback *c = &t->callback;

    if (trouble == c->trouble)
        return;
    c->trouble = trouble;
    if (trouble == CALLBACK_FINE)
        terminal_log(t, LINE_INFO, "CALLBACK_WORKS", "%s", "");
    else if (trouble == CALLBACK_FAILS)
        terminal_log(t, LINE_WARNING, "CALLBACK_FAILING", "%s", detail);
    else
        terminal_log(t, LINE_WARNING, "CALLBACK_REFUSED", "%s", detail);
}

static void give_up_records(terminal *t, uint64_t count)
{
    t->callback.given_up += count;
    terminal_log(t, LINE_WARNING, "CALLBACK_GAVE_UP", "%llu records", (unsigned long long)count);
}

/* ---- One request ------------------------------------------------------------------------------------------------- */

static void try_later(terminal *t, const char *why, int64_t asked_ms)
{
    callback *c = &t->callback;
    uint32_t dice = UINT32_MAX;

    (void)sp_failed(crypto_random(&dice, sizeof dice));
    c->due_ms = clock_monotonic_ms() + callback_wait_ms(&c->wait, dice, asked_ms);
    tell(t, CALLBACK_FAILS, why);
}

static void go_on(callback *c)
{
    backoff_reset(&c->wait);
    c->due_ms = clock_monotonic_ms();
}

static void conclude(terminal *t, const http_post_outcome *outcome)
{
    callback *c = &t->callback;
    journal *j = store_journal(t->store);
    char text[64];

    snprintf(text, sizeof text, "HTTP %d", outcome->status);
    switch (callback_judge(outcome->status)) {
    case CALLBACK_TAKEN:
        j->ops->posted(j, c->seq);
        tell(t, CALLBACK_FINE, "");
        go_on(c);
        break;
    case CALLBACK_REFUSED:
        j->ops->posted(j, c->seq);
        c->refused++;
        tell(t, CALLBACK_IS_REFUSED, text);
        go_on(c);
        break;
    case CALLBACK_AGAIN:
        try_later(t, outcome->status != 0 ? text : outcome->failure, outcome->asked_ms);
        break;
    }
}

/* Loads libcurl when it was not; false: it cannot be had. */
static bool make_post(terminal *t)
{
    callback *c = &t->callback;
    char user_agent[64];
    const http_post_options options = {t->trust, user_agent, CALLBACK_REQUEST_MS};
    sp_status status;

    if (c->post)
        return true;
    snprintf(user_agent, sizeof user_agent, "smartpass-agent/%s", t->version);
    status = http_post_new(&options, &c->post);
    if (sp_failed(status)) {
        try_later(t, status.message, 0);
        return false;
    }
    c->connection++;
    return true;
}

static bool begin_request(const terminal *t, const char *body, size_t size)
{
    const callback *c = &t->callback;
    static const char name[] = "Smartpass-Signature: ";
    char signature[sizeof name + SIGNATURE_TEXT_MAX];
    const char *const headers[] = {"Content-Type: application/json", signature, "Expect:", NULL};
    const http_post_request request = {c->url, body, size, headers};

    strcpy(signature, name);
    return pass_signature(t->credentials.key, t->credentials.certificate, body, size, signature + sizeof name - 1) &&
           http_post_begin(c->post, &request, clock_monotonic_ms());
}

static void post(terminal *t, const PassRecord *record)
{
    callback *c = &t->callback;
    journal *j = store_journal(t->store);
    const pass_origin origin = {
        .store_epoch = j->facts.epoch,
        .device_id = t->credentials.device_id,
        .device_name = terminal_name(t),
        .serial_number = t->credentials.serial,
        .temperature_kept = t->settings->temperature_kept,
        .photo_kept = t->settings->photo_kept,
    };
    char body[PASS_JSON_MAX];
    size_t size = pass_json(record, &origin, body);

    c->seq = record->seq;
    if (size == 0) {
        j->ops->posted(j, record->seq);
        give_up_records(t, 1);
    } else if (!make_post(t)) {
        return;
    } else if (begin_request(t, body, size)) {
        c->due_ms = INT64_MAX;
    } else {
        try_later(t, "It cannot be signed or sent", 0);
    }
}

/* ---- Which record ------------------------------------------------------------------------------------------------ */

typedef struct {
    PassRecord record;
    bool sound;
} next_record;

static bool take_record(void *arg, uint64_t seq, const uint8_t *bytes, size_t size)
{
    next_record *next = arg;

    next->sound = pass_record_decode(bytes, size, &next->record);
    next->record.seq = seq;
    return true;
}

static bool is_of_use(const terminal *t, const next_record *next)
{
    const PassRecord *r = &next->record;

    return next->sound &&
           !(r->clock_synced && t->clock_synced && callback_is_too_old(r->occurred_at_ms, terminal_now_ms(t)));
}

/* Moves over what is gone or of no use; false: nothing is to be posted now. */
static bool find_next(terminal *t, next_record *next)
{
    journal *j = store_journal(t->store);
    uint64_t posted_seq = j->facts.posted_seq;
    uint64_t seq = callback_given_up(posted_seq, j->facts.last_seq);
    bool found = false;

    for (int i = 0; i < LOOKED_AT_ONCE && !found && seq < j->facts.last_seq; i++) {
        if (j->ops->read(j, seq + 1, 1, take_record, next) == 0)
            break;
        found = is_of_use(t, next);
        seq = found ? next->record.seq - 1 : next->record.seq;
    }
    if (seq > posted_seq) {
        j->ops->posted(j, seq);
        give_up_records(t, seq - posted_seq);
    }
    return found;
}

/* When there should be a record and none can be read, the disk may be better later. */
static void post_next(terminal *t)
{
    callback *c = &t->callback;
    journal *j = store_journal(t->store);
    uint64_t posted_seq = j->facts.posted_seq;
    next_record next;

    if (find_next(t, &next))
        post(t, &next.record);
    else if (j->facts.posted_seq == j->facts.last_seq)
        c->due_ms = INT64_MAX;
    else
        c->due_ms = clock_monotonic_ms() + (j->facts.posted_seq > posted_seq ? 0 : CALLBACK_WAIT_LONGEST_MS);
}

/* ---- Settings, cable, time --------------------------------------------------------------------------------------- */

static bool is_on(const terminal *t)
{
    return t->callback.url[0] != '\0' && t->carrier && t->enrolled;
}

static void give_up_request(callback *c)
{
    if (c->post)
        http_post_give_up(c->post);
    c->due_ms = INT64_MAX;
}

static void try_now(terminal *t)
{
    give_up_request(&t->callback);
    if (is_on(t))
        go_on(&t->callback);
}

void callback_stop(terminal *t)
{
    callback *c = &t->callback;

    give_up_request(c);
    http_post_free(c->post);
    c->post = NULL;
    c->url[0] = '\0';
}

/* Whoever switches it on hears of what happens from now on; whoever changes the address, of what waits too. */
void callback_obey(terminal *t)
{
    callback *c = &t->callback;
    journal *j = store_journal(t->store);
    bool on = t->settings->callback && t->settings->callback_url[0] != '\0';

    if (on != (j->facts.posted_seq != JOURNAL_POSTS_NOTHING)) {
        j->ops->posted(j, on ? j->facts.last_seq : JOURNAL_POSTS_NOTHING);
        store_settle(t->store);
    }
    if (!on) {
        callback_stop(t);
        c->trouble = CALLBACK_FINE;
    } else if (strcmp(c->url, t->settings->callback_url) != 0) {
        snprintf(c->url, sizeof c->url, "%s", t->settings->callback_url);
        try_now(t);
    }
}

void callback_carrier(terminal *t)
{
    try_now(t);
}

void callback_appended(terminal *t)
{
    callback *c = &t->callback;

    if (is_on(t) && c->trouble != CALLBACK_FAILS && !(c->post && http_post_is_busy(c->post)))
        c->due_ms = clock_monotonic_ms();
}

void callback_tick(terminal *t, int64_t now_ms)
{
    callback *c = &t->callback;
    http_post_outcome outcome;

    if (!is_on(t))
        give_up_request(c);
    if (c->post && http_post_advance(c->post, now_ms, &outcome))
        conclude(t, &outcome);
    else if (now_ms >= c->due_ms)
        post_next(t);
}

int callback_fd(const callback *c)
{
    return c->post ? http_post_fd(c->post) : -1;
}

int64_t callback_due_ms(const callback *c)
{
    int64_t due_ms = c->post ? http_post_due_ms(c->post) : INT64_MAX;

    return c->due_ms < due_ms ? c->due_ms : due_ms;
}

const char *callback_state_name(const callback *c)
{
    if (c->url[0] == '\0')
        return "off";
    if (c->post && http_post_is_busy(c->post))
        return "posting";
    return c->trouble == CALLBACK_FAILS ? "waiting" : "idle";
}
