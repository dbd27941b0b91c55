/* What comes down. The messages are untrusted: whatever makes no sense ends the connection. */
#include <stdio.h>
#include <string.h>

#include "terminal_link_parts.h"

enum { BEAT_SHORTEST_S = 1, BEAT_LONGEST_S = 300, BEAT_USUAL_S = 20, PICTURE_RESTARTS_MAX = 3 };

static bool take_welcome(terminal_link *l, const Welcome *welcome)
{
    uint32_t seconds = welcome->heartbeat_seconds;

    if (l->welcomed)
        return false;
    if (!upload_begin(&l->upload, welcome->acked_seq, l->journal->facts.last_seq)) {
        l->epoch_taken = true;
        return true;
    }
    l->welcomed = true;
    l->journal->ops->acked(l->journal, welcome->acked_seq);
    if (seconds < BEAT_SHORTEST_S || seconds > BEAT_LONGEST_S)
        seconds = BEAT_USUAL_S;
    l->beat_every_ms = (int64_t)seconds * 800; /* a little before the server begins to wonder */
    l->beat_ms = l->now_ms + l->beat_every_ms;
    l->owner.server_time(l->owner.self, welcome->server_time_ms);
    l->owner.welcomed(l->owner.self, welcome);
    grpc_call_wake(l->call);
    return true;
}

static bool take_record_ack(terminal_link *l, const smartpass_link_v1_RecordAck *ack)
{
    if (ack->store_epoch != l->journal->facts.epoch || !upload_acked(&l->upload, ack->seq))
        return false;
    l->journal->ops->acked(l->journal, ack->seq);
    l->owner.server_time(l->owner.self, ack->server_time_ms);
    l->owner.records_acked(l->owner.self);
    grpc_call_wake(l->call);
    return true;
}

static void finish_picture(terminal_link *l, picture_fate fate)
{
    l->journal->ops->picture_done(l->journal, l->upload.picture.seq, fate);
    upload_picture_done(&l->upload);
    l->picture_ms = NEVER;
}

static void take_snapshot_ack(terminal_link *l, const SnapshotAck *ack)
{
    const upload_picture *p = &l->upload.picture;
    journal_picture picture;
    uint32_t acked = p->acked;

    if (p->seq == 0 || !l->journal->ops->oldest_picture(l->journal, &picture) || picture.seq != p->seq ||
        ack->sha256.size != sizeof picture.sha256 ||
        memcmp(ack->sha256.bytes, picture.sha256, sizeof picture.sha256) != 0)
        return; /* about a picture that is done with */
    if (ack->refused) {
        finish_picture(l, PICTURE_REFUSED);
    } else if (upload_picture_acked(&l->upload, ack->next_offset)) {
        finish_picture(l, PICTURE_STORED);
    } else if (p->acked < acked && ++l->picture_restarts > PICTURE_RESTARTS_MAX) {
        /* The server keeps losing it, or what we hold is not what its hash says. */
        finish_picture(l, PICTURE_REFUSED);
    }
    grpc_call_wake(l->call);
}

static void take_log_ack(terminal_link *l, const LogAck *ack)
{
    if (l->log_ms == NEVER || ack->store_epoch != l->journal->facts.epoch)
        return; /* about lines that were given up */
    l->log_ms = NEVER;
    l->owner.log_acked(l->owner.self, ack->number);
    grpc_call_wake(l->call);
}

static bool take_message(terminal_link *l, const ConnectResponse *down)
{
    if (!l->welcomed && down->which_message != smartpass_link_v1_ConnectResponse_welcome_tag &&
        down->which_message != smartpass_link_v1_ConnectResponse_wipe_tag)
        return false;
    switch (down->which_message) {
    case smartpass_link_v1_ConnectResponse_welcome_tag:
        return take_welcome(l, &down->message.welcome);
    case smartpass_link_v1_ConnectResponse_record_ack_tag:
        return take_record_ack(l, &down->message.record_ack);
    case smartpass_link_v1_ConnectResponse_snapshot_ack_tag:
        take_snapshot_ack(l, &down->message.snapshot_ack);
        return true;
    case smartpass_link_v1_ConnectResponse_people_tag:
        l->owner.people(l->owner.self, &down->message.people);
        return true;
    case smartpass_link_v1_ConnectResponse_photo_tag:
        l->owner.photo(l->owner.self, &down->message.photo);
        return true;
    case smartpass_link_v1_ConnectResponse_setting_changes_tag:
        l->owner.settings(l->owner.self, &down->message.setting_changes);
        return true;
    case smartpass_link_v1_ConnectResponse_capture_tag:
        l->owner.photo_order(l->owner.self, &down->message.capture);
        return true;
    case smartpass_link_v1_ConnectResponse_screen_tag:
        if (l->owner.screen_order)
            l->owner.screen_order(l->owner.self, &down->message.screen);
        return true;
    case smartpass_link_v1_ConnectResponse_package_offer_tag:
        if (l->owner.package_offer)
            l->owner.package_offer(l->owner.self, &down->message.package_offer);
        return true;
    case smartpass_link_v1_ConnectResponse_package_chunk_tag:
        if (l->owner.package_chunk)
            l->owner.package_chunk(l->owner.self, &down->message.package_chunk);
        return true;
    case smartpass_link_v1_ConnectResponse_display_plan_tag:
        if (l->owner.display_plan)
            l->owner.display_plan(l->owner.self, &down->message.display_plan);
        return true;
    case smartpass_link_v1_ConnectResponse_display_chunk_tag:
        if (l->owner.display_chunk)
            l->owner.display_chunk(l->owner.self, &down->message.display_chunk);
        return true;
    case smartpass_link_v1_ConnectResponse_command_tag:
        if (l->owner.command)
            l->owner.command(l->owner.self, &down->message.command);
        return true;
    case smartpass_link_v1_ConnectResponse_command_ack_tag:
        if (l->owner.command_acked)
            l->owner.command_acked(l->owner.self, down->message.command_ack.id);
        return true;
    case smartpass_link_v1_ConnectResponse_log_ack_tag:
        take_log_ack(l, &down->message.log_ack);
        return true;
    case smartpass_link_v1_ConnectResponse_heartbeat_ack_tag:
        l->owner.server_time(l->owner.self, down->message.heartbeat_ack.server_time_ms);
        return true;
    case smartpass_link_v1_ConnectResponse_wipe_tag:
        l->wiped = true;
        l->wipe_order = down->message.wipe.order;
        snprintf(l->wipe_reason, sizeof l->wipe_reason, "%s", down->message.wipe.reason);
        return true;
    default: /* of a newer server: not understood, and no harm */
        return true;
    }
}

bool link_inbox_take(void *self, const uint8_t *bytes, size_t size)
{
    terminal_link *l = self;

    if (l->wiped || l->epoch_taken)
        return true;
    return connect_response_decode(bytes, size, &l->scratch->down) && take_message(l, &l->scratch->down);
}
