/* The photo that the console waits for: performs what the core decides about it, with camera, screen and link. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "hash.h"
#include "log.h"
#include "picture_file.h"
#include "terminal_parts.h"

enum { PHOTO_SIDE = 1024, SHOW_THANKS_MS = 3000 };

bool photo_screen_is_shown(const terminal *t)
{
    return photo_task_is_shown(&t->photo);
}

static void drop_picture(terminal *t)
{
    free(t->photo_bytes);
    t->photo_bytes = NULL;
}

static void perform(terminal *t, photo_action action, const char *again_reason)
{
    if (action == PHOTO_NOTHING)
        return;
    drop_picture(t);
    t->home_ms = INT64_MAX;
    t->face_ms = clock_monotonic_ms();
    switch (action) {
    case PHOTO_SHOW:
        t->seen = (camera_frame){0}; /* whoever was there before is nobody's business now */
        screen_show_photo(&t->screen, again_reason);
        break;
    case PHOTO_AGAIN:
        screen_show_photo(&t->screen, again_reason);
        break;
    case PHOTO_THANKS:
        screen_show_note(&t->screen, SCREEN_GREEN, "The photo was taken, thank you");
        t->home_ms = clock_monotonic_ms() + SHOW_THANKS_MS;
        break;
    case PHOTO_LEAVE:
        screen_go_home(&t->screen);
        break;
    case PHOTO_NOTHING:
        break;
    }
    terminal_refresh(t);
    if (t->link)
        terminal_link_report(t->link);
}

void photo_screen_order(terminal *t, const CaptureOrder *order)
{
    int64_t now_ms = clock_monotonic_ms();

    switch (order->step) {
    case smartpass_link_v1_CaptureStep_CAPTURE_STEP_TAKE:
        perform(t, photo_task_take(&t->photo, order->id, order->again_reason[0] != '\0', order->time_left_ms, now_ms),
                order->again_reason);
        break;
    case smartpass_link_v1_CaptureStep_CAPTURE_STEP_DONE:
        perform(t, photo_task_done(&t->photo, order->id), "");
        break;
    case smartpass_link_v1_CaptureStep_CAPTURE_STEP_CANCEL:
        perform(t, photo_task_cancel(&t->photo, order->id), "");
        break;
    default: /* of a newer server: not understood, and no harm */
        break;
    }
}

void photo_screen_lost(terminal *t)
{
    perform(t, photo_task_lost(&t->photo), "");
}

void terminal_leave_photo(terminal *t)
{
    perform(t, photo_task_leave(&t->photo), "");
}

/* ---- The camera -------------------------------------------------------------------------------------------------- */

/* Why the picture is no good, in the server's words; NULL: nothing speaks against it. Without an answer of the engine
 * the server's look decides. */
static const char *fault_of(const terminal *t, const face_picture *frame)
{
    const hal *h = t->hal;
    float seen[FACE_TEMPLATE_LENGTH];
    int faces = h->face_reader.read(h->face_reader.self, frame, seen);

    if (faces == 0)
        return "NO_FACE";
    if (faces > 1)
        return "SEVERAL_FACES";
    return h->liveness_detector.is_alive(h->liveness_detector.self, frame) == DETECTED_NO ? "TURNED_AWAY" : NULL;
}

static bool keep_bytes(terminal *t, const uint8_t *bytes, size_t size)
{
    t->photo_bytes = malloc(size);
    if (t->photo_bytes)
        memcpy(t->photo_bytes, bytes, size);
    return t->photo_bytes != NULL;
}

/* As the camera gave it, else made small enough. */
static size_t keep_picture(terminal *t, const camera_frame *captured, const face_picture *frame)
{
    size_t size = captured->size;
    bitmap small;

    drop_picture(t);
    if (size <= PHOTO_PICTURE_MAX)
        return keep_bytes(t, captured->jpeg, size) ? size : 0;
    if (!bitmap_shrink(frame, PHOTO_SIDE, &small))
        return 0;
    for (int quality = 90; quality >= 30; quality -= 20) {
        const face_picture view = bitmap_view(&small);

        if (!picture_file_encode(&view, quality, &t->photo_bytes, &size)) {
            t->photo_bytes = NULL;
            break;
        }
        if (size <= PHOTO_PICTURE_MAX)
            break;
        drop_picture(t);
    }
    bitmap_done(&small);
    return t->photo_bytes ? size : 0;
}

