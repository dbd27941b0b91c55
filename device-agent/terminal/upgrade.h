/* Replaces the terminal's own program: takes an offer, fetches the package, checks it, writes its program into the
 * other slot, and, started from there, shows that it works. What it decides is in upgrade_rules.h; here are the disk
 * and the conversation. One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"
#include "upgrade_rules.h"
#include "upgrade_state.h"

typedef struct upgrade upgrade;

typedef struct {
    const char *data;    /* folder of the terminal; its package-keys/ holds the keys that are trusted */
    const char *slot;    /* "a" or "b": the launcher started that one; NULL: there is no launcher */
    const char *model;   /* borrowed, as the one below */
    const char *version; /* of the program that runs */
    int64_t quiet_ms;    /* a trial without a network has passed after so long */
} upgrade_options;

upgrade *upgrade_new(const upgrade_options *options, int64_t now_ms); /* NULL: memory is out */
void upgrade_free(upgrade *u);                                        /* accepts NULL */

/* What the link tells. True: there is something to say or to ask. */
bool upgrade_offered(upgrade *u, const PackageOffer *offer);
bool upgrade_chunk(upgrade *u, const PackageChunk *chunk, int64_t now_ms);
bool upgrade_welcomed(upgrade *u);
void upgrade_hung_up(upgrade *u);

/* Fills the next report or request; false: none. */
bool upgrade_say(upgrade *u, ConnectRequest *ret_message, int64_t now_ms);

/* A step of an installation, or of waiting, is due. True as above. */
bool upgrade_tick(upgrade *u, int64_t now_ms);
int64_t upgrade_due_ms(const upgrade *u); /* INT64_MAX: nothing is awaited */

/* The program should end, so that its launcher starts the other slot. */
bool upgrade_wants_restart(const upgrade *u);

const upgrade_state *upgrade_is(const upgrade *u);
