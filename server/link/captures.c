/* Photos that somebody at the console wants of whoever stands before a terminal. The row says what is wanted
 * (server/capture); here the terminal is told, and its photo gathered part by part, looked at on people's own threads
 * and kept for whoever asked. A photo that nobody wants is never taken up. */
#include <stdlib.h>
#include <string.h>

#include "capture_progress.h"
#include "clock.h"
#include "hash.h"
#include "link_parts.h"
#include "log.h"

enum { PHOTO_LARGEST = 512000, PICTURES_MAX = 64 };

#define STATE(name) SMARTPASS__V1__CAPTURE_STATE__CAPTURE_STATE_##name
#define STEP(name) SMARTPASS__LINK__V1__CAPTURE_STEP__CAPTURE_STEP_##name

typedef Smartpass__Link__V1__CaptureStep capture_step;

/* Belongs to its terminal, then to the check. */
typedef struct capture_picture {
    terminal *from; /* held by the check */
    capture_order order;
    uint8_t sha256[SHA256_SIZE];
    size_t total;
    size_t arrived;
    uint8_t bytes[];
} capture_picture;

void capture_desk_init(capture_desk *desk)
{
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->idle, NULL);
}

void capture_desk_done(capture_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    while (desk->checks > 0)
        pthread_cond_wait(&desk->idle, &desk->lock);
    pthread_mutex_unlock(&desk->lock);
    pthread_cond_destroy(&desk->idle);
    pthread_mutex_destroy(&desk->lock);
}

static void count_check(capture_desk *desk, int change)
{
    pthread_mutex_lock(&desk->lock);
    desk->checks += change;
    if (desk->checks == 0)
        pthread_cond_signal(&desk->idle);
    pthread_mutex_unlock(&desk->lock);
}

static void drop(capture_desk *desk, capture_picture *p)
{
    if (!p)
        return;
    atomic_fetch_sub(&desk->pictures, 1);
    free(p);
}

void capture_forget(terminal *t)
{
    drop(&t->link->captures, t->capture);
    t->capture = NULL;
}

/* ---- What the terminal is told. Any thread ----------------------------------------------------------------------- */

static void send_order(terminal *t, const capture_order *order, capture_step step, const char *again_reason)
{
    CaptureOrder body = CAPTURE_ORDER_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;
    int64_t left_ms = order->expires_ms - clock_now_ms();

    body.id = order->id;
    body.step = step;
    body.again_reason = (char *)again_reason;
    body.time_left_ms = left_ms > 0 ? (uint32_t)(left_ms < CAPTURE_MS ? left_ms : CAPTURE_MS) : 0;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_CAPTURE;
    message.capture = &body;
    terminal_send(t, &message);
}

/* Nothing more is taken of this one. */
static void forget_order(terminal *t, int64_t id)
{
    int_fast64_t expected = id;

    atomic_compare_exchange_strong(&t->capture_id, &expected, 0);
}

/* False when it had ended before, or could not be written down: then nothing more is taken of it. */
static bool advance(terminal *t, int64_t id, const capture_progress *to, capture_order *ret_order)
{
    sp_status st = capture_advance(t->link->options.system, t->enterprise_id, id, to, clock_now_ms(), ret_order);

    if (!sp_failed(st) && ret_order->id != 0)
        return true;
    if (sp_failed(st))
        log_write(LOG_WARNING, "a photo from a terminal is given up", "reason", st.reason, NULL);
    forget_order(t, id);
    send_order(t, &(capture_order){.id = id}, STEP(CANCEL), "");
    return false;
}

static void end(terminal *t, int64_t id, capture_state state, const char *reason)
{
    const capture_progress to = {.state = state, .reason = reason};
    capture_order order;

    forget_order(t, id);
    sp_status st = capture_advance(t->link->options.system, t->enterprise_id, id, &to, clock_now_ms(), &order);
    if (sp_failed(st)) /* then its time ends it */
        log_write(LOG_WARNING, "the end of a photo cannot be written down", "reason", st.reason, NULL);
}

