/* What the terminal's screen shows, as a model: words and a mood, no pixels. Pure. A driver draws it; today only the
 * simulator does, as text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link_state.h"
#include "pass_rules.h"

typedef enum {
    SCREEN_HOME,  /* waiting for somebody */
    SCREEN_GREEN, /* may pass */
    SCREEN_RED,   /* may not */
    SCREEN_PHOTO, /* takes a photo for the console; nobody passes */
    SCREEN_MENU,  /* somebody with the password is at the settings; nobody passes */
    SCREEN_SAVER, /* nobody is there */
} screen_mood;

/* A picture of the pass display. Borrowed: whoever sets it keeps the bytes until the screen shows something else. */
typedef struct {
    int64_t id; /* 0: none is shown */
    const uint8_t *jpeg;
    size_t size;
} screen_display;

typedef struct {
    screen_mood mood;
    char company[97]; /* the line above */
    char headline[96];
    char person[97];      /* name; empty when nobody was recognised, or names are not shown */
    char temperature[40]; /* "36.6 ℃"; empty when none is to be shown */
    bool temperature_abnormal;
    bool waiting;           /* somebody has to accept the terminal at the console first */
    bool picture;           /* the picture of whoever may pass is shown */
    screen_display display; /* full screen, in place of whatever the camera sees; the verdict is a band over it */
    bool bottom_bar;        /* the line below is shown: link, people, storage */
    const char *link;       /* state of the link, for that line */
    bool storage_full;      /* pictures are no longer kept, or passes cannot be recorded */
    uint32_t people;
} screen;

screen screen_home(void);

/* The outcome of a pass, as much of it as the settings let be shown; name may be empty. */
void screen_show_pass(screen *s, const terminal_settings *settings, const pass_verdict *verdict, person_kind kind,
                      const char *name);

/* Beside the outcome that is shown: a picture of the pass display, until anything else is shown. */
void screen_show_display(screen *s, const screen_display *display);

/* A frame that led to no decision, or a pass that could not be recorded. */
void screen_show_note(screen *s, screen_mood mood, const char *headline);

/* The photo screen: what whoever stands there should do. Why the last picture was no good, as the server names it;
 * empty: nothing was. */
void screen_show_photo(screen *s, const char *again_reason);

/* Back to the home page; what the lines above and below say stays. */
void screen_go_home(screen *s);

/* One line of text: "[red] Please wear a mask · Wei Chen · 36.6 ℃ | online · 3 people". Always NUL-terminated. */
void screen_describe(const screen *s, char *out, size_t cap);
