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
#include "temperature.h"
#include "terminal_parts.h"

enum { SNAPSHOT_SIDE = 640, SNAPSHOT_QUALITY = 85, SHOW_PASS_MS = 3000 };

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

static void fill_record(const terminal *t, const char card[33], const sight_report *report, int64_t occurred_ms,
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
        .abnormal = v->abnormal,
        .no_mask = v->no_mask,
        .authorised = v->authorised,
        .distance_milli = (uint32_t)lroundf(report->distance * 1000),
    };

    memcpy(record.person_name, report->name, sizeof record.person_name);
    memcpy(record.person_number, report->number, sizeof record.person_number);
    memcpy(record.card_number, card, sizeof record.card_number);
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

static bool record_pass(terminal *t, const char card[33], const face_picture *frame, sight_report *report)
{
    snapshot shot = {0};
    PassRecord record;
    bool recorded;

    if (!report->verdict.recorded)
        return !sp_failed(store_count_unrecorded(t->store));
    fill_record(t, card, report, terminal_now_ms(t), &record);
    if (t->settings->photo_kept)
        shot = take_snapshot(frame);
    recorded = journal_pass(t, &record, &shot, report);
    free(shot.jpeg);
    return recorded;
}

/* ---- The decision and what follows from it ---- */

/* As the settings say: once or until it settles, and compensated. */
static int32_t measure(const terminal *t)
{
    const thermometer *device = &t->hal->thermometer;
    temperature_run run = temperature_begin(t->settings->temperature_mode);
    int32_t ambient_centi = 0;
    bool ambient_known;
    int32_t centi;

    if (!t->settings->temperature_detection)
        return 0;
    while (temperature_add(&run, device->read_centi(device->self)))
        ;
    centi = temperature_result(&run);
    if (centi == 0)
        return 0;
    ambient_known = device->read_ambient(device->self, &ambient_centi);
    return temperature_compensate(centi, temperature_compensation(t->settings, ambient_known, ambient_centi));
}

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
    sight.temperature_centi = measure(t);
    report->verdict = pass_decide(&sight, t->settings, terminal_now_ms(t));
}

static void say_pass(const terminal *t, const sight_report *report)
{
    sound sounds[VOICE_SOUNDS_MAX];
    size_t count = voice_of_pass(t->settings, &report->verdict, report->kind, report->name, sounds);

    for (size_t i = 0; i < count; i++)
        t->hal->audio.play(t->hal->audio.self, &sounds[i]);
}

static void act(terminal *t, const sight_report *report)
{
    if (report->verdict.result == PASS_ALLOWED)
        door_open(t, report->seq);
    screen_show_pass(&t->screen, t->settings, &report->verdict, report->kind, report->name);
    pass_display_show(t, report);
    terminal_show(t);
    say_pass(t, report);
    if (report->seq != 0 && t->link)
        terminal_link_appended(t->link);
    if (report->seq != 0)
        callback_appended(t);
}

static sight_outcome refuse(terminal *t, sight_outcome outcome, const char *words)
{
    screen_show_note(&t->screen, SCREEN_RED, words);
    terminal_say(t, words);
    return outcome;
}

static sight_outcome pass(terminal *t, const recognition *r, const char card[33], const face_picture *frame,
                          sight_report *report)
{
    t->face_ms = clock_monotonic_ms();
    if (!r->alive)
        return refuse(t, SIGHT_NOT_ALIVE, "Please look into the camera yourself");
    if (r->poor)
        return refuse(t, SIGHT_POOR_PICTURE, "Please hold still, and look straight into the camera");
    decide(t, r, frame, report);
    if (!record_pass(t, card, frame, report))
        return refuse(t, SIGHT_STORAGE_FULL, "Storage full, passes cannot be recorded");
    act(t, report);
    return SIGHT_DECIDED;
}

/* ---- The camera -------------------------------------------------------------------------------------------------- */

static bool capture(terminal *t, camera_frame *ret_frame)
{
    const camera *device = &t->hal->camera;

    t->seen = (camera_frame){0};
    if (!device->capture(device->self, ret_frame))
        return false;
    t->seen = *ret_frame;
    return true;
}

