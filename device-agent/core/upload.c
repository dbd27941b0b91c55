#include "upload.h"

void upload_init(upload *u, uint32_t window, uint32_t batch)
{
    *u = (upload){.window = window, .batch = batch < UPLOAD_BATCH_MAX ? batch : UPLOAD_BATCH_MAX};
}

bool upload_begin(upload *u, uint64_t acked_seq, uint64_t last_seq)
{
    if (acked_seq > last_seq)
        return false;
    u->last_seq = last_seq;
    u->acked_seq = acked_seq;
    u->sent_seq = acked_seq;
    u->picture.sent = u->picture.acked;
    u->asking = true;
    return true;
}

upload_step upload_next(const upload *u, uint32_t *ret_count)
{
    uint64_t unsent = u->last_seq - u->sent_seq;
    uint64_t flying = u->sent_seq - u->acked_seq;

    if (unsent > 0) {
        uint64_t room = flying < u->window ? u->window - flying : 0;
        uint64_t count = unsent < room ? unsent : room;

        /* A full window holds pictures back too: the records behind it come first. */
        if (count == 0)
            return UPLOAD_NOTHING;
        *ret_count = (uint32_t)(count < u->batch ? count : u->batch);
        return UPLOAD_RECORDS;
    }
    if (u->picture.seq == 0)
        return UPLOAD_PICTURE_CHOICE;
    if (u->asking && u->picture.sent > u->picture.acked)
        return UPLOAD_NOTHING;
    return u->picture.sent < u->picture.total ? UPLOAD_PICTURE_CHUNK : UPLOAD_NOTHING;
}

void upload_appended(upload *u, uint64_t seq)
{
    u->last_seq = seq;
}

void upload_sent(upload *u, uint64_t seq)
{
    u->sent_seq = seq;
}

bool upload_acked(upload *u, uint64_t seq)
{
    if (seq > u->sent_seq)
        return false;
    if (seq > u->acked_seq)
        u->acked_seq = seq;
    return true;
}

void upload_choose(upload *u, uint64_t seq, uint32_t total)
{
    u->picture = (upload_picture){.seq = seq, .total = total};
}

void upload_chunk_sent(upload *u, uint32_t size)
{
    u->picture.sent += size;
}

bool upload_picture_acked(upload *u, uint32_t next_offset)
{
    upload_picture *p = &u->picture;

    u->asking = false;
    if (next_offset >= p->total)
        return true;
    if (next_offset > p->sent || next_offset < p->acked)
        p->sent = next_offset;
    p->acked = next_offset;
    return false;
}

void upload_picture_done(upload *u)
{
    u->picture = (upload_picture){0};
}
