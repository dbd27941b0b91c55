/* The journal of passes: what must reach the server, in order, and is forgotten only when the server has it. An
 * interface with two implementations: SQLite for a terminal, memory for the fleet. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct journal journal;

typedef enum {
    JOURNAL_DONE,
    JOURNAL_FULL,   /* the disk takes no more, and nothing may be given up for it; the journal is as before */
    JOURNAL_BROKEN, /* the store failed; the journal is as before */
} journal_result;

typedef enum { PICTURE_STORED, PICTURE_REFUSED } picture_fate;

#define JOURNAL_POSTS_NOTHING ((uint64_t)INT64_MAX)

/* Numbers that the journal keeps up to date; read them freely. */
typedef struct {
    uint32_t epoch;
    uint64_t last_seq;         /* the newest record; 0 before the first */
    uint64_t acked_seq;        /* everything up to here is stored by the server for good */
    uint64_t posted_seq;       /* everything up to here needs no posting; JOURNAL_POSTS_NOTHING: nothing ever does */
    uint64_t waiting_pictures; /* not yet with the server */
    uint64_t evicted_pictures; /* with the server, and given up here for want of room */
    uint64_t picture_bytes;    /* held */
} journal_facts;

typedef struct {
    uint64_t seq;
    uint32_t size; /* bytes of JPEG */
    uint8_t sha256[32];
} journal_picture;

/* Gets one record as it goes over the wire; false: no more are wanted. */
typedef bool (*journal_reader)(void *arg, uint64_t seq, const uint8_t *record, size_t size);

typedef struct {
    /* Whether a picture of so many bytes may be appended; gives up the oldest acknowledged ones for it. */
    bool (*make_room)(journal *j, size_t picture_size);

    /* Adds the record facts.last_seq + 1, with its picture unless NULL. It is durable when this returns JOURNAL_DONE.
     */
    journal_result (*append)(journal *j, const uint8_t *record, size_t size, const journal_picture *picture,
                             const uint8_t *jpeg);

    /* Reads up to max records from a sequence number on, in order; returns how many the reader took. */
    uint32_t (*read)(journal *j, uint64_t from_seq, uint32_t max, journal_reader reader, void *arg);

    /* The server has everything up to seq. May become durable later: the server says it again when asked. */
    void (*acked)(journal *j, uint64_t seq);

    /* Everything up to seq was posted to the enterprise's own address, or need not be. May become durable later. */
    void (*posted)(journal *j, uint64_t seq);

    /* The oldest picture that waits and whose record is acknowledged; false: there is none. */
    bool (*oldest_picture)(journal *j, journal_picture *ret_picture);

    /* Bytes read; 0 when the picture is gone. */
    size_t (*read_picture)(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap);
    void (*picture_done)(journal *j, uint64_t seq, picture_fate fate);
} journal_ops;

struct journal {
    const journal_ops *ops;
    journal_facts facts;
};
