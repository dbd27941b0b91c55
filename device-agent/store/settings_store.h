/* The settings that this terminal obeys, one row each: its value, the server's version of it, and whether it was
 * changed here without an answer yet. One thread at a time. */
#pragma once

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "reserve.h"
#include "setting_state.h"
#include "settings.h"
#include "status.h"

typedef struct settings_store settings_store;

/* One setting as it is to be from now on. */
typedef struct {
    const setting_rule *rule;
    setting_state state;
    setting_value value; /* sound; its text is borrowed */
} kept_setting;

/* Database and reserve are borrowed. What a former version of the program kept (a number for each of a few settings) is
 * taken over. A row that makes no sense counts as the factory's, so that the server's next word about it holds. */
SP_MUST_USE sp_status settings_store_new(sqlite3 *database, reserve *held_back, settings_store **ret_store);

/* Lives as long as the object and no longer: a simulated terminal that forgets all else keeps it as its disk. It begins
 * with factory values. NULL: memory is out. */
settings_store *settings_store_in_memory(void);

void settings_store_free(settings_store *s); /* accepts NULL */

const terminal_settings *settings_store_values(const settings_store *s);
setting_state settings_store_state(const settings_store *s, const setting_rule *rule);

/* Up to which version everything that the server said was taken or refused; 0: it said nothing yet. */
int64_t settings_store_cursor(const settings_store *s);

/* Keeps them, and the cursor, all or nothing; durable when it returns. On failure everything is as before. */
SP_MUST_USE sp_status settings_store_keep(settings_store *s, const kept_setting *settings, size_t count,
                                          int64_t cursor);

/* Factory values for all but the password and the names of terminal and company; the cursor stays. */
SP_MUST_USE sp_status settings_store_reset(settings_store *s);
