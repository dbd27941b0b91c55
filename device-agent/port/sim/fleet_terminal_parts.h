/* Between the files of the fleet's terminal; nobody else includes it. */
#pragma once

#include "fleet_orders.h"
#include "fleet_terminal.h"
#include "settings_feed.h"

struct fleet_terminal {
    /* What outlives a kill, as on a disk. */
    credentials credentials;
    journal *journal;
    settings_store *settings;
    fleet_orders orders; /* its journal; the notes do not */
    int64_t display_version;

    /* What the outside does to it. */
    const endpoint *server;
    link_scratch *scratch;
    link_habits habits;
    int64_t clock_ahead_ms;
    int64_t slow_ms;
    int64_t look_ms; /* when a slow line is looked at next */
    int64_t back_ms; /* when the network comes back; INT64_MAX: it is there */
    int64_t die_ms;  /* when it is killed; INT64_MAX: it lives on */
    bool die_when_told;
    bool flood;
    uint64_t hang_ups;
    uint64_t overruled;
    char problem[200];

    /* What a kill takes. */
    event_loop *loop;
    event_source source;
    terminal_link *link;
    settings_feed *feed;
    int64_t boot_ms;
    uint8_t boot_id[16];
    int64_t clock_offset_ms; /* by which the server set the clock */
    bool clock_synced;
    bool welcomed_once;
    int64_t people_revision;
    PersonOutcome outcomes[16];
    size_t outcome_count;
    int64_t displays[16]; /* ids of the pictures of the plan that is to be answered */
    size_t display_count;
    bool display_due;
};

/* By its own clock, as far as the server has set it. */
int64_t fleet_terminal_now_ms(const fleet_terminal *f);

/* fleet_owner.c. The terminal as owner of its link. */
link_owner fleet_terminal_owner(fleet_terminal *f);
