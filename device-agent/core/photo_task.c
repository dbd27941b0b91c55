#include "photo_task.h"

photo_task photo_task_idle(void)
{
    return (photo_task){.state = PHOTO_IDLE};
}

bool photo_task_is_shown(const photo_task *p)
{
    return p->state != PHOTO_IDLE;
}

static photo_action leave(photo_task *p, photo_word word)
{
    if (p->state == PHOTO_IDLE)
        return PHOTO_NOTHING;
    p->state = PHOTO_IDLE;
    p->word = word;
    p->total = p->sent = 0;
    return PHOTO_LEAVE;
}

static void look_from(photo_task *p, int64_t look_ms)
{
    p->state = PHOTO_LOOKING;
    p->look_ms = look_ms;
    p->blind_ms = look_ms + PHOTO_BLIND_MS;
    p->total = p->sent = 0;
}

/* ---- The server's orders ---- */

/* Again means the picture that was sent; while another one is looked for already, it is old news. */
static photo_action take_again(photo_task *p, int64_t left_ms, int64_t now_ms)
{
    if (p->state != PHOTO_SENDING && p->state != PHOTO_WAITING)
        return PHOTO_NOTHING;
    look_from(p, now_ms + PHOTO_READ_MS);
    p->until_ms = now_ms + left_ms;
    return PHOTO_AGAIN;
}

photo_action photo_task_take(photo_task *p, int64_t id, bool again, int64_t left_ms, int64_t now_ms)
{
    if (id == 0 || left_ms <= 0)
        return PHOTO_NOTHING;
    if (left_ms > PHOTO_LONGEST_MS)
        left_ms = PHOTO_LONGEST_MS;
    if (id == p->id)
        return again ? take_again(p, left_ms, now_ms) : PHOTO_NOTHING;
    *p = (photo_task){.id = id, .until_ms = now_ms + left_ms, .word = PHOTO_SAYS_SHOWING};
    look_from(p, now_ms);
    return PHOTO_SHOW;
}

photo_action photo_task_done(photo_task *p, int64_t id)
{
    if (id != p->id || p->state == PHOTO_IDLE)
        return PHOTO_NOTHING;
    leave(p, PHOTO_SAYS_NOTHING);
    return PHOTO_THANKS;
}

photo_action photo_task_cancel(photo_task *p, int64_t id)
{
    return id == p->id ? leave(p, PHOTO_SAYS_NOTHING) : PHOTO_NOTHING;
}

/* ---- The camera ---- */

photo_action photo_task_looked(photo_task *p, bool got_picture, int64_t now_ms)
{
    if (p->state != PHOTO_LOOKING)
        return PHOTO_NOTHING;
    p->look_ms = now_ms + PHOTO_LOOK_MS;
    if (got_picture)
        p->blind_ms = now_ms + PHOTO_BLIND_MS;
    return now_ms >= p->blind_ms ? photo_task_fail(p) : PHOTO_NOTHING;
}

void photo_task_taken(photo_task *p, uint32_t size)
{
    if (p->state != PHOTO_LOOKING || size == 0 || size > PHOTO_PICTURE_MAX)
        return;
    p->state = PHOTO_SENDING;
    p->total = size;
    p->sent = 0;
}

/* ---- The link ---- */

uint32_t photo_task_part(const photo_task *p)
{
    uint32_t left = p->total - p->sent;

    if (p->state != PHOTO_SENDING)
        return 0;
    return left < PHOTO_PART_MAX ? left : PHOTO_PART_MAX;
}

void photo_task_sent(photo_task *p, uint32_t size)
{
    if (p->state != PHOTO_SENDING || size > p->total - p->sent)
        return;
    p->sent += size;
    if (p->sent == p->total)
        p->state = PHOTO_WAITING;
}

photo_word photo_task_say(photo_task *p)
{
    photo_word word = p->word;

    p->word = PHOTO_SAYS_NOTHING;
    return word;
}

/* ---- The end ---- */

photo_action photo_task_fail(photo_task *p)
{
    return leave(p, PHOTO_SAYS_FAILED);
}

photo_action photo_task_leave(photo_task *p)
{
    return leave(p, PHOTO_SAYS_CANCELLED);
}

photo_action photo_task_lost(photo_task *p)
{
    photo_action action = leave(p, PHOTO_SAYS_NOTHING);

    *p = photo_task_idle(); /* the server ends it too, and may order the same anew */
    return action;
}

photo_action photo_task_tick(photo_task *p, int64_t now_ms)
{
    return now_ms >= p->until_ms ? leave(p, PHOTO_SAYS_NOTHING) : PHOTO_NOTHING;
}

int64_t photo_task_due_ms(const photo_task *p)
{
    if (p->state == PHOTO_IDLE)
        return INT64_MAX;
    return p->state == PHOTO_LOOKING && p->look_ms < p->until_ms ? p->look_ms : p->until_ms;
}
