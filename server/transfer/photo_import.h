/* Some files of a zip of photos on their way into the database, in one transaction with their problems and the
 * operation's progress: all of it or nothing. */
#pragma once

#include "photo_looks.h"
#include "photo_names.h"
#include "transfer.h"

/* How far an import is; what its checkpoint holds. */
typedef struct {
    int32_t files; /* done */
    int32_t added, updated, failed;
    int32_t total; /* files in all */
} photo_progress;

typedef struct {
    const transfer_options *options;
    operation_run *run;
    photo_progress progress;
} photo_import;

typedef struct {
    const photo_file *file;
    int64_t person_id; /* 0: nobody; his as it was when the photo was looked at */
    photo_fault fault;
} photo_row;

/* Whose they are, of those whom the operator sees; others get a fault. Files with a fault stay as they are. */
sp_status photo_import_find(const photo_import *import, photo_row *rows, size_t count) SP_MUST_USE;

/* Looks are those of the rows. Moves import->progress on when it is committed. */
sp_status photo_import_write(photo_import *import, photo_row *rows, const photo_look *looks, size_t count) SP_MUST_USE;