static void ask_again(terminal *t, int64_t id, const char *reason)
{
    const capture_progress to = {.state = STATE(SHOWING), .reason = reason};
    capture_order order;

    if (advance(t, id, &to, &order))
        send_order(t, &order, STEP(TAKE), reason);
}

void capture_next(terminal *t)
{
    int64_t told = atomic_load(&t->capture_id);
    capture_order open;

    if (t->capture_wanted == told)
        return;
    if (sp_failed(capture_find_open(t->link->options.system, t->enterprise_id, t->device_id, clock_now_ms(), &open)) ||
        open.id == told)
        return;
    capture_forget(t);
    if (told != 0) {
        forget_order(t, told);
        send_order(t, &(capture_order){.id = told}, STEP(CANCEL), "");
    }
    if (open.id == 0)
        return;
    if (open.state != STATE(SENT)) { /* begun on a stream that is over, by a server that could not say so any more */
        end(t, open.id, STATE(FAILED), "DEVICE_LEFT");
        return;
    }
    atomic_store(&t->capture_id, open.id);
    send_order(t, &open, STEP(TAKE), "");
}

void capture_left(terminal *t)
{
    int64_t id = atomic_exchange(&t->capture_id, 0);

    capture_forget(t);
    if (id != 0 && !atomic_load(&t->capture_checking)) /* a whole photo can do without its terminal */
        end(t, id, STATE(FAILED), "DEVICE_LEFT");
}

/* ---- What the terminal says of it -------------------------------------------------------------------------------- */

void capture_reported(terminal *t, arena *a, const ConnectRequest *request)
{
    const CaptureReport *report = request->capture;

    (void)a;
    if (report->id == 0 || report->id != atomic_load(&t->capture_id))
        return;
    switch (report->event) {
    case SMARTPASS__LINK__V1__CAPTURE_EVENT__CAPTURE_EVENT_SHOWING:
        if (sp_failed(capture_shown(t->link->options.system, t->enterprise_id, report->id)))
            log_write(LOG_WARNING, "that a photo screen is shown cannot be written down", NULL);
        break;
    case SMARTPASS__LINK__V1__CAPTURE_EVENT__CAPTURE_EVENT_FAILED:
        capture_forget(t);
        end(t, report->id, STATE(FAILED), is_word(report->reason) ? report->reason : "CAMERA_FAILED");
        break;
    case SMARTPASS__LINK__V1__CAPTURE_EVENT__CAPTURE_EVENT_CANCELLED:
        capture_forget(t);
        end(t, report->id, STATE(CANCELLED), "AT_DEVICE");
        break;
    default: /* of a newer terminal: not understood, and no harm */
        break;
    }
}

/* ---- The look at it, on a thread of people's --------------------------------------------------------------------- */

static void take_up(terminal *t, const capture_picture *p, int64_t photo_id)
{
    const capture_progress to = {.state = STATE(DONE), .reason = "", .photo_id = photo_id};
    capture_order order;

    if (advance(t, p->order.id, &to, &order)) {
        forget_order(t, order.id);
        send_order(t, &order, STEP(DONE), "");
    }
}

/* The terminal may have left meanwhile: whoever comes second here and in capture_left says so. */
static void refuse(terminal *t, const capture_picture *p, const char *reason)
{
    atomic_store(&t->capture_checking, false);
    if (atomic_load(&t->closed))
        end(t, p->order.id, STATE(FAILED), "DEVICE_LEFT");
    else
        ask_again(t, p->order.id, reason);
}

/* Nothing more is taken of this one, or the next one may come: only then capture_checking falls. */
static void look_at(terminal *t, const capture_picture *p)
{
    const capture_progress checking = {.state = STATE(CHECKING), .reason = ""};
    photo_refusal bad;
    int64_t photo_id = 0;
    capture_order order;

    if (!advance(t, p->order.id, &checking, &order)) { /* others were before it, and it is not wanted any more */
        atomic_store(&t->capture_checking, false);
        return;
    }
    sp_status st = people_keep_photo(t->link->options.people, t->enterprise_id, order.user_id, p->bytes, p->total,
                                     clock_now_ms(), &bad, &photo_id);
    if (sp_failed(st)) {
        log_write(LOG_WARNING, "a photo from a terminal cannot be looked at", "reason", st.reason, NULL);
        refuse(t, p, "BUSY");
    } else if (bad.reason) {
        refuse(t, p, bad.reason);
    } else {
        take_up(t, p, photo_id);
        atomic_store(&t->capture_checking, false);
    }
}

