/* Between the files of the terminal; nobody else includes it. */
#pragma once

#include "callback.h"
#include "camera_guard.h"
#include "display_feed.h"
#include "hash.h"
#include "menu_lock.h"
#include "people_feed.h"
#include "painting.h"
#include "photo_task.h"
#include "local_time.h"
#include "relay.h"
#include "screen_watch.h"
#include "settings_feed.h"
#include "terminal.h"
#include "terminal_commands.h"

/* What somebody at the console is shown of the screen. */
typedef struct {
    const char *font; /* borrowed; NULL: one of the usual places */
    screen_watch watch;
    painting *painting;     /* under way; or NULL */
    int64_t quiet_until_ms; /* that somebody looks is no news before */
    bool unwanted;          /* whoever wanted it looks no more */
    int64_t poll_ms;        /* when it is looked at again whether it is done */
    uint8_t *jpeg;          /* the frame that was made last, or NULL */
    size_t size;
    uint64_t changes;      /* of the screen, since the start */
    uint64_t painted;      /* as many of them are in the frame */
    uint64_t frames;       /* made since the start */
    int64_t milliseconds;  /* that the last one took */
    bool wordless, failed; /* the log knows that there is no font, or no picture */
} live_screen;

struct terminal {
    store *store;
    store_options store_options;
    const hal *hal;
    bool enrolled;
    credentials credentials;
    endpoint server;
    link_habits habits;
    link_scratch *scratch;
    terminal_link *link; /* NULL: not enrolled */
    bool carrier;
    uint32_t people_capacity;
    char mac[18];
    char address[46];
    char version[33];
    char model[65];

    uint8_t boot_id[16];
    int64_t boot_ms;         /* monotonic */
    int64_t clock_ahead_ms;  /* how wrong the simulated clock is */
    int64_t clock_offset_ms; /* the server's clock minus ours */
    bool clock_synced;

    face_index index;
    face_owner *index_owners;
    float (*index_faces)[FACE_INDEX_LENGTH];
    people_feed *feed;

    settings_feed *settings_feed;
    const terminal_settings *settings; /* those in force: the store's */
    terminal_settings obeyed;          /* those that hardware and screen follow already */
    relay_state relay;
    camera_guard guard;
    daily_restart daily;
    menu_lock menu;
    light_colour light;
    bool light_is_set;

    photo_task photo;     /* that the console waits for */
    uint8_t *photo_bytes; /* of it, once taken; or NULL */
    uint8_t photo_sha256[SHA256_SIZE];

    display_feed *displays;
    uint8_t *display_jpeg; /* of the pass display that is shown; or NULL */
    uint8_t display_sha256[SHA256_SIZE];
    uint32_t display_seconds;

    terminal_commands commands;
    int64_t reset_wait_ms;
    upgrade *upgrade;
    callback callback;
    const char *trust;

    screen screen;
    camera_frame seen; /* what the camera gave last; jpeg NULL: nothing */
    live_screen live;
    int64_t home_ms; /* when the screen goes home; INT64_MAX: it is there, or stays where it is */
    int64_t face_ms; /* when somebody was last there */
    int64_t settle_ms;
    bool wipe_due;
    int64_t wipe_order; /* of the wipe that is due; 0: for good */
    char last_problem[200];
    char last_error[161];

    uint64_t log_sent;                                       /* the last line of the own log that was sent */
    uint32_t people_changed;                                 /* since the feed was last complete */
    bool was_online, camera_failed, storage_full, door_told; /* as the log has it */
};

/* The terminal's wall time. */
int64_t terminal_now_ms(const terminal *t);

/* condition.c: the clock as it would be without the server. */
int64_t terminal_own_clock_ms(const terminal *t);

/* What the server is told of the terminal when it comes, and then with each heartbeat. */
void terminal_tell_facts(const terminal *t, Hello *hello);
void terminal_tell_condition(const terminal *t, Heartbeat *heartbeat);

/* What last went wrong, for the console; detail may be empty. It stands until the next start. */
void terminal_note_error(terminal *t, const char *what, const char *detail);

void terminal_show(terminal *t);

/* Clears people, records and settings and begins the next epoch; there is no link from here on. all_gone: no file was
 * left behind. False: there is no store any more. */
bool terminal_clear(terminal *t, bool *ret_all_gone);

/* Begins to obey what the store says. */
void terminal_wake(terminal *t);

