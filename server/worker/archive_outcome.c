#include "archive_outcome.h"

#include <string.h>

#include "archive.h"

static const sp_status *const statuses[WORKER_ARCHIVE_OUTCOMES] = {
    [WORKER_ARCHIVE_NOT_READABLE] = &ARCHIVE_NOT_READABLE,
    [WORKER_ARCHIVE_ENCRYPTED] = &ARCHIVE_ENCRYPTED,
    [WORKER_ARCHIVE_TOO_LARGE] = &ARCHIVE_TOO_LARGE,
    [WORKER_ARCHIVE_OVERLAPS] = &ARCHIVE_OVERLAPS,
    [WORKER_ARCHIVE_SPLIT] = &ARCHIVE_SPLIT,
    [WORKER_ARCHIVE_PACKING_UNKNOWN] = &ARCHIVE_PACKING_UNKNOWN,
    [WORKER_ARCHIVE_NO_MEMORY] = &ARCHIVE_NO_MEMORY,
};

worker_archive_outcome archive_outcome_of(sp_status status)
{
    if (!sp_failed(status))
        return WORKER_ARCHIVE_DONE;
    for (int i = WORKER_ARCHIVE_DONE + 1; i < WORKER_ARCHIVE_OUTCOMES; i++)
        if (strcmp(statuses[i]->reason, status.reason) == 0)
            return (worker_archive_outcome)i;
    return WORKER_ARCHIVE_NOT_READABLE;
}

sp_status archive_outcome_status(worker_archive_outcome outcome)
{
    return outcome == WORKER_ARCHIVE_DONE ? SP_DONE : *statuses[outcome];
}
