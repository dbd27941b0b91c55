/* The journal on the terminal's disk: records and pictures in SQLite, pictures under a quota. */
#pragma once

#include <sqlite3.h>

#include "journal.h"
#include "reserve.h"
#include "status.h"

/* picture_quota: bytes of pictures to hold. The database and the reserve are borrowed and must outlive the journal;
 * held_back NULL: there is no reserve. */
SP_MUST_USE sp_status sqlite_journal_new(sqlite3 *database, uint32_t epoch, uint64_t picture_quota, reserve *held_back,
                                         journal **ret_journal);

/* Goes on under another epoch: what the server has under the old one is given up, with its pictures; the rest is to be
 * sent, under the numbers that it has. */
SP_MUST_USE sp_status sqlite_journal_begin_epoch(journal *j, uint32_t epoch);

/* Makes durable what is not yet: the last acknowledgement and what was posted, which appends do in passing, and which
 * pictures are done. */
void sqlite_journal_settle(journal *j);
void sqlite_journal_free(journal *j); /* settles; accepts NULL */
