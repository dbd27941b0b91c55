#include "control_commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_settings.h"
#include "file.h"
#include "json_line.h"

enum { WORDS_MAX = 32 };

#define SEE_USAGE "see FILE [--then FILE]… [--temp 36.6[,36.7]…] [--ambient 25] [--no-mask] [--not-alive] [--card N]"

/* ---- Words ---- */

/* Splits at spaces; double quotes keep them. Returns the number of words. */
static int split(char *line, char *words[WORDS_MAX])
{
    int count = 0;

    while (count < WORDS_MAX) {
        char end = ' ';

        line += strspn(line, " \t");
        if (*line == '\0')
            break;
        if (*line == '"') {
            end = '"';
            line++;
        }
        words[count++] = line;
        line = strchr(line, end);
        if (!line)
            break;
        *line++ = '\0';
    }
    return count;
}

static void answer_error(char *answer, size_t cap, const char *text)
{
    json_line j;

    json_begin(&j, answer, cap);
    json_text(&j, "error", text);
    json_end(&j);
}

/* ---- see ---- */

static bool parse_temperature(const char *text, int32_t *ret_centi)
{
    char *end;
    double degrees = strtod(text, &end);

    if (end == text || *end != '\0' || !(degrees >= 0 && degrees < 100))
        return false;
    *ret_centi = (int32_t)lround(degrees * 100);
    return true;
}

