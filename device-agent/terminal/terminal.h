/* One terminal, assembled: store, recognition, hardware, screen and link, driven by the core's decisions. Works
 * without a server, with what it knows. One thread; the owner waits for descriptor and due time and calls in. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "credentials.h"
#include "hal.h"
#include "link_state.h"
#include "pass_rules.h"
#include "screen.h"
#include "status.h"
#include "store.h"
#include "terminal_link.h"
#include "upgrade.h"

typedef struct terminal terminal;

typedef struct {
    store *store;                   /* borrowed, except that a wipe closes and makes it anew */
    store_options store_options;    /* for that; its strings are borrowed */
    const hal *hal;                 /* borrowed */
    const credentials *credentials; /* copied; NULL: not enrolled, stays offline */
    const endpoint *server;         /* copied */
    link_habits habits;
    uint32_t people_capacity;
    int64_t reset_wait_ms; /* that a reset waits for what is not sent yet */
    const char *mac;       /* copied, as the two below */
    const char *address;   /* the terminal's own, for the console */
    const char *version;
    const char *model;
    const char *font;       /* to paint the screen with, for the console; borrowed; NULL: one of the usual places */
    int64_t clock_ahead_ms; /* the simulator's: how wrong its clock is until the server sets it */
    upgrade_options upgrade;
    const char *trust; /* certificates that vouch for the callback's receiver; borrowed. NULL: the machine's */
} terminal_options;

typedef enum {
    SIGHT_DECIDED,      /* see verdict */
    SIGHT_NO_PICTURE,   /* the camera gave none, or nothing that can be decoded */
    SIGHT_NO_FACE,      /* nobody to recognise */
    SIGHT_NOT_ALIVE,    /* the detector says that it is no living face */
    SIGHT_POOR_PICTURE, /* a face, but a picture too bad to go by */
    SIGHT_PHOTO_SCREEN, /* a photo is being taken for the console: nobody is recognised */
    SIGHT_MENU,         /* somebody is at the terminal's settings: nobody is recognised */
    SIGHT_STORAGE_FULL, /* decided, but it cannot be recorded: the door stays shut */
} sight_outcome;

/* What became of one look through the camera. */
typedef struct {
    sight_outcome outcome;
    pass_verdict verdict;
    person_kind kind;
    int64_t person_id; /* 0: a stranger */
    char name[97];
    char number[33];
    uint64_t seq; /* of the record; 0: none was made */
    uint32_t epoch;
    float distance; /* to the template; 0 with a card and for strangers */
    bool with_picture;
    int64_t milliseconds; /* until everything below "recognised, recorded, shown" was done */
} sight_report;

terminal *terminal_new(const terminal_options *options); /* NULL: memory is out or the store failed */
void terminal_free(terminal *t);                         /* accepts NULL */

/* Begins to dial, if enrolled. */
void terminal_start(terminal *t);

/* One look through the camera: recognises, decides, records durably, then moves the relay and the screen, then sends.
 */
sight_report terminal_look(terminal *t);

/* Whoever stands there leaves the photo screen; the console hears of it. Nothing when it is not shown. */
void terminal_leave_photo(terminal *t);

/* Somebody at the terminal types the menu's password. */
typedef enum { MENU_OPENED, MENU_WRONG, MENU_LOCKED, MENU_BUSY } menu_answer;
menu_answer terminal_open_menu(terminal *t, const char *pin);
void terminal_leave_menu(terminal *t); /* nothing when it is not shown */

/* Somebody at the terminal changes a setting: it holds at once, and the server is told. A new password comes as its
 * hash (lib/crypto/pin_hash.h). */
typedef enum {
    SETTING_CHANGE_DONE,
    SETTING_CHANGE_UNSOUND,
    SETTING_CHANGE_NOT_OFFERED, /* by the hardware */
    SETTING_CHANGE_NOT_STORED,
} setting_change_result;
setting_change_result terminal_change_setting(terminal *t, const setting_rule *rule, setting_value value);

/* Of one setting: the server's version, and whether it has yet to hear of a change made here. */
setting_state terminal_setting_state(const terminal *t, const setting_rule *rule);

/* The screen as somebody at the console would see it now (JPEG); waits until it is painted. The bytes are malloc's and
 * the caller's. False: it cannot be painted. */
bool terminal_paint_screen(const terminal *t, uint8_t **ret_jpeg, size_t *ret_size);

/* The simulated cable, or the network's carrier. */
void terminal_carrier(terminal *t, bool there);

/* The link's descriptor is ready, or the due time has come. False: the store could not be made anew after a wipe; the
 * terminal cannot go on and may only be freed. */
bool terminal_ready(terminal *t, int64_t now_ms) SP_MUST_USE;
int terminal_fd(const terminal *t);
uint32_t terminal_connection(const terminal *t);
bool terminal_wants_write(const terminal *t);
int64_t terminal_due_ms(const terminal *t);

typedef struct {
    link_state link;
    const screen *screen;
    journal_facts journal;
    uint32_t people, faces;
    int64_t people_revision;
    const terminal_settings *settings; /* borrowed */
    int64_t settings_version;          /* up to which the server was heard */
    int64_t display_version;           /* of the pass display in force; 0: none */
    bool door_open;
    bool door_line_high;
    uint64_t camera_restarts;
    int64_t menu_wait_ms; /* before the password may be tried again */
    int64_t unrecorded;
    const char *callback; /* its state */
    uint64_t callback_refused, callback_given_up;
    int64_t boots;
    bool clock_synced;
    bool screen_watched;     /* somebody at the console looks at the screen */
    uint64_t screen_frames;  /* made for the console since the start */
    int64_t screen_frame_ms; /* that the last one took, beside everything else */
    int64_t device_id;       /* 0: not enrolled */
    char device_name[97], company_name[97], time_zone[65];
    char last_problem[200]; /* of the link; empty: none */
} terminal_facts;

terminal_facts terminal_status(const terminal *t);

/* What recognitions are posted by, beside the link: wait until it can be read, then terminal_ready. -1: nothing;
 * another connection: another descriptor. */
int terminal_callback_fd(const terminal *t);
uint32_t terminal_callback_connection(const terminal *t);

/* The terminal's own program: what is about to replace it. */
const upgrade *terminal_upgrade(const terminal *t);

/* The store, which a wipe may have made anew. */
store *terminal_store(terminal *t);
