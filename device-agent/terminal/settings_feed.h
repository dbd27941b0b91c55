/* The settings between server and terminal: takes or refuses what comes down, keeps it, and tells what became of it and
 * what was changed here. core/setting_state.h says who wins. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"
#include "messages.h"
#include "settings_store.h"

typedef struct settings_feed settings_feed;

settings_feed *settings_feed_new(settings_store *store, const camera *device); /* both borrowed; NULL: memory is out */
void settings_feed_free(settings_feed *f);                                     /* accepts NULL */

/* Takes each value that is sound and offered; the rest keeps what it was and is reported with the reason. All of them
 * are durable, with the cursor, when this returns. False: the message cannot be used here and now. */
bool settings_feed_take(settings_feed *f, const SettingChanges *changes);

/* Somebody at the terminal changed it; durable when it returns. The value is sound. */
SP_MUST_USE sp_status settings_feed_change(settings_feed *f, const setting_rule *rule, setting_value value);

/* Whether this terminal's hardware can do what a sound value asks for. */
bool settings_feed_offers(const settings_feed *f, const setting_rule *rule, setting_value value);

/* Fills what is to be told next; false: nothing. Outcomes once, changes made here until they are answered. */
bool settings_feed_report(settings_feed *f, ConnectRequest *ret_message, int64_t now_ms);

/* The connection is gone: what was not answered is told again on the next. */
void settings_feed_reset(settings_feed *f);

/* When changes made here are to be told again because nobody has answered; INT64_MAX: there are none. */
int64_t settings_feed_due_ms(const settings_feed *f);

/* Time has passed; true: settings_feed_report has something. */
bool settings_feed_tick(settings_feed *f, int64_t now_ms);
