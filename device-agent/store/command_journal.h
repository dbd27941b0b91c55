/* The commands that this terminal has been given, written down before they are carried out. A file of its own, which
 * outlives the store: a reset clears the store, and must not be forgotten by that. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "command_rules.h"
#include "status.h"

typedef struct command_journal command_journal;

enum { COMMAND_REASON_SIZE = 33 };

typedef struct {
    int64_t id;
    int kind;
    order_state state;
    char reason[COMMAND_REASON_SIZE];
    bool sign_out; /* a reset after which the enrolment goes as well; until it has gone */
    bool told;     /* the server has its end */
} command_entry;

/* Opens the journal of the folder, or makes one; those that were begun have ended by that (order_recovered), durably. A
 * damaged file is made anew: command_journal_was_lost. vfs: of SQLite; NULL: the usual one. */
SP_MUST_USE sp_status command_journal_open(const char *folder, const char *vfs, command_journal **ret_journal);
void command_journal_close(command_journal *j); /* accepts NULL */
bool command_journal_was_lost(const command_journal *j);

bool command_journal_find(command_journal *j, int64_t id, command_entry *ret_entry);

/* Durable when they return SP_DONE; otherwise nothing has changed. The oldest that the server has the end of are
 * forgotten as new ones come. */
SP_MUST_USE sp_status command_journal_add(command_journal *j, const command_entry *entry);
SP_MUST_USE sp_status command_journal_end(command_journal *j, int64_t id, order_state state, const char *reason);
SP_MUST_USE sp_status command_journal_told(command_journal *j, int64_t id);

/* The first one above an id that has ended and whose end the server does not have; false: there is none. */
bool command_journal_untold(command_journal *j, int64_t above, command_entry *ret_entry);

/* Whether the enrolment has to go: the server has the end of a reset that says so. */
bool command_journal_leaving(command_journal *j);

/* The enrolment has gone, or another has come: what was given before asks for no sign-out any more. */
SP_MUST_USE sp_status command_journal_signed_out(command_journal *j);
