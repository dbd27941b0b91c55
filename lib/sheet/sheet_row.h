/* What reading a sheet gives: rows of texts, or why there are none. Shared by the reader and by whoever asks it from
 * the other side of a sandbox. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#define SHEET_ROWS_MAX 100001                    /* rows that hold anything: 100 000 and a header */
#define SHEET_COLUMNS_MAX 64                     /* a value further right is refused */
#define SHEET_CELL_BYTES_MAX 4096                /* a longer cell is cut between two characters */
#define SHEET_FILE_BYTES_MAX (256ull << 20)      /* as it lies on the disk */
#define SHEET_INFLATED_BYTES_MAX (1024ull << 20) /* of everything in an .xlsx that is read */
#define SHEET_NAME_BYTES_MAX 128                 /* longer names are cut */

SP_STATUS(SHEET_NOT_READABLE, SP_INVALID_ARGUMENT,
          "The file is damaged, or no sheet of the kind that it is taken for.");
SP_STATUS(SHEET_ENCRYPTED, SP_INVALID_ARGUMENT, "The workbook is protected by a password.");
SP_STATUS(SHEET_HAS_ENTITIES, SP_INVALID_ARGUMENT, "The workbook declares a document type or entities.");
SP_STATUS(SHEET_TOO_LARGE, SP_OUT_OF_RANGE, "The file, or what is packed in it, is larger than what is read.");
SP_STATUS(SHEET_TOO_MANY_ROWS, SP_OUT_OF_RANGE, "The sheet has more than 100 000 rows below its header.");
SP_STATUS(SHEET_TOO_MANY_COLUMNS, SP_OUT_OF_RANGE, "The sheet has values beyond its 64th column.");
SP_STATUS(SHEET_NOT_THERE, SP_NOT_FOUND, "The workbook has fewer visible sheets than that.");
SP_STATUS(SHEET_NO_MEMORY, SP_RESOURCE_EXHAUSTED, "There was not enough memory to read the sheet.");

typedef enum { SHEET_XLSX, SHEET_XLS, SHEET_CSV, SHEET_KINDS } sheet_kind;

typedef struct {
    int sheet; /* which of the visible ones, from 0; a CSV file has one */
    int rows;  /* so many are handed over and the others only counted; 0: all are handed over */
} sheet_want;

/* Texts are UTF-8 without NUL and as they stand, blanks included. Numbers are the shortest text that loses nothing and
 * has no exponent ("7", "0.5", "100000000000000000000"); dates "YYYY-MM-DD", with a time of day "YYYY-MM-DD HH:MM:SS",
 * times alone "HH:MM:SS"; booleans "TRUE" and "FALSE"; errors as the sheet shows them ("#N/A"). Of merged cells the
 * first has the value. */
typedef struct {
    int number;               /* as the sheet counts, from 1; of a CSV file the records */
    size_t count;             /* up to the last cell that is not empty: 1 to SHEET_COLUMNS_MAX */
    const char *const *cells; /* an empty cell is "", never NULL; valid until the callback returns */
    uint64_t cut;             /* bit i: cells[i] was longer than SHEET_CELL_BYTES_MAX */
} sheet_row;

/* Rows come in order; those without any value are left out. A failed status ends the reading and is what it returns. */
typedef sp_status (*sheet_row_taken)(void *arg, const sheet_row *row);

typedef struct {
    char name[SHEET_NAME_BYTES_MAX + 1]; /* of the sheet that was read; "" of a CSV file */
    int rows;                            /* that hold anything, header included, whatever sheet_want says */
} sheet_facts;
