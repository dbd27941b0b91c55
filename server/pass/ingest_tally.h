/* The console's counters, as part of the transaction that stores the records. */
#pragma once

#include "ingest_store.h"

/* Counts the rows that this transaction added. */
sp_status ingest_tally_add(db_tx *tx, arena *a, int writer, const ingest_row *rows, size_t count) SP_MUST_USE;
