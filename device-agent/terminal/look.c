/* One look through the camera, in the order that must not change: recognise, decide, record durably, then relay and
 * screen, then send. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "picture_file.h"
#include "recognition.h"
#include "terminal_parts.h"

enum { FRAME_SIDE = 1280, SNAPSHOT_SIDE = 640, SNAPSHOT_QUALITY = 85, SHOW_PASS_MS = 3000 };

/* The picture that goes with a record. */
typedef struct {
    uint8_t *jpeg; /* NULL: there is none */
    journal_picture facts;
} snapshot;

static snapshot take_snapshot(const face_picture *frame)
{
    snapshot s = {0};
    bitmap small;
    face_picture view;
    size_t size;

    if (!bitmap_shrink(frame, SNAPSHOT_SIDE, &small))
        return s;
    view = bitmap_view(&small);
    if (picture_file_encode(&view, SNAPSHOT_QUALITY, &s.jpeg, &size)) {
        s.facts.size = (uint32_t)size;
        if (sp_failed(sha256_of(s.jpeg, size, s.facts.sha256))) {
            free(s.jpeg);
            s.jpeg = NULL;
        }
    }
    bitmap_done(&small);
    return s;
}

/* ---- The record ---- */

static void fill_record(const terminal *t, const recognition *r, const sight_report *report, int64_t occurred_ms,
                        PassRecord *ret)
{
    const pass_verdict *v = &report->verdict;
    PassRecord record = {
        .occurred_at_ms = occurred_ms,
        .monotonic_ms = clock_monotonic_ms() - t->boot_ms,
        .clock_synced = t->clock_synced,
        .kind = (smartpass_v1_PersonKind)report->kind,
        .result = (smartpass_v1_PassResult)v->result,
        .deny_reason = (smartpass_v1_DenyReason)v->reason,
        .person_id = report->person_id,
        .temperature_centi = v->temperature_centi,
        .threshold_centi = v->threshold_centi,
        .no_mask = v->no_mask,
        .authorised = v->authorised,
        .distance_milli = (uint32_t)lroundf(report->distance * 1000),
    };

    memcpy(record.person_name, report->name, sizeof record.person_name);
    memcpy(record.person_number, report->number, sizeof record.person_number);
    memcpy(record.card_number, r->card, sizeof record.card_number);
    BYTES_FIELD_SET(record.boot_id, t->boot_id, sizeof t->boot_id);
    *ret = record;
}

static journal_result append(journal *j, PassRecord *record, const snapshot *shot)
{
    uint8_t bytes[LINK_RECORD_MAX];
    size_t size;

    record->seq = j->facts.last_seq + 1;
    record->snapshot_sha256.size = 0;
    record->snapshot_size = 0;
    if (shot) {
        BYTES_FIELD_SET(record->snapshot_sha256, shot->facts.sha256, sizeof shot->facts.sha256);
        record->snapshot_size = shot->facts.size;
    }
    size = pass_record_encode(record, bytes, sizeof bytes);
    return size == 0 ? JOURNAL_BROKEN
                     : j->ops->append(j, bytes, size, shot ? &shot->facts : NULL, shot ? shot->jpeg : NULL);
}

/* A record without its picture is better than none. */
static bool journal_pass(terminal *t, PassRecord *record, const snapshot *shot, sight_report *report)
{
    journal *j = store_journal(t->store);
    bool with_picture = shot->jpeg && j->ops->make_room(j, shot->facts.size);
    journal_result result = append(j, record, with_picture ? shot : NULL);

    if (result == JOURNAL_FULL && with_picture) {
        with_picture = false;
        result = append(j, record, NULL);
    }
    if (result == JOURNAL_BROKEN) {
        store_condemn(t->store);
        log_write(LOG_ERROR, "the store failed", "what", "a pass could not be recorded", NULL);
    }
    t->screen.storage_full = result != JOURNAL_DONE || (shot->jpeg && !with_picture);
    terminal_log_storage(t, t->screen.storage_full);
    if (result != JOURNAL_DONE)
        return false;
    report->seq = record->seq;
    report->epoch = j->facts.epoch;
    report->with_picture = with_picture;
    return true;
}

