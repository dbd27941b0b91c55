#include "screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "temperature.h"
#include "voice.h"

#define WELCOME "Please face the camera"

screen screen_home(void)
{
    screen s = {.link = "", .bottom_bar = true};

    screen_go_home(&s);
    return s;
}

static void clear(screen *s)
{
    s->headline[0] = '\0';
    s->person[0] = '\0';
    s->temperature[0] = '\0';
    s->temperature_abnormal = false;
    s->picture = false;
    s->display = (screen_display){0};
}

void screen_show_pass(screen *s, const terminal_settings *settings, const pass_verdict *verdict, person_kind kind,
                      const char *name)
{
    bool allowed = verdict->result == PASS_ALLOWED;

    clear(s);
    s->mood = allowed ? SCREEN_GREEN : SCREEN_RED;
    snprintf(s->headline, sizeof s->headline, "%s", allowed ? "Welcome" : refusal_words(verdict->reason));
    if (kind != PERSON_STRANGER && settings->name_display)
        snprintf(s->person, sizeof s->person, "%s", name);
    temperature_words(verdict->shown_centi, settings->temperature_unit, s->temperature, sizeof s->temperature);
    s->temperature_abnormal = verdict->abnormal;
    s->picture = allowed && settings->success_effect == SUCCESS_IMAGE && settings->photo_kept;
}

void screen_show_display(screen *s, const screen_display *display)
{
    s->display = *display;
}

void screen_show_note(screen *s, screen_mood mood, const char *headline)
{
    clear(s);
    s->mood = mood;
    snprintf(s->headline, sizeof s->headline, "%s", headline);
}

void screen_show_photo(screen *s, const char *again_reason)
{
    static const struct {
        const char *reason;
        const char *words;
    } advice[] = {
        {"", "A photo will be taken, please look into the camera"},
        {"NO_FACE", "No face found, please come closer"},
        {"SEVERAL_FACES", "Only one person, please"},
        {"FACE_TOO_SMALL", "Please come closer"},
        {"TOO_DARK", "It is too dark, please find more light"},
        {"BLURRED", "Please hold still"},
        {"TURNED_AWAY", "Please look straight into the camera"},
    };
    const char *words = "The photo cannot be used, another one will be taken";

    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++)
        if (strcmp(again_reason, advice[i].reason) == 0)
            words = advice[i].words;
    screen_show_note(s, SCREEN_PHOTO, words);
}

void screen_go_home(screen *s)
{
    clear(s);
    s->mood = SCREEN_HOME;
    snprintf(s->headline, sizeof s->headline, "%s", WELCOME);
}

void screen_describe(const screen *s, char *out, size_t cap)
{
    static const char *const moods[] = {"home", "green", "red", "photo", "menu", "saver"};
    int n = snprintf(out, cap, "[%s] %s%s%s%s%s%s", moods[s->mood], s->headline, s->person[0] ? " · " : "", s->person,
                     s->temperature[0] ? " · " : "", s->temperature, s->temperature_abnormal ? " (abnormal)" : "");

    if (s->display.id != 0 && n >= 0 && (size_t)n < cap)
        n += snprintf(out + n, cap - (size_t)n, " · display %" PRId64, s->display.id);
    if (s->bottom_bar && n >= 0 && (size_t)n < cap)
        snprintf(out + n, cap - (size_t)n, " | %s%s · %u people%s", s->link,
                 s->waiting ? " · waiting for approval" : "", s->people, s->storage_full ? " · storage full" : "");
}
