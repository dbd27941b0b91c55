/* Between the files of the terminal; nobody else includes it. */
#pragma once

#include "hash.h"
#include "people_feed.h"
#include "photo_task.h"
#include "terminal.h"

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

    terminal_settings settings;
    bool settings_due; /* a report to the server */
    size_t refused_count;
    const char *refused[SETTINGS_COUNT];

    photo_task photo;     /* that the console waits for */
    uint8_t *photo_bytes; /* of it, once taken; or NULL */
    uint8_t photo_sha256[SHA256_SIZE];

    screen screen;
    int64_t home_ms;      /* when the screen goes home; INT64_MAX: it is there */
    int64_t relay_off_ms; /* when the relay falls; INT64_MAX: it is down */
    int64_t settle_ms;
    bool wipe_due;
    int64_t wipe_order; /* of the wipe that is due; 0: for good */
    char device_name[97], company_name[97], time_zone[65];
    char last_problem[200];
    char last_error[161];
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

/* Refreshes what the screen's bottom line says. */
void terminal_refresh(terminal *t);