static bool record_pass(terminal *t, const recognition *r, const face_picture *frame, sight_report *report)
{
    snapshot shot;
    PassRecord record;
    bool recorded;

    if (!report->verdict.recorded)
        return !sp_failed(store_count_unrecorded(t->store));
    fill_record(t, r, report, terminal_now_ms(t), &record);
    shot = take_snapshot(frame);
    recorded = journal_pass(t, &record, &shot, report);
    free(shot.jpeg);
    return recorded;
}

/* ---- The decision and what follows from it ---- */

static void decide(const terminal *t, const recognition *r, const face_picture *frame, sight_report *report)
{
    pass_sight sight = {.kind = PERSON_STRANGER};

    if (r->known) {
        sight.kind = r->who.kind;
        sight.valid_from_ms = r->who.valid_from_ms;
        sight.valid_until_ms = r->who.valid_until_ms;
        report->person_id = r->who.id;
        report->distance = r->distance;
        memcpy(report->name, r->who.name, sizeof report->name);
        memcpy(report->number, r->who.number, sizeof report->number);
    }
    report->kind = sight.kind;
    sight.mask_missing = t->hal->mask_detector.wears_mask(t->hal->mask_detector.self, frame) == DETECTED_NO;
    sight.temperature_centi = t->hal->thermometer.read_centi(t->hal->thermometer.self);
    report->verdict = pass_decide(&sight, &t->settings, terminal_now_ms(t));
}

static void open_door(terminal *t, uint64_t seq)
{
    t->hal->relay.set(t->hal->relay.self, true, seq);
    t->relay_off_ms = clock_monotonic_ms() + t->settings.relay_ms;
}

static void act(terminal *t, const sight_report *report)
{
    if (report->verdict.result == PASS_ALLOWED)
        open_door(t, report->seq);
    screen_show_pass(&t->screen, &report->verdict, report->kind, report->name);
    terminal_show(t);
    if (report->seq != 0 && t->link)
        terminal_link_appended(t->link);
}

static sight_outcome pass(terminal *t, const face_picture *frame, sight_report *report)
{
    recognition r = recognise(t->hal, store_people(t->store), &t->index, frame);

    if (!r.anybody) {
        screen_show_note(&t->screen, SCREEN_HOME, "No face found, please come closer");
        return SIGHT_NO_FACE;
    }
    if (!r.alive) {
        screen_show_note(&t->screen, SCREEN_RED, "Please look into the camera yourself");
        return SIGHT_NOT_ALIVE;
    }
    decide(t, &r, frame, report);
    if (!record_pass(t, &r, frame, report)) {
        screen_show_note(&t->screen, SCREEN_RED, "Storage full, passes cannot be recorded");
        return SIGHT_STORAGE_FULL;
    }
    act(t, report);
    return SIGHT_DECIDED;
}

sight_report terminal_look(terminal *t)
{
    int64_t began_ms = clock_monotonic_ms();
    sight_report report = {.outcome = SIGHT_NO_PICTURE};
    camera_frame captured;
    bitmap frame;

    if (photo_screen_is_shown(t)) {
        photo_screen_look(t);
        report.outcome = SIGHT_PHOTO_SCREEN;
        report.milliseconds = clock_monotonic_ms() - began_ms;
        return report;
    }
    if (t->hal->camera.capture(t->hal->camera.self, &captured) &&
        picture_file_decode(captured.jpeg, captured.size, FRAME_SIDE, &frame) == PICTURE_FILE_OK) {
        const face_picture view = bitmap_view(&frame);

        report.outcome = pass(t, &view, &report);
        bitmap_done(&frame);
    } else {
        screen_show_note(&t->screen, SCREEN_HOME, "The camera gives no picture");
    }
    terminal_log_camera(t, report.outcome == SIGHT_NO_PICTURE);
    if (report.outcome != SIGHT_DECIDED)
        terminal_show(t);
    t->home_ms = clock_monotonic_ms() + SHOW_PASS_MS;
    report.milliseconds = clock_monotonic_ms() - began_ms;
    return report;
}
