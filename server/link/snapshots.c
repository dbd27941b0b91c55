/* Pictures of passes: gathered part by part, checked as a whole, stored for good, then acknowledged. What has arrived
 * of one stays in memory, beyond the stream's end for the next stream of the same terminal. */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "link_store.h"

enum { SNAPSHOT_LARGEST = 512 << 10 };

void snapshot_forget(terminal *t)
{
    free(t->parts);
    t->parts = NULL;
}

void snapshot_shelve(terminal *t)
{
    if (t->parts)
        snapshot_shelf_put(t->link->shelf, t->parts);
    t->parts = NULL;
}

static void answer(terminal *t, const SnapshotChunk *part, size_t next_offset, bool refused)
{
    SnapshotAck body = SNAPSHOT_ACK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.sha256 = part->sha256;
    body.next_offset = (uint32_t)next_offset;
    body.refused = refused;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SNAPSHOT_ACK;
    message.snapshot_ack = &body;
    terminal_send(t, &message);
}

static bool is_sound(const SnapshotChunk *part)
{
    return part->sha256.len == SHA256_SIZE && part->total > 0 && part->total <= SNAPSHOT_LARGEST &&
           part->data.len > 0 && part->offset <= part->total && part->data.len <= part->total - part->offset;
}

/* Makes room for a picture whose first part this is; false when it is not to be taken, and the answer has been sent. */
static bool begin(terminal *t, arena *a, const SnapshotChunk *part)
{
    snapshot_fate fate;

    snapshot_forget(t);
    sp_status st = link_store_snapshot_fate(t, a, part, &fate);
    if (sp_failed(st)) {
        terminal_end(t, st);
        return false;
    }
    if (fate != SNAPSHOT_WANTED) {
        answer(t, part, part->total, fate == SNAPSHOT_REFUSED);
        return false;
    }
    t->parts = malloc(sizeof *t->parts + part->total);
    if (!t->parts) {
        terminal_end(t, LINK_NO_MEMORY);
        return false;
    }
    *t->parts =
        (snapshot_parts){.device_id = t->device_id, .epoch = part->store_epoch, .seq = part->seq, .total = part->total};
    memcpy(t->parts->sha256, part->sha256.data, SHA256_SIZE);
    return true;
}

static bool is_jpeg(const snapshot_parts *p)
{
    return p->total > 4 && p->bytes[0] == 0xFF && p->bytes[1] == 0xD8 && p->bytes[2] == 0xFF;
}

static bool is_under_way(const snapshot_parts *p, const SnapshotChunk *part)
{
    return p && p->epoch == part->store_epoch && p->seq == part->seq && p->total == part->total &&
           memcmp(p->sha256, part->sha256.data, SHA256_SIZE) == 0;
}

/* All parts are here: a picture that is not what its hash says begins anew, one that is no JPEG is not wanted. */
static void finish(terminal *t, arena *a, const SnapshotChunk *part)
{
    snapshot_parts *p = t->parts;
    const link_hooks *hooks = &t->link->options.hooks;
    uint8_t sha[SHA256_SIZE];
    snapshot_fate fate;
    int64_t pass_id = 0;

    if (sp_failed(sha256_of(p->bytes, p->total, sha)) || memcmp(sha, p->sha256, sizeof sha) != 0) {
        answer(t, part, 0, false);
    } else if (!is_jpeg(p)) {
        answer(t, part, p->total, true);
    } else {
        sp_status st = link_store_snapshot(t, a, part, p->bytes, p->total, &fate, &pass_id);
        if (sp_failed(st)) {
            terminal_end(t, st);
        } else {
            answer(t, part, p->total, fate == SNAPSHOT_REFUSED);
            if (hooks->snapshot_stored && fate != SNAPSHOT_REFUSED)
                hooks->snapshot_stored(hooks->arg, t->enterprise_id, pass_id);
        }
    }
    snapshot_forget(t);
}

void snapshot_part(terminal *t, arena *a, const ConnectRequest *request)
{
    const SnapshotChunk *part = request->snapshot;

    if (!is_sound(part)) {
        answer(t, part, part->total, true);
        return;
    }
    if (!t->parts)
        t->parts = snapshot_shelf_take(t->link->shelf, t->device_id);
    bool same = is_under_way(t->parts, part);
    if (!same && part->offset == 0)
        same = begin(t, a, part);
    else if (!same)
        answer(t, part, 0, false);
    if (!same)
        return;

    snapshot_parts *p = t->parts;
    if (part->offset == p->arrived) {
        memcpy(p->bytes + p->arrived, part->data.data, part->data.len);
        p->arrived += part->data.len;
    }
    if (p->arrived == p->total)
        finish(t, a, part);
    else
        answer(t, part, p->arrived, false);
}