/* One reading, or several with commas between them. */
static bool parse_readings(char *text, sim_sight *sight)
{
    char *rest = NULL;

    sight->reading_count = 0;
    for (char *one = strtok_r(text, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        if (sight->reading_count == SIGHT_READINGS_MAX ||
            !parse_temperature(one, &sight->readings_centi[sight->reading_count++]))
            return false;
    return sight->reading_count > 0;
}

static bool parse_sight(char *const words[], int count, sim_sight *ret)
{
    sim_sight sight = {.picture_count = 1, .readings_centi = {3660}, .reading_count = 1};

    if (count < 2)
        return false;
    sight.pictures[0] = words[1];
    for (int i = 2; i < count; i++) {
        bool has_value = i + 1 < count;

        if (strcmp(words[i], "--no-mask") == 0)
            sight.no_mask = true;
        else if (strcmp(words[i], "--not-alive") == 0)
            sight.not_alive = true;
        else if (strcmp(words[i], "--card") == 0 && has_value)
            sight.card = words[++i];
        else if (strcmp(words[i], "--then") == 0 && has_value && sight.picture_count < SIGHT_PICTURES_MAX)
            sight.pictures[sight.picture_count++] = words[++i];
        else if (strcmp(words[i], "--ambient") == 0 && has_value && parse_temperature(words[++i], &sight.ambient_centi))
            sight.ambient_known = true;
        else if (strcmp(words[i], "--temp") != 0 || !has_value || !parse_readings(words[++i], &sight))
            return false;
    }
    *ret = sight;
    return true;
}

static const char *outcome_reason(const sight_report *report)
{
    switch (report->outcome) {
    case SIGHT_DECIDED:
        return deny_reason_name(report->verdict.reason);
    case SIGHT_NO_PICTURE:
        return "NO_PICTURE";
    case SIGHT_NO_FACE:
        return "NO_FACE";
    case SIGHT_NOT_ALIVE:
        return "NOT_ALIVE";
    case SIGHT_POOR_PICTURE:
        return "POOR_PICTURE";
    case SIGHT_MENU:
        return "MENU";
    case SIGHT_PHOTO_SCREEN:
        return "PHOTO_SCREEN";
    case SIGHT_STORAGE_FULL:
        return "STORAGE_FULL";
    }
    return "";
}

static void describe_person(json_line *j, const sight_report *report)
{
    json_open(j, "person");
    json_id(j, "id", report->person_id);
    json_text(j, "name", report->name);
    json_text(j, "number", report->number);
    json_text(j, "kind", person_kind_name(report->kind));
    json_close(j, '}');
}

static void describe_sight(const sight_report *report, char *answer, size_t cap)
{
    bool decided = report->outcome == SIGHT_DECIDED;
    json_line j;

    json_begin(&j, answer, cap);
    json_text(&j, "result", decided ? pass_result_name(report->verdict.result) : "NONE");
    json_text(&j, "reason", outcome_reason(report));
    describe_person(&j, report);
    json_number(&j, "epoch", report->epoch);
    json_number(&j, "seq", (int64_t)report->seq);
    json_decimal(&j, "distance", (double)report->distance, 3);
    json_decimal(&j, "temperature", report->verdict.temperature_centi / 100.0, 2);
    json_bool(&j, "noMask", report->verdict.no_mask);
    json_bool(&j, "abnormal", report->verdict.abnormal);
    json_bool(&j, "authorised", report->verdict.authorised);
    json_bool(&j, "snapshot", report->with_picture);
    json_number(&j, "milliseconds", report->milliseconds);
    json_end(&j);
}

static void see(const command_context *c, char *const words[], int count, char *answer, size_t cap)
{
    sim_sight sight;
    sight_report report;

    if (!parse_sight(words, count, &sight)) {
        answer_error(answer, cap, SEE_USAGE);
        return;
    }
    sim_hardware_place(c->hardware, &sight);
    report = terminal_look(c->terminal);
    sim_hardware_place(c->hardware, &(sim_sight){0});
    describe_sight(&report, answer, cap);
}

/* ---- status, relay ---- */

static void describe_upgrade(json_line *j, const upgrade_state *s)
{
    char version[PACKAGE_VERSION_SIZE];

    package_version_text(s->current_version, version);
    json_open(j, "software");
    json_text(j, "slot", s->current == UPGRADE_SLOT_A ? "a" : "b");
    json_text(j, "version", version);
    json_text(j, "upgrade", upgrade_phase_name(s->phase));
    json_text(j, "reason", upgrade_failure_name(s->failure));
    json_number(j, "fetched", (int64_t)s->fetched);
    json_close(j, '}');
}

static void describe_callback(json_line *j, const terminal_facts *facts)
{
    const journal_facts *kept = &facts->journal;
    bool on = kept->posted_seq != JOURNAL_POSTS_NOTHING;

    json_open(j, "callback");
    json_text(j, "state", facts->callback);
    json_number(j, "waiting", on ? (int64_t)(kept->last_seq - kept->posted_seq) : 0);
    json_number(j, "refused", (int64_t)facts->callback_refused);
    json_number(j, "givenUp", (int64_t)facts->callback_given_up);
    json_close(j, '}');
}

static void status(const command_context *c, char *answer, size_t cap)
{
    terminal_facts facts = terminal_status(c->terminal);
    sim_fixtures shown = sim_hardware_fixtures(c->hardware);
    char text[512];
    json_line j;

    screen_describe(facts.screen, text, sizeof text);
    json_begin(&j, answer, cap);
    json_text(&j, "link", link_state_name(facts.link));
    json_text(&j, "problem", facts.last_problem);
    json_id(&j, "deviceId", facts.device_id);
    json_text(&j, "deviceName", facts.device_name);
    json_text(&j, "companyName", facts.company_name);
    json_text(&j, "timeZone", facts.time_zone);
    json_number(&j, "people", facts.people);
    json_number(&j, "faces", facts.faces);
    json_number(&j, "peopleRevision", facts.people_revision);
    json_number(&j, "unsentRecords", (int64_t)(facts.journal.last_seq - facts.journal.acked_seq));
    json_number(&j, "unsentSnapshots", (int64_t)facts.journal.waiting_pictures);
    json_number(&j, "evictedSnapshots", (int64_t)facts.journal.evicted_pictures);
    json_number(&j, "unrecordedPasses", facts.unrecorded);
    json_number(&j, "epoch", facts.journal.epoch);
    json_number(&j, "lastSeq", (int64_t)facts.journal.last_seq);
    json_number(&j, "ackedSeq", (int64_t)facts.journal.acked_seq);
    json_number(&j, "boots", facts.boots);
    json_bool(&j, "clockSynced", facts.clock_synced);
    json_text(&j, "screen", text);
    json_bool(&j, "screenWatched", facts.screen_watched);
    json_number(&j, "screenFrames", (int64_t)facts.screen_frames);
    json_number(&j, "screenFrameMs", facts.screen_frame_ms);
    json_number(&j, "relayCount", (int64_t)sim_hardware_relay_count(c->hardware));
    json_text(&j, "disk", facts.screen->storage_full ? "full" : "ok");
    describe_callback(&j, &facts);
    describe_upgrade(&j, upgrade_is(terminal_upgrade(c->terminal)));
    json_bool(&j, "doorOpen", facts.door_open);
    json_bool(&j, "doorLineHigh", facts.door_line_high);
    json_bool(&j, "picture", facts.screen->picture);
    json_id(&j, "display", facts.screen->display.id);
    json_id(&j, "displayVersion", facts.display_version);
    json_number(&j, "cameraRestarts", (int64_t)facts.camera_restarts);
    json_number(&j, "menuWaitMs", facts.menu_wait_ms);
    json_bool(&j, "fan", shown.fan);
    json_text(&j, "light", light_name(shown.light));
    json_number(&j, "brightness", shown.brightness);
    json_text(&j, "resolution", shown.resolution);
    control_describe_settings(&j, c->terminal);
    json_end(&j);
}

static void relay_log(const command_context *c, char *answer, size_t cap)
{
    relay_movement movements[RELAY_MOVEMENTS_KEPT];
    size_t count = sim_hardware_relay_log(c->hardware, movements);
    json_line j;

    json_begin(&j, answer, cap);
    json_number(&j, "count", (int64_t)sim_hardware_relay_count(c->hardware));
    json_open_list(&j, "movements");
    for (size_t i = 0; i < count; i++) {
        json_open_item(&j);
        json_number(&j, "atMs", movements[i].at_ms);
        json_bool(&j, "active", movements[i].active);
        json_bool(&j, "high", movements[i].high);
        json_number(&j, "seq", (int64_t)movements[i].seq);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_end(&j);
}

static void acknowledge(char *answer, size_t cap)
{
    json_line j;

    json_begin(&j, answer, cap);
    json_bool(&j, "done", true);
    json_end(&j);
}

static void sounds(const command_context *c, char *answer, size_t cap)
{
    sound played[SOUNDS_KEPT];
    size_t count = sim_hardware_sounds(c->hardware, played);
    json_line j;

    json_begin(&j, answer, cap);
    json_number(&j, "count", (int64_t)sim_hardware_sound_count(c->hardware));
    json_open_list(&j, "sounds");
    for (size_t i = 0; i < count; i++) {
        json_open_item(&j);
        json_text(&j, "kind", played[i].kind == SOUND_ALARM ? "alarm" : "speech");
        json_text(&j, "words", played[i].words);
        json_number(&j, "volume", played[i].volume);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_end(&j);
}

static void open_menu(const command_context *c, const char *pin, char *answer, size_t cap)
{
    static const char *const names[] = {"OPENED", "WRONG", "LOCKED", "BUSY"};
    json_line j;

    json_begin(&j, answer, cap);
    json_text(&j, "menu", names[terminal_open_menu(c->terminal, pin)]);
    json_end(&j);
}

/* As somebody at the console would see it, to a file. */
static void save_screen(const command_context *c, const char *path, char *answer, size_t cap)
{
    uint8_t *jpeg;
    size_t size;
    bool saved;
    json_line j;

    if (!terminal_paint_screen(c->terminal, &jpeg, &size)) {
        answer_error(answer, cap, "the screen cannot be painted");
        return;
    }
    saved = !sp_failed(file_write(path, jpeg, size, 0600));
    free(jpeg);
    json_begin(&j, answer, cap);
    json_bool(&j, "saved", saved);
    json_number(&j, "bytes", (int64_t)size);
    json_end(&j);
}

static bool set_camera(const command_context *c, const char *word)
{
    static const char *const names[] = {"well", "jammed", "dead"};

    for (int i = 0; i < 3; i++)
        if (strcmp(word, names[i]) == 0) {
            sim_hardware_camera(c->hardware, (sim_camera_state)i);
            return true;
        }
    return false;
}

/* Those that only acknowledge; false: it is none of them. */
static bool run_short(const command_context *c, char *const words[], int count)
{
    const char *verb = words[0];

    if (strcmp(verb, "cut") == 0 && count == 2 && (!strcmp(words[1], "on") || !strcmp(words[1], "off")))
        terminal_carrier(c->terminal, strcmp(words[1], "off") == 0);
    else if (strcmp(verb, "leave") == 0)
        terminal_leave_photo(c->terminal);
    else if (strcmp(verb, "home") == 0)
        terminal_leave_menu(c->terminal);
    else if (strcmp(verb, "camera") != 0 || count != 2 || !set_camera(c, words[1]))
        return false;
    return true;
}

bool command_run(const command_context *c, char *line, char *answer, size_t cap)
{
    char *words[WORDS_MAX] = {""};
    int count = split(line, words);
    const char *verb = words[0];

    if (strcmp(verb, "see") == 0) {
        see(c, words, count, answer, cap);
    } else if (strcmp(verb, "status") == 0) {
        status(c, answer, cap);
    } else if (strcmp(verb, "relay") == 0) {
        relay_log(c, answer, cap);
    } else if (strcmp(verb, "sounds") == 0) {
        sounds(c, answer, cap);
    } else if (strcmp(verb, "set") == 0 && count == 3) {
        control_set(c->terminal, words[1], words[2], answer, cap);
    } else if (strcmp(verb, "menu") == 0 && count == 2) {
        open_menu(c, words[1], answer, cap);
    } else if (strcmp(verb, "screen") == 0 && count == 2) {
        save_screen(c, words[1], answer, cap);
    } else if (strcmp(verb, "quit") == 0) {
        acknowledge(answer, cap);
        return false;
    } else if (run_short(c, words, count)) {
        acknowledge(answer, cap);
    } else {
        answer_error(answer, cap,
                     "see FILE …, status, relay, sounds, set NAME VALUE, menu DIGITS, home, camera well|jammed|dead, "
                     "cut on|off, leave, screen FILE, quit");
    }
    return true;
}