static void judge(terminal *t, const camera_frame *captured, const face_picture *frame)
{
    const char *fault = fault_of(t, frame);
    size_t size;

    if (fault) {
        screen_show_photo(&t->screen, fault);
        terminal_show(t);
        return;
    }
    size = keep_picture(t, captured, frame);
    if (size == 0 || sp_failed(sha256_of(t->photo_bytes, size, t->photo_sha256))) {
        log_write(LOG_WARNING, "a photo cannot be kept until it is sent", NULL);
        return; /* the next look tries again */
    }
    photo_task_taken(&t->photo, (uint32_t)size);
    screen_show_note(&t->screen, SCREEN_PHOTO, "One moment, please");
    terminal_show(t);
    if (t->link)
        terminal_link_report(t->link);
}

void photo_screen_look(terminal *t)
{
    camera_frame captured;
    bitmap frame;
    bool got;

    if (t->photo.state != PHOTO_LOOKING)
        return;
    got = terminal_capture(t, &captured) &&
          picture_file_decode(captured.jpeg, captured.size, terminal_frame_side(t), &frame) == PICTURE_FILE_OK;
    if (got) {
        const face_picture view = bitmap_view(&frame);

        terminal_log_camera(t, false);
        judge(t, &captured, &view);
        bitmap_done(&frame);
    }
    perform(t, photo_task_looked(&t->photo, got, clock_monotonic_ms()), "");
}

void photo_screen_tick(terminal *t, int64_t now_ms)
{
    photo_action action = photo_task_tick(&t->photo, now_ms);

    if (action != PHOTO_NOTHING)
        perform(t, action, "");
    else if (now_ms >= t->photo.look_ms)
        photo_screen_look(t);
}

/* ---- What goes up ------------------------------------------------------------------------------------------------ */

bool photo_screen_report(terminal *t, ConnectRequest *message)
{
    static const smartpass_link_v1_CaptureEvent events[] = {
        [PHOTO_SAYS_SHOWING] = smartpass_link_v1_CaptureEvent_CAPTURE_EVENT_SHOWING,
        [PHOTO_SAYS_FAILED] = smartpass_link_v1_CaptureEvent_CAPTURE_EVENT_FAILED,
        [PHOTO_SAYS_CANCELLED] = smartpass_link_v1_CaptureEvent_CAPTURE_EVENT_CANCELLED,
    };
    photo_word word = photo_task_say(&t->photo);
    CaptureReport *report = &message->message.capture;

    if (word == PHOTO_SAYS_NOTHING)
        return false;
    message->which_message = smartpass_link_v1_ConnectRequest_capture_tag;
    *report = (CaptureReport){.id = t->photo.id, .event = events[word]};
    if (word == PHOTO_SAYS_FAILED) {
        terminal_log_camera(t, true);
        snprintf(report->reason, sizeof report->reason, "CAMERA_FAILED");
    }
    return true;
}

bool photo_screen_part(terminal *t, ConnectRequest *message)
{
    uint32_t size = photo_task_part(&t->photo);
    CaptureChunk *chunk = &message->message.capture_chunk;

    if (size == 0 || !t->photo_bytes)
        return false;
    message->which_message = smartpass_link_v1_ConnectRequest_capture_chunk_tag;
    chunk->id = t->photo.id;
    BYTES_FIELD_SET(chunk->sha256, t->photo_sha256, sizeof t->photo_sha256);
    chunk->offset = t->photo.sent;
    chunk->total = t->photo.total;
    BYTES_FIELD_SET(chunk->data, t->photo_bytes + t->photo.sent, size);
    photo_task_sent(&t->photo, size);
    return true;
}