static void check(void *arg)
{
    capture_picture *p = arg;
    terminal *t = p->from;
    capture_desk *desk = &t->link->captures;

    look_at(t, p);
    drop(desk, p);
    terminal_release(t);
    count_check(desk, -1);
}

static void start_check(terminal *t)
{
    capture_desk *desk = &t->link->captures;
    capture_picture *p = t->capture;

    t->capture = NULL;
    p->from = terminal_hold(t);
    atomic_store(&t->capture_checking, true);
    count_check(desk, 1);
    if (people_post_check(t->link->options.people, check, p))
        return;
    refuse(t, p, "BUSY");
    drop(desk, p);
    terminal_release(t);
    count_check(desk, -1);
}

/* ---- Its parts --------------------------------------------------------------------------------------------------- */

static bool is_sound(const CaptureChunk *part)
{
    return part->sha256.len == SHA256_SIZE && part->total > 0 && part->total <= PHOTO_LARGEST && part->data.len > 0 &&
           part->offset <= part->total && part->data.len <= part->total - part->offset;
}

/* Makes room for a photo whose first part this is. */
static bool begin(terminal *t, const CaptureChunk *part)
{
    const capture_progress checking = {.state = STATE(CHECKING), .reason = ""};
    capture_desk *desk = &t->link->captures;
    capture_order order;

    capture_forget(t);
    if (!advance(t, part->id, &checking, &order))
        return false;
    if (atomic_fetch_add(&desk->pictures, 1) < PICTURES_MAX)
        t->capture = malloc(sizeof *t->capture + part->total);
    if (!t->capture) {
        atomic_fetch_sub(&desk->pictures, 1);
        ask_again(t, part->id, "BUSY");
        return false;
    }
    *t->capture = (capture_picture){.order = order, .total = part->total};
    memcpy(t->capture->sha256, part->sha256.data, SHA256_SIZE);
    return true;
}

static bool continues(const capture_picture *p, const CaptureChunk *part)
{
    return p->order.id == part->id && p->total == part->total && p->arrived == part->offset &&
           memcmp(p->sha256, part->sha256.data, SHA256_SIZE) == 0;
}

static bool is_whole(const capture_picture *p)
{
    uint8_t sha[SHA256_SIZE];

    return !sp_failed(sha256_of(p->bytes, p->total, sha)) && memcmp(sha, p->sha256, sizeof sha) == 0;
}

static void give_up_picture(terminal *t, const CaptureChunk *part)
{
    capture_forget(t);
    ask_again(t, part->id, part->total > PHOTO_LARGEST ? "TOO_LARGE" : "DAMAGED");
}

void capture_part(terminal *t, arena *a, const ConnectRequest *request)
{
    const CaptureChunk *part = request->capture_chunk;

    (void)a;
    if (part->id == 0 || part->id != atomic_load(&t->capture_id) || atomic_load(&t->capture_checking))
        return;
    if (!t->capture && part->offset != 0)
        return; /* the rest of one that was given up */
    if (!is_sound(part)) {
        give_up_picture(t, part);
        return;
    }
    if (part->offset == 0 && !begin(t, part))
        return;

    capture_picture *p = t->capture;
    if (!continues(p, part)) {
        give_up_picture(t, part);
        return;
    }
    memcpy(p->bytes + p->arrived, part->data.data, part->data.len);
    p->arrived += part->data.len;
    if (p->arrived < p->total)
        return;
    if (is_whole(p))
        start_check(t);
    else
        give_up_picture(t, part);
}
