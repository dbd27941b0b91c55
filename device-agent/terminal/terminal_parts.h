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

    uint8_t boot_id[16];
    int64_t boot_ms;         /* monotonic */
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

    uint64_t log_sent;                            /* the last line of the own log that was sent */
    uint32_t people_changed;                      /* since the feed was last complete */
    bool was_online, camera_failed, storage_full; /* as the log has it */
};

/* The terminal's wall time. */
int64_t terminal_now_ms(const terminal *t);

void terminal_show(terminal *t);

/* terminal_log.c: a line of the terminal's own log, which the console shows. event is a word of capital letters, digits
 * and underscores; the rest is figures and a few words, never a name of somebody, never a password. Passes are no
 * lines: they are records. Warnings and errors are on the disk when it returns, others within some seconds. */
void terminal_log(terminal *t, line_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* That something is wrong or right again: a line when this is new. */
void terminal_log_camera(terminal *t, bool failed);
void terminal_log_storage(terminal *t, bool full);

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

/* Refreshes what the screen's bottom line says. */
void terminal_refresh(terminal *t);
