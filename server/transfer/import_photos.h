/* The operation "import photos": the files of a zip whose names are numbers of employees. */
#pragma once

#include "transfer_parts.h"

#define IMPORT_PHOTOS_KIND "import photos"

/* An operation_kind's run; arg is the server_transfer. */
sp_status import_photos_run(operation_run *run, void *arg);

/* Total and first names of the zip, with what is wrong with the names; in the arena. Blocks. */
sp_status import_photos_preview(const server_transfer *transfer, int fd, arena *a,
                                Smartpass__V1__ImportPreview *reply) SP_MUST_USE;
