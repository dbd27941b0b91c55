/* Looks at photos of a zip ahead of whoever stores them: some threads, each with a process of its own, work off blocks
 * in their order, so that no block waits until another is stored. */
#pragma once

#include "photo_archive.h"

enum { PHOTO_BLOCK = 16 };

typedef struct {
    uint32_t entry;
    bool wanted;       /* else there is nothing to look at */
    arena memory;      /* of the result; reset by the owner */
    archive_look look; /* set, if wanted */
} photo_look;

typedef struct photo_block {
    photo_look looks[PHOTO_BLOCK];
    size_t count;
    size_t begun, ended; /* in the threads' hands between post and wait */
    struct photo_block *next;
} photo_block;

typedef struct photo_looks photo_looks;

/* fd is borrowed. NULL when memory or threads are out. */
photo_looks *photo_looks_new(worker_pool *workers, int fd);

/* Waits for the photos at hand, not for the rest. Accepts NULL. */
void photo_looks_free(photo_looks *looks);

/* The block is the threads' until photo_looks_wait. */
void photo_looks_post(photo_looks *looks, photo_block *block);

/* Until all of the block is looked at, or nothing can be looked at any more: failures are worker_archive_check's. */
sp_status photo_looks_wait(photo_looks *looks, photo_block *block) SP_MUST_USE;
