/* What goes up next: records first, pictures after. Knows sequence numbers and offsets only; whoever owns the journal
 * reads and sends. One upload lives as long as the link does, across connections. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    UPLOAD_BATCH_MAX = 128,   /* records of one message */
    UPLOAD_CHUNK_MAX = 16384, /* bytes of a picture in one message */
};

/* One picture on its way. */
typedef struct {
    uint64_t seq; /* of its record; 0: none on its way */
    uint32_t total;
    uint32_t sent;  /* offset of the next chunk */
    uint32_t acked; /* offset that the server last named */
} upload_picture;

typedef struct {
    uint64_t last_seq;  /* the newest record in the journal */
    uint64_t acked_seq; /* stored by the server for good */
    uint64_t sent_seq;  /* the newest record sent on this connection */
    uint32_t window;    /* the most records sent and not acknowledged */
    uint32_t batch;     /* the most records in one message */
    bool asking;        /* no part was acknowledged on this connection yet: the server may hold more than we know */
    upload_picture picture;
} upload;

typedef enum { UPLOAD_NOTHING, UPLOAD_RECORDS, UPLOAD_PICTURE_CHOICE, UPLOAD_PICTURE_CHUNK } upload_step;

void upload_init(upload *u, uint32_t window, uint32_t batch);

/* A welcome: everything up to acked_seq is stored; what follows is sent again on this connection. False when the
 * server claims records that this journal never gave out. */
bool upload_begin(upload *u, uint64_t acked_seq, uint64_t last_seq);

/* UPLOAD_RECORDS: up to *ret_count from sent_seq + 1. UPLOAD_PICTURE_CHOICE: the owner should look for the oldest
 * picture whose record is acknowledged and call upload_choose. UPLOAD_PICTURE_CHUNK: from picture.sent. */
upload_step upload_next(const upload *u, uint32_t *ret_count);

void upload_appended(upload *u, uint64_t seq);
void upload_sent(upload *u, uint64_t seq);

/* False when the server acknowledges what was not sent: it must not be believed. Older acknowledgements are fine. */
bool upload_acked(upload *u, uint64_t seq);

void upload_choose(upload *u, uint64_t seq, uint32_t total);
void upload_chunk_sent(upload *u, uint32_t size);

/* The server's word about where to go on. True when the picture is stored whole. An offset below one named before
 * means that the server lost its part: the picture goes on from there. */
bool upload_picture_acked(upload *u, uint32_t next_offset);

/* The picture is stored, refused or gone. */
void upload_picture_done(upload *u);
