/* What passes between the server and smartpass-worker over their socket. Both come from one build and run on one
 * machine, so structs pass as they are; the server still believes nothing that it has not checked.
 *
 *   worker → server   WORKER_READY when all is loaded and the sandbox is closed
 *
 * A process for photos, `smartpass-worker photo WEIGHTS`, then serves one after the other:
 *
 *   server → worker   a worker_photo_job and as many bytes of a picture
 *   worker → server   a worker_answer, then the photo, then the thumbnail (a WORKER_PICTURE has none)
 *
 * A process for a file serves that one and ends, so that no file can wait for the next. `smartpass-worker sheet KIND`:
 *
 *   server → worker   a worker_sheet_job and with it the open file
 *   worker → server   worker_frames: WORKER_ROWS, each with rows behind one another, then one WORKER_SHEET_READ with a
 *                     worker_sheet_end; a row is a worker_row and its texts, each with a NUL at its end
 *
 * `smartpass-worker names zip` lists what is in a zip, and ends:
 *
 *   server → worker   a worker_archive_job and with it the open file
 *   worker → server   worker_frames: WORKER_NAMES, each with names behind one another, then one WORKER_NAMES_READ with
 * a worker_archive_end; a name is a worker_name and as many bytes
 *
 * `smartpass-worker archive WEIGHTS` looks at pictures in a zip, one after the other:
 *
 *   server → worker   a worker_archive_job and with it the open file
 *   worker → server   a worker_archive_end; unless it is WORKER_ARCHIVE_DONE, the process ends
 *   server → worker   the 32-bit number of an entry
 *   worker → server   a worker_archive_end; if it is WORKER_ARCHIVE_DONE, what is said of a picture above */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sheet_row.h"

#define WORKER_SOCKET 3 /* the descriptor that the worker inherits */
#define WORKER_FILE 4   /* the one that it gets with a job */
#define WORKER_READY 0x31575053u
#define WORKER_JOB_BYTES_MAX 512000
#define WORKER_PHOTO_MAX 512000
#define WORKER_THUMBNAIL_MAX 65536

/* Of processor time for a job. */
#define WORKER_PHOTO_CPU_SECONDS 2
#define WORKER_SHEET_CPU_SECONDS 60
#define WORKER_ARCHIVE_CPU_SECONDS 30 /* for its directory; for a file, as for any photo */

/* Of address space: three times what the largest picture needs; and what the texts of 100 000 rows need, 192 MiB at
 * most and as much again while they grow, beside the program; a directory of 250 000 entries comes to 100 MiB. */
#define WORKER_PHOTO_MEMORY (1ul << 30)
#define WORKER_SHEET_MEMORY (512ul << 20)
#define WORKER_NAMES_MEMORY (512ul << 20)
#define WORKER_ARCHIVE_MEMORY (WORKER_PHOTO_MEMORY + (256ul << 20))

/* A photo that somebody shall be recognised by, or any other picture. */
typedef enum { WORKER_PHOTO, WORKER_PICTURE } worker_photo_kind;

typedef struct {
    uint32_t kind; /* worker_photo_kind */
    uint32_t size; /* bytes that follow */
} worker_photo_job;

typedef enum { WORKER_EXAMINED, WORKER_OUT_OF_MEMORY } worker_outcome;

typedef struct {
    uint32_t outcome; /* worker_outcome */
    uint32_t verdict; /* photo_verdict */
    int32_t width, height;
    int32_t face_x, face_y, face_width, face_height;
    uint32_t photo_size, thumbnail_size;
    uint8_t template_bytes[512];
    char engine[64]; /* NUL-terminated */
} worker_answer;

typedef struct {
    uint64_t size; /* of the file */
    int32_t sheet, rows;
} worker_sheet_job;

typedef enum { WORKER_ROWS, WORKER_SHEET_READ, WORKER_NAMES, WORKER_NAMES_READ } worker_frame_kind;

typedef struct {
    uint32_t kind; /* worker_frame_kind */
    uint32_t size; /* bytes that follow */
} worker_frame;

typedef struct {
    int32_t number;
    uint32_t count;
    uint64_t cut;
    uint32_t size; /* bytes of the texts */
} worker_row;

/* Rows are sent when they are so many bytes, or all. */
#define WORKER_BATCH_BYTES 65536
#define WORKER_ROW_BYTES_MAX (sizeof(worker_row) + (size_t)SHEET_COLUMNS_MAX * (SHEET_CELL_BYTES_MAX + 1))
#define WORKER_FRAME_BYTES_MAX (WORKER_BATCH_BYTES + WORKER_ROW_BYTES_MAX)

typedef enum {
    WORKER_SHEET_DONE,
    WORKER_SHEET_NOT_READABLE,
    WORKER_SHEET_ENCRYPTED,
    WORKER_SHEET_HAS_ENTITIES,
    WORKER_SHEET_TOO_LARGE,
    WORKER_SHEET_TOO_MANY_ROWS,
    WORKER_SHEET_TOO_MANY_COLUMNS,
    WORKER_SHEET_NOT_THERE,
    WORKER_SHEET_NO_MEMORY,
    WORKER_SHEET_OUTCOMES,
} worker_sheet_outcome;

typedef struct {
    uint32_t outcome; /* worker_sheet_outcome */
    int32_t rows;
    char name[SHEET_NAME_BYTES_MAX + 1]; /* NUL-terminated */
} worker_sheet_end;

typedef struct {
    uint64_t size; /* of the file */
} worker_archive_job;

#define WORKER_NAME_BYTES_MAX 255

typedef struct {
    uint32_t entry; /* of the zip's directory */
    uint32_t size;  /* bytes of the name */
} worker_name;

typedef enum {
    WORKER_ARCHIVE_DONE,
    WORKER_ARCHIVE_NOT_READABLE,
    WORKER_ARCHIVE_ENCRYPTED,
    WORKER_ARCHIVE_TOO_LARGE,
    WORKER_ARCHIVE_OVERLAPS,
    WORKER_ARCHIVE_SPLIT,
    WORKER_ARCHIVE_PACKING_UNKNOWN,
    WORKER_ARCHIVE_NO_MEMORY,
    WORKER_ARCHIVE_OUTCOMES,
} worker_archive_outcome;

typedef struct {
    uint32_t outcome; /* worker_archive_outcome */
    uint32_t large;   /* not 0: the file has more bytes than a photo may have */
} worker_archive_end;
