/* Between upgrade.c and upgrade_install.c; nobody else includes it. */
#pragma once

#include "hash.h"
#include "package_check.h"
#include "upgrade.h"

struct upgrade {
    upgrade_folder folder;
    char keys_folder[UPGRADE_PATH_MAX];
    bool slots;
    upgrade_slot slot; /* that runs */
    const char *model;
    const char *version;
    upgrade_state state;
    bool trial; /* of this very program */

    /* On this connection. */
    bool online;
    bool report_due;
    bool asked;       /* for the part at received */
    int64_t asked_ms; /* until when it must be here */

    /* Fetching. */
    int part; /* descriptor; -1: none */
    uint64_t received;

    /* Installing, a piece at a time. */
    package_keys *keys;
    package_check *check;
    sha256_stream *whole;
    int program; /* descriptor of the new program; -1: none */
    uint64_t looked_at;

    int64_t due_ms;     /* the next step of an installation, or the end of a trial without a network */
    int64_t restart_ms; /* not before, unless the server has been told */
    bool restart;
};

/* upgrade_install.c. Begins from the start of what was fetched; false: it cannot be done, and state says so. */
bool upgrade_install_begin(upgrade *u);

/* The next piece. True: more remains. When it is over, state.phase says how. */
bool upgrade_install_step(upgrade *u);
void upgrade_install_end(upgrade *u);
