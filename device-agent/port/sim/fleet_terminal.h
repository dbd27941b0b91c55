/* One terminal of the fleet: a link, a journal and settings in memory, commands, and passes that nobody made. It takes
 * people without keeping them; settings and commands it treats as a terminal does. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event_loop.h"
#include "setting.h"
#include "terminal_link.h"

typedef struct fleet_terminal fleet_terminal;

typedef struct {
    const char *folder; /* of the credentials; the epoch is kept there too */
    const endpoint *server;
    link_scratch *scratch; /* may be shared by the whole fleet */
    int64_t stable_ms;     /* online for so long, and the waits before a reconnect begin small again */
    uint32_t window;
    uint32_t batch;
    int64_t clock_ahead_ms; /* how wrong the clock is until the server sets it */
    int64_t slow_ms;        /* the line is looked at no more often; 0: whenever something comes */
} fleet_terminal_options;

/* NULL: ret_why gets a static sentence. Server and scratch are borrowed. */
fleet_terminal *fleet_terminal_new(const fleet_terminal_options *options, const char **ret_why);
void fleet_terminal_free(fleet_terminal *f); /* accepts NULL */

/* Joins the loop and begins to dial. */
void fleet_terminal_start(fleet_terminal *f, event_loop *loop);
void fleet_terminal_stop(fleet_terminal *f, event_loop *loop);

/* One pass, unless the window is full. */
bool fleet_terminal_pass(fleet_terminal *f);

/* Begins or ends the flood: always as many unacknowledged records as the window holds. */
void fleet_terminal_flood(fleet_terminal *f, bool on);

/* Somebody changes a sound value at the terminal; false: it does not take it. */
bool fleet_terminal_edit(fleet_terminal *f, const setting_rule *rule, setting_value value);

/* No network for so long. */
void fleet_terminal_cut(fleet_terminal *f, int64_t for_ms);

/* At its next turn in the loop it forgets all that is not durable, and starts again. The other does that as soon as
 * settings have come and before it says so. */
void fleet_terminal_kill(fleet_terminal *f);
void fleet_terminal_kill_when_told(fleet_terminal *f);

bool fleet_terminal_is_online(const fleet_terminal *f);

/* Online, and nothing waits for an answer of the server. */
bool fleet_terminal_is_settled(const fleet_terminal *f);

size_t fleet_terminal_unanswered(const fleet_terminal *f); /* settings changed here that the server has not judged */
uint64_t fleet_terminal_made(const fleet_terminal *f);
uint64_t fleet_terminal_acked(const fleet_terminal *f);
uint64_t fleet_terminal_hang_ups(const fleet_terminal *f);   /* connections lost after the first welcome */
uint64_t fleet_terminal_overruled(const fleet_terminal *f);  /* changes made here that lost against the server's */
const char *fleet_terminal_problem(const fleet_terminal *f); /* the last one of the link; empty: none */

/* Its settings as one line of JSON: {"deviceId": "7", "version": 12, "unanswered": 0, "settings": {"volume": 70, …}}.
 * Of the password there is a fingerprint. */
void fleet_terminal_tell_settings(const fleet_terminal *f, FILE *file);
