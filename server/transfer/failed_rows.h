/* The rows of an import that failed, as a sheet: as they stood, in the template's columns, with the reasons in a last
 * one. What is mended in it can be imported as it is. */
#pragma once

#include "import_batch.h"
#include "import_sheet.h"

/* Reads the sheet once more. The file is there, for its operation's operator, when this returns. */
sp_status failed_rows_write(const import_job *job, transfer_files *files, const import_sheet *sheet,
                            const char *name_of_import, int64_t *ret_file_id) SP_MUST_USE;
