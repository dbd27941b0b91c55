/* The terminal's program on the disk: a folder with two slots, what was fetched of the next package, and the state,
 * which is replaced as a whole.
 *
 *     software/state            what upgrade_rules.h says
 *     software/slot-a, slot-b   a smartpass-agent each
 *     software/package.part     what was fetched
 *
 * The launcher writes the state while no terminal runs, the terminal while it runs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "status.h"
#include "upgrade_rules.h"

SP_STATUS(UPGRADE_FOLDER_UNUSABLE, SP_FAILED_PRECONDITION, "The folder of the terminal's program cannot be used.");

enum { UPGRADE_PATH_MAX = 900 };

typedef struct {
    char folder[UPGRADE_PATH_MAX - 64];
} upgrade_folder;

/* Names DATA/software; makes nothing. */
SP_MUST_USE sp_status upgrade_folder_of(const char *data, upgrade_folder *ret_folder);

/* Makes the folder and both slots' folders, where they are not there yet, and removes what a killed writer of the state
 * left behind. */
SP_MUST_USE sp_status upgrade_folder_make(const upgrade_folder *folder);

void upgrade_program_path(const upgrade_folder *folder, upgrade_slot slot, char out[UPGRADE_PATH_MAX]);
void upgrade_fresh_path(const upgrade_folder *folder, upgrade_slot slot,
                        char out[UPGRADE_PATH_MAX]); /* while it is written */
void upgrade_part_path(const upgrade_folder *folder, char out[UPGRADE_PATH_MAX]);
void upgrade_lock_path(const upgrade_folder *folder, char out[UPGRADE_PATH_MAX]);

/* FILE_NOT_FOUND: there is none, or none that can be read. */
SP_MUST_USE sp_status upgrade_state_read(const upgrade_folder *folder, upgrade_state *ret_state);

/* Returns when it is on the disk. */
SP_MUST_USE sp_status upgrade_state_write(const upgrade_folder *folder, const upgrade_state *state);

/* A program that was written at upgrade_fresh_path, with its descriptor still open, takes the slot: runnable, on the
 * disk for good. */
SP_MUST_USE sp_status upgrade_program_place(const upgrade_folder *folder, upgrade_slot slot, int fd);
