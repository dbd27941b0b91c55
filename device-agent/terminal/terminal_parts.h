/* Between the files of the terminal; nobody else includes it. */
#pragma once

#include "people_feed.h"
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

    screen screen;
    int64_t home_ms;      /* when the screen goes home; INT64_MAX: it is there */
    int64_t relay_off_ms; /* when the relay falls; INT64_MAX: it is down */
    int64_t settle_ms;
    bool wipe_due;
    int64_t wipe_order; /* of the wipe that is due; 0: for good */
    char device_name[97], company_name[97], time_zone[65];
    char last_problem[200];
};

/* The terminal's wall time. */
int64_t terminal_now_ms(const terminal *t);

void terminal_show(terminal *t);

/* terminal_owner.c: what the link tells and asks. */
link_owner terminal_link_owner(terminal *t);

/* Refreshes what the screen's bottom line says. */
void terminal_refresh(terminal *t);
