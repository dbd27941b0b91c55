/* A journal in memory, for the fleet: records only, as many as are not yet acknowledged. */
#pragma once

#include "journal.h"

/* Holds up to capacity unacknowledged records of at most record_max bytes; append answers JOURNAL_FULL beyond that.
 * NULL when memory is out. */
journal *memory_journal_new(uint32_t epoch, uint32_t capacity, uint32_t record_max);
void memory_journal_free(journal *j); /* accepts NULL */
