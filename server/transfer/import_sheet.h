/* The sheet of a file that is to be imported: which of the workbook's, where its header is, how many rows follow. */
#pragma once

#include "import_row.h"
#include "smartpass/v1/transfer.pb-c.h"
#include "worker.h"

/* The manual's words. */
SP_STATUS(TEMPLATE_MISMATCH, SP_INVALID_ARGUMENT,
          "The file content or format is incorrect. Please fill in the employee information according to the template "
          "requirements.");

typedef struct {
    int fd;         /* borrowed */
    int sheet;      /* of the visible ones */
    int header_row; /* as the sheet counts */
    int total;      /* rows below the header that hold anything */
    char name[SHEET_NAME_BYTES_MAX + 1];
    Smartpass__V1__TransferFileKind kind;
    import_columns columns;
} import_sheet;

/* Whether files of this kind are sheets. */
bool import_kind_is_sheet(Smartpass__V1__TransferFileKind kind);

/* Finds the first visible sheet one of whose first rows is the header, and counts its rows; at least the first
 * preview_rows below it go to on_row. Texts are in the arena. TEMPLATE_MISMATCH when there is none. Blocks. */
sp_status import_sheet_find(worker_pool *workers, int fd, Smartpass__V1__TransferFileKind kind, arena *a,
                            int preview_rows, sheet_row_taken on_row, void *arg, import_sheet *ret_sheet) SP_MUST_USE;

/* All rows below the header; on_row is told their ordinal, from 0. Blocks. */
typedef sp_status (*import_row_taken)(void *arg, const sheet_row *row, int ordinal);
sp_status import_sheet_read(worker_pool *workers, const import_sheet *sheet, import_row_taken on_row,
                            void *arg) SP_MUST_USE;
