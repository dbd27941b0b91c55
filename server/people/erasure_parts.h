/* Inside server/people: what the files about erasing share. */
#pragma once

#include "operations.h"
#include "people_parts.h"

/* Writes receipts that are not on the list yet onto it. [any thread] */
sp_status erasure_note(server_people *people) SP_MUST_USE;

/* The same for whoever can do nothing about a failure: it is logged, and the next sweep tries again. */
void erasure_note_or_log(void *people);

/* The operation of deleting many: request is a BatchDelete…Request of the kind's. */
sp_status erasure_batch_employees(operation_run *run, void *people);
sp_status erasure_batch_visitors(operation_run *run, void *people);
sp_status erasure_batch_blacklist_entries(operation_run *run, void *people);