/* Makes the link anew and dials soon. False: it cannot be made. */
bool terminal_come_back(terminal *t);

/* Hangs up, and forgets certificate and key. */
void terminal_forget_enrolment(terminal *t);
/* terminal_log.c: a line of the terminal's own log, which the console shows. event is a word of capital letters, digits
 * and underscores; the rest is figures and a few words, never a name of somebody, never a password. Passes are no
 * lines: they are records. Warnings and errors are on the disk when it returns, others within some seconds. */
void terminal_log(terminal *t, line_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* That something is wrong or right again: a line when this is new. */
void terminal_log_camera(terminal *t, bool failed);
void terminal_log_storage(terminal *t, bool full);

/* What is in force now and was not before. */
void terminal_log_settings(terminal *t, const terminal_settings *before);

void terminal_log_started(terminal *t);
void terminal_log_link(terminal *t, link_state state);

/* Fills the next lines for the server; false: none. */
bool terminal_log_batch(terminal *t, ConnectRequest *ret_message);
void terminal_log_acked(terminal *t, uint64_t number);

/* terminal_owner.c: what the link tells and asks. */
link_owner terminal_link_owner(terminal *t);

/* photo_screen.c: the photo that the console waits for. While the photo screen is shown, whatever the camera gives is
 * for it: nobody is recognised and no card is read. */
bool photo_screen_is_shown(const terminal *t);
void photo_screen_order(terminal *t, const CaptureOrder *order);

/* One look through the camera. */
void photo_screen_look(terminal *t);

/* Fills what the server is to hear, or the next part of the picture; false: nothing. */
bool photo_screen_report(terminal *t, ConnectRequest *ret_message);
bool photo_screen_part(terminal *t, ConnectRequest *ret_message);

/* The connection is gone; time has passed. */
void photo_screen_lost(terminal *t);
void photo_screen_tick(terminal *t, int64_t now_ms);

/* pass_display.c: the picture that goes with a decision, if there is one and it is here. */
void pass_display_show(terminal *t, const sight_report *report);
bool pass_display_is_shown(const terminal *t);
int64_t pass_display_ms(const terminal *t); /* for how long; 0: none is shown */

/* Gives back the memory of a picture that the screen shows no more. */
void pass_display_settle(terminal *t);

/* Takes away what the settings or the plan do not let be shown any more. */
void pass_display_obey(terminal *t);

/* What the server plans. */
void pass_display_plan(terminal *t, const DisplayPlan *plan);
void pass_display_chunk(terminal *t, const DisplayChunk *chunk);

/* live_screen.c: what somebody at the console sees of the screen. */
void live_screen_order(terminal *t, const ScreenOrder *order);
void live_screen_changed(terminal *t); /* the screen shows something else */
void live_screen_lost(terminal *t);    /* the connection is gone */
void live_screen_tick(terminal *t, int64_t now_ms);
int64_t live_screen_due_ms(const terminal *t);
bool live_screen_part(terminal *t, ConnectRequest *ret_message); /* false: nothing is to be sent */
void live_screen_end(terminal *t);

/* Refreshes what the screen's bottom line says. */
void terminal_refresh(terminal *t);

/* obedience.c: hardware and screen follow the settings; `all` also where nothing has changed. */
void terminal_obey(terminal *t, bool all);
const char *terminal_company(const terminal *t);
const char *terminal_name(const terminal *t);

/* The light that goes with what the screen shows; a sentence, unless the terminal is silent. */
void terminal_light(terminal *t);
void terminal_say(terminal *t, const char *words);

/* The zone is known, or another; time has passed. */
void daily_begin(terminal *t);
void daily_tick(terminal *t);

/* door.c: by the relay's settings. seq: of the record that opens; 0: none. */
void door_begin(terminal *t); /* closed, as after every start */
void door_open(terminal *t, uint64_t seq);
void door_close(terminal *t);
void door_obey(terminal *t);
void door_tick(terminal *t, int64_t now_ms);

/* menu.c: the menu, and the screen when nobody is there. */
void menu_begin(terminal *t);
bool menu_is_shown(const terminal *t);
int64_t saver_due_ms(const terminal *t);
void saver_tick(terminal *t, int64_t now_ms);

/* look.c: a picture of the camera, which is started again when it fails. */
bool terminal_capture(terminal *t, camera_frame *ret_frame);

/* The longer side of the pictures that are looked at, in pixels: the camera's resolution. */
int terminal_frame_side(const terminal *t);
