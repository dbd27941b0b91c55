/* Pictures and files from strangers are looked at in processes of their own: smartpass-worker holds the decoders and
 * the face networks behind a system call filter, and what it answers is checked like anything from outside. A worker
 * that crashes or hangs takes one picture or file down with it, nothing else. sheet.h asks the same pool to read
 * sheets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "photo_verdict.h"
#include "status.h"

#define WORKER_PHOTO_BYTES_MAX 512000 /* of a picture that comes in, and of the photo that is made of it */
#define WORKER_TEMPLATE_BYTES 512

SP_STATUS(PHOTO_WORKER_NOT_STARTED, SP_UNAVAILABLE, "No process that checks photos could be started.");
SP_STATUS(PHOTO_WORKERS_BUSY, SP_UNAVAILABLE, "All processes that check photos were busy for too long.");
SP_STATUS(PHOTO_CHECK_TIMED_OUT, SP_DEADLINE_EXCEEDED, "Checking the photo took too long and was stopped.");
SP_STATUS(PHOTO_CHECK_CRASHED, SP_INTERNAL, "The process that checked the photo ended before it answered.");
SP_STATUS(PHOTO_CHECK_NO_MEMORY, SP_RESOURCE_EXHAUSTED, "There was not enough memory to check the photo.");

typedef struct worker_pool worker_pool;

typedef struct {
    const char *program; /* path of smartpass-worker */
    const char *weights; /* path of face.weights */
    int processes;       /* that check photos; 0: 2 */
    int files;           /* that are read at once, each by a process of its own; 0: 4 */
} worker_options;

/* Everything but the verdict is set only when the verdict is PHOTO_OK. */
typedef struct {
    photo_verdict verdict;
    const uint8_t *photo; /* JPEG without metadata, upright, longer side at most 1024 pixels */
    size_t photo_size;
    int width, height;        /* of the photo */
    const uint8_t *thumbnail; /* JPEG of 160 × 160 pixels around the face */
    size_t thumbnail_size;
    int face_x, face_y, face_width, face_height;   /* pixels of the photo; inside it */
    uint8_t template_bytes[WORKER_TEMPLATE_BYTES]; /* as face_template_pack writes it */
    const char *engine;                            /* what made the template */
} photo_result;

/* Starts nothing yet; processes come with the first picture or file, those for pictures with worker_pool_start. Copies
 * the paths. NULL when memory is out. */
worker_pool *worker_pool_new(const worker_options *options);

/* Ends the processes. Nobody may be in a call with it. Accepts NULL. */
void worker_pool_free(worker_pool *pool);

/* Starts every process for pictures now, so that a wrong path shows when the server starts. PHOTO_WORKER_NOT_STARTED
 * when one does not come up. */
SP_MUST_USE sp_status worker_pool_start(worker_pool *pool);

/* Blocks until a worker answered, at most timeout_ms in all; a worker that takes 5 s for a picture is killed. That a
 * picture is no good is a verdict, not a failure. The result's memory is the arena's. [any thread] */
SP_MUST_USE sp_status worker_check_photo(worker_pool *pool, arena *a, const uint8_t *bytes, size_t size, int timeout_ms,
                                         photo_result *ret_result);

/* The same for any other picture, whose content does not matter: of the result only photo and its size in bytes and
 * pixels are set, JPEG without metadata, upright, longer side at most 1280 pixels. DAMAGED is its verdict where a photo
 * would not be an image. */
SP_MUST_USE sp_status worker_check_picture(worker_pool *pool, arena *a, const uint8_t *bytes, size_t size,
                                           int timeout_ms, photo_result *ret_result);
