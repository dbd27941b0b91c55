#include "sheet_outcome.h"

#include <string.h>

static const sp_status *const statuses[WORKER_SHEET_OUTCOMES] = {
    [WORKER_SHEET_NOT_READABLE] = &SHEET_NOT_READABLE,   [WORKER_SHEET_ENCRYPTED] = &SHEET_ENCRYPTED,
    [WORKER_SHEET_HAS_ENTITIES] = &SHEET_HAS_ENTITIES,   [WORKER_SHEET_TOO_LARGE] = &SHEET_TOO_LARGE,
    [WORKER_SHEET_TOO_MANY_ROWS] = &SHEET_TOO_MANY_ROWS, [WORKER_SHEET_TOO_MANY_COLUMNS] = &SHEET_TOO_MANY_COLUMNS,
    [WORKER_SHEET_NOT_THERE] = &SHEET_NOT_THERE,         [WORKER_SHEET_NO_MEMORY] = &SHEET_NO_MEMORY,
};

worker_sheet_outcome sheet_outcome_of(sp_status status)
{
    if (!sp_failed(status))
        return WORKER_SHEET_DONE;
    for (int i = WORKER_SHEET_DONE + 1; i < WORKER_SHEET_OUTCOMES; i++)
        if (strcmp(statuses[i]->reason, status.reason) == 0)
            return (worker_sheet_outcome)i;
    return WORKER_SHEET_NOT_READABLE;
}

sp_status sheet_outcome_status(worker_sheet_outcome outcome)
{
    return outcome == WORKER_SHEET_DONE ? SP_DONE : *statuses[outcome];
}
