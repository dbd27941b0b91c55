#include "screen.h"

#include <stdio.h>
#include <string.h>

#define WELCOME "Please face the camera"

screen screen_home(void)
{
    screen s = {.link = ""};

    screen_go_home(&s);
    return s;
}

static const char *refusal(deny_reason reason)
{
    switch (reason) {
    case DENY_STRANGER:
        return "Not registered";
    case DENY_BLACKLIST:
    case DENY_NOT_GRANTED:
        return "No permission";
    case DENY_OUTSIDE_WINDOW:
        return "Outside the permitted time";
    case DENY_NO_MASK:
        return "Please wear a mask";
    case DENY_TEMPERATURE:
        return "Abnormal temperature";
    case DENY_NOTHING:
        break;
    }
    return "";
}

static void clear(screen *s)
{
    s->headline[0] = '\0';
    s->person[0] = '\0';
    s->temperature[0] = '\0';
    s->temperature_abnormal = false;
}

void screen_show_pass(screen *s, const pass_verdict *verdict, person_kind kind, const char *name)
{
    bool allowed = verdict->result == PASS_ALLOWED;

    clear(s);
    s->mood = allowed ? SCREEN_GREEN : SCREEN_RED;
    snprintf(s->headline, sizeof s->headline, "%s", allowed ? "Welcome" : refusal(verdict->reason));
    if (kind != PERSON_STRANGER)
        snprintf(s->person, sizeof s->person, "%s", name);
    if (verdict->temperature_centi != 0)
        snprintf(s->temperature, sizeof s->temperature, "%.1f ℃", verdict->temperature_centi / 100.0);
    s->temperature_abnormal = verdict->abnormal;
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
    static const char *const moods[] = {"home", "green", "red", "photo"};

    snprintf(out, cap, "[%s] %s%s%s%s%s%s | %s%s · %u people%s", moods[s->mood], s->headline, s->person[0] ? " · " : "",
             s->person, s->temperature[0] ? " · " : "", s->temperature, s->temperature_abnormal ? " (abnormal)" : "",
             s->link, s->waiting ? " · waiting for approval" : "", s->people, s->storage_full ? " · storage full" : "");
}
