/* Writes batches of an import one after another on a thread of its own, so that the next rows are read meanwhile. */
#pragma once

#include "import_batch.h"

typedef struct import_writer import_writer;

/* The job is the writer's until it is freed, except for what import_batch_write does not change. NULL when memory or
 * threads are out. */
import_writer *import_writer_new(import_job *job);

/* Begins with this batch once the one before is written; it stays where it is until the next call answers. A failure is
 * that of a batch before; nothing is written after one. */
sp_status import_writer_post(import_writer *writer, const import_batch *batch) SP_MUST_USE;

/* Returns when everything is written, or how it failed. */
sp_status import_writer_wait(import_writer *writer) SP_MUST_USE;

/* From now on what is posted goes there, and nothing of it fails; NULL: it is written by itself. Nothing may be at
 * hand.
 */
void import_writer_set_early(import_writer *writer, import_early *early);

/* Waits for the batch at hand, whatever becomes of it. Accepts NULL. */
void import_writer_free(import_writer *writer);