bool terminal_capture(terminal *t, camera_frame *ret_frame)
{
    const camera *device = &t->hal->camera;
    bool got = capture(t, ret_frame);

    if (!camera_guard_asked(&t->guard, t->settings->thread_guard, got, clock_monotonic_ms()))
        return got;
    log_write(LOG_WARNING, "the camera gives no pictures and is started again", NULL);
    terminal_log(t, LINE_WARNING, "CAMERA_RESTARTED", "%s", "");
    device->restart(device->self);
    return capture(t, ret_frame);
}

int terminal_frame_side(const terminal *t)
{
    const char *resolution = t->settings->camera_resolution; /* sound: WIDTHxHEIGHT */
    int width = atoi(resolution);
    int height = atoi(strchr(resolution, 'x') + 1);

    return width > height ? width : height;
}

static bool take_frame(terminal *t, bitmap *ret_frame)
{
    camera_frame captured;

    return terminal_capture(t, &captured) &&
           picture_file_decode(captured.jpeg, captured.size, terminal_frame_side(t), ret_frame) == PICTURE_FILE_OK;
}

static recognition look_at(const terminal *t, const bitmap *frame, const char *card)
{
    const face_picture view = bitmap_view(frame);

    return recognise(t->hal, store_people(t->store), &t->index, t->settings, &view, card);
}

/* Whoever is not recognised is looked at again, as often as the settings say; what was seen last counts. */
static recognition look_again(terminal *t, bitmap *frame, const char *card)
{
    recognition r = look_at(t, frame, card);
    bitmap next;

    for (int32_t i = 1; i < t->settings->recognition_attempts && r.anybody && r.alive && !r.known; i++) {
        recognition again;

        if (!take_frame(t, &next))
            break;
        again = look_at(t, &next, card);
        if (again.anybody) {
            bitmap_done(frame);
            *frame = next;
            r = again;
        } else {
            bitmap_done(&next);
        }
    }
    return r;
}

/* A note for whoever is there; nobody, as far as the screen saver knows, and whoever looks at the pass display. */
static sight_outcome nothing(terminal *t, sight_outcome outcome, const char *words)
{
    if (t->screen.mood != SCREEN_SAVER && !pass_display_is_shown(t))
        screen_show_note(&t->screen, SCREEN_HOME, words);
    return outcome;
}

static void look(terminal *t, sight_report *report)
{
    bitmap frame;
    recognition r;
    char card[33];

    if (!take_frame(t, &frame)) {
        report->outcome = nothing(t, SIGHT_NO_PICTURE, "The camera gives no picture");
        return;
    }
    recognition_card(t->hal, card);
    r = look_again(t, &frame, card);
    if (r.anybody) {
        const face_picture view = bitmap_view(&frame);

        report->outcome = pass(t, &r, card, &view, report);
    } else {
        report->outcome = nothing(t, SIGHT_NO_FACE, "No face found, please come closer");
    }
    bitmap_done(&frame);
}

static void go_home_later(terminal *t, const sight_report *report)
{
    bool displayed = pass_display_is_shown(t);

    if (t->screen.mood == SCREEN_SAVER || (displayed && report->outcome != SIGHT_DECIDED))
        return; /* it stays as it is, for as long as it would have */
    t->home_ms = clock_monotonic_ms() + (displayed ? pass_display_ms(t) : SHOW_PASS_MS);
}

sight_report terminal_look(terminal *t)
{
    int64_t began_ms = clock_monotonic_ms();
    sight_report report = {0};

    if (photo_screen_is_shown(t)) {
        photo_screen_look(t);
        report.outcome = SIGHT_PHOTO_SCREEN;
    } else if (menu_is_shown(t)) {
        report.outcome = SIGHT_MENU;
    } else {
        look(t, &report);
        if (report.outcome != SIGHT_DECIDED)
            terminal_show(t);
        go_home_later(t, &report);
    }
    if (report.outcome != SIGHT_PHOTO_SCREEN && report.outcome != SIGHT_MENU)
        terminal_log_camera(t, report.outcome == SIGHT_NO_PICTURE);
    report.milliseconds = clock_monotonic_ms() - began_ms;
    return report;
}
