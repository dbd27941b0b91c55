/* Everything a terminal keeps: journal, people, settings, pass display, its own log, counters. One folder, one process,
 * one thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "display_store.h"
#include "journal.h"
#include "log_store.h"
#include "people_store.h"
#include "settings_store.h"
#include "status.h"
#include "terminal_names.h"

SP_STATUS(STORE_IN_USE, SP_ALREADY_EXISTS, "Another process uses this data folder.");

typedef struct store store;

typedef struct {
    const char *folder;     /* must exist */
    uint64_t picture_quota; /* bytes of pictures in the journal */
    uint64_t reserve;       /* bytes held back for a disk that others fill; 0: none */
    const char *vfs;        /* of SQLite; NULL: the usual one */
} store_options;

/* Opens the store, or makes it anew under the next store epoch when there is none or it is damaged; a damaged file is
 * set aside, not deleted. Counts the boot. */
SP_MUST_USE sp_status store_open(const store_options *options, store **ret_store);
void store_close(store *s); /* accepts NULL */

journal *store_journal(store *s);
people_store *store_people(store *s);
log_store *store_log(store *s);
settings_store *store_settings(store *s);
display_store *store_displays(store *s);
int64_t store_boots(const store *s); /* this one included */
bool store_was_made(const store *s); /* by this opening */
bool store_was_left(const store *s); /* the run before did not close it: the power went, or the program fell */

/* What the server said last about who and where this terminal is; empty before it ever did. */
const terminal_names *store_names(const store *s);
SP_MUST_USE sp_status store_set_names(store *s, const terminal_names *names);

/* Whole numbers to be kept, by a name of ours; 0: never set. */
int64_t store_number(const store *s, const char *name);
SP_MUST_USE sp_status store_set_number(store *s, const char *name, int64_t value);

/* The last order to clear itself that the terminal has followed since this store was made; 0: none. */
int64_t store_wiped_order(const store *s);
SP_MUST_USE sp_status store_set_wiped_order(store *s, int64_t order);

/* Somebody passed who leaves no record: the number of them is kept. */
SP_MUST_USE sp_status store_count_unrecorded(store *s);
int64_t store_unrecorded(const store *s);

/* The present epoch is of no use any more (the server knows records of it that this journal never gave out, or orders
 * another): a higher one begins, and what was not yet acknowledged is to be sent under it. */
SP_MUST_USE sp_status store_raise_epoch(store *s, uint32_t epoch);

/* Makes durable what can wait, and takes the reserve again when the disk has room; worth a call every few seconds. */
void store_settle(store *s);

/* The database turned out to be damaged: it will be set aside at the next opening. */
void store_condemn(store *s);

/* Clears people, records and settings, damaged files that were set aside included. The store is closed by this,
 * whatever it answers. */
SP_MUST_USE sp_status store_wipe(store *take_store);

/* Bytes free on the store's file system, and all of it; 0 when unknown. */
uint64_t store_free_bytes(const store *s);
uint64_t store_total_bytes(const store *s);
