/* How the terminal's own program is replaced: two slots, of which one runs while the other takes the next version, a
 * trial that the new version has to pass, and the way back. Decides, never acts: whoever owns the disk writes the state
 * down before each step, so that a terminal that is killed anywhere goes on from there. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "package_version.h"

enum {
    UPGRADE_BOOTS_MAX = 3, /* starts of a version on trial */
    UPGRADE_SHA256_SIZE = 32,
    UPGRADE_SPARE_BYTES = 4 << 20, /* that stay free on the disk besides package and program */
};

#define UPGRADE_PACKAGE_MAX (((uint64_t)512 << 20) + 8192)

typedef enum { UPGRADE_SLOT_A, UPGRADE_SLOT_B } upgrade_slot;

typedef enum {
    UPGRADE_IDLE,
    UPGRADE_FETCHING,
    UPGRADE_INSTALLING, /* the package is on the disk: it is checked, and its program written into the other slot */
    UPGRADE_TRYING,     /* the other slot has the new version, which has to show that it works */
    UPGRADE_DONE,       /* it works and stays: its slot is the current one now */
    UPGRADE_FAILED,     /* the current slot is as before */
} upgrade_phase;

typedef enum {
    UPGRADE_NO_FAILURE,
    UPGRADE_SIGNATURE_BAD,
    UPGRADE_DAMAGED,
    UPGRADE_NO_SPACE,
    UPGRADE_ROLLED_BACK,
    UPGRADE_WRONG_MODEL,
    UPGRADE_OLDER,
    UPGRADE_NO_SLOTS, /* the program was not started by its launcher, so nothing can take its place */
    UPGRADE_FAILURES,
} upgrade_failure;

/* What a server offers. */
typedef struct {
    int64_t rollout_id;
    package_version version;
    uint64_t size; /* of the package */
    uint8_t sha256[UPGRADE_SHA256_SIZE];
    bool force; /* also when it is not newer than what runs */
} upgrade_offer;

/* All that is written down. */
typedef struct {
    upgrade_slot current; /* runs unless the other one is on trial */
    package_version current_version;
    upgrade_phase phase;
    upgrade_offer offer;     /* of every phase but IDLE; rollout_id 0: it came with a new launcher, nobody offered it */
    uint64_t fetched;        /* bytes of the package that are on the disk for good */
    bool was_online;         /* before the trial: then the new version has to reach the server too */
    uint32_t boots;          /* starts of the version on trial */
    upgrade_failure failure; /* of FAILED */
} upgrade_state;

/* What the terminal can do. */
typedef struct {
    bool slots;          /* it was started by its launcher */
    uint64_t free_bytes; /* on the disk; what was fetched of this package counts as free */
} upgrade_means;

typedef enum {
    UPGRADE_DO_NOTHING,
    UPGRADE_FETCH,  /* from the beginning; what there is of another package goes */
    UPGRADE_GO_ON,  /* fetching, from state.fetched on */
    UPGRADE_TELL,   /* the server how far it is */
    UPGRADE_FORGET, /* what was fetched goes */
} upgrade_action;

static inline upgrade_slot upgrade_other(upgrade_slot slot)
{
    return slot == UPGRADE_SLOT_A ? UPGRADE_SLOT_B : UPGRADE_SLOT_A;
}

upgrade_state upgrade_fresh(upgrade_slot current, package_version version);

/* Whether going from one version to another needs no force. */
bool upgrade_is_newer(package_version from, package_version to);

/* An offer has come, perhaps once more. A version that is installed or on trial is seen through before another begins.
 */
upgrade_action upgrade_take_offer(upgrade_state *state, const upgrade_offer *offer, const upgrade_means *means);

/* The offer was taken back, or its end is known to the server. */
upgrade_action upgrade_take_back(upgrade_state *state, int64_t rollout_id);

/* The steps, each only from the phase before it; false: it makes no sense now, and nothing has changed. */
bool upgrade_fetched(upgrade_state *state, uint64_t bytes);   /* FETCHING: so many are on the disk for good */
bool upgrade_complete(upgrade_state *state);                  /* FETCHING → INSTALLING: all of them are */
bool upgrade_installed(upgrade_state *state, bool online);    /* INSTALLING → TRYING */
bool upgrade_confirm(upgrade_state *state);                   /* TRYING → DONE, and the slots change places */
bool upgrade_fail(upgrade_state *state, upgrade_failure why); /* FETCHING, INSTALLING, TRYING → FAILED */

/* A program comes without a server: the launcher found one that is newer than what runs. */
bool upgrade_bring(upgrade_state *state, package_version version); /* IDLE, DONE, FAILED → TRYING */

/* The slot to start now. Counts the start of a version on trial, or ends its trial when it had all of its starts. */
upgrade_slot upgrade_boot(upgrade_state *state);

const char *upgrade_failure_name(upgrade_failure failure); /* as the contract names it; "" for none */
const char *upgrade_phase_name(upgrade_phase phase);
