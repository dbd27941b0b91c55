/* Sheets from strangers are read in processes of their own, as photos are looked at: see worker.h. A sheet that crashes
 * its reader, or never ends, is a typed failure and nothing else. Memory is flat on this side: a batch of rows at a
 * time. */
#pragma once

#include "sheet_row.h"
#include "worker.h"

SP_STATUS(SHEET_WORKER_NOT_STARTED, SP_UNAVAILABLE, "No process that reads sheets could be started.");
SP_STATUS(SHEET_WORKERS_BUSY, SP_UNAVAILABLE, "All processes that read sheets were busy for too long.");
SP_STATUS(SHEET_TIMED_OUT, SP_DEADLINE_EXCEEDED, "Reading the sheet took too long and was stopped.");
SP_STATUS(SHEET_CRASHED, SP_INVALID_ARGUMENT, "The process that read the sheet ended in the middle of it.");

/* Reads the file from its beginning, whatever its offset; fd stays the caller's and must be open for reading. Blocks
 * until all is read: seconds for a large sheet, plus what on_row takes, which is called on this thread. To find the
 * sheet whose header fits, ask for 0, 1, 2 … until SHEET_NOT_THERE: stopping in on_row at the first row is cheap.
 * Failures are those above, those of sheet_row.h and those of on_row; rows that were handed over before a failure were
 * well read. ret_facts is set only when done; NULL is allowed. [any thread] */
SP_MUST_USE sp_status worker_read_sheet(worker_pool *pool, int fd, sheet_kind kind, sheet_want want,
                                        sheet_row_taken on_row, void *arg, sheet_facts *ret_facts);
