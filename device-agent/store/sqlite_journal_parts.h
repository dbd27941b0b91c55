/* Inside store/: the journal on SQLite, for the file of its records and the file of its pictures. */
#pragma once

#include "database.h"
#include "reserve.h"
#include "sqlite_journal.h"

enum {
    PICTURE_NONE = 0,
    PICTURE_WAITING = 1,
    PICTURE_WITH_SERVER = 2,
    PICTURE_GONE = 3,
};

typedef struct {
    journal base;
    sqlite3 *database;
    reserve *reserve; /* borrowed; NULL: none */
    uint64_t quota;
    uint64_t settled_seq; /* the acknowledgement that is on the disk */
    uint64_t settled_posted_seq;
    uint64_t passed_seq; /* no picture up to here is offered, even where the disk did not take that it is done */
    bool passed_due;     /* it did not */
    sqlite3_stmt *begin, *commit, *rollback;
    sqlite3_stmt *add_record, *add_picture, *trim;
    sqlite3_stmt *read_from, *oldest_waiting, *oldest_stored;
    sqlite3_stmt *set_picture, *set_passed, *drop_picture, *unused_pages;
} sqlite_journal;

/* The disk is full: releases the reserve, writes back what the log holds so that its room is used again, and gives up
 * the oldest pictures that the server has. Whether those made so many bytes. */
bool pictures_make_way(sqlite_journal *s, uint64_t bytes);

/* Writes down which pictures were done while the disk took nothing. */
void pictures_settle(sqlite_journal *s);

/* The journal's operations. */
bool pictures_make_room(journal *j, size_t picture_size);
bool pictures_oldest(journal *j, journal_picture *ret_picture);
size_t pictures_read(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap);
void pictures_done(journal *j, uint64_t seq, picture_fate fate);
