/* The journal's pictures: under a quota, and on a full disk within the room that they give each other. */
#include <string.h>

#include "sqlite_journal_parts.h"

/* Beyond what is needed, so that not every pass has to make room. */
enum { EVICT_AHEAD_BYTES = 1 << 20 };

static int set_picture(sqlite_journal *s, uint64_t seq, int state)
{
    sqlite3_bind_int(s->set_picture, 1, state);
    sqlite3_bind_int64(s->set_picture, 2, (sqlite3_int64)seq);
    return database_step(s->set_picture);
}

static int drop_picture(sqlite_journal *s, uint64_t seq)
{
    int result = set_picture(s, seq, PICTURE_GONE);

    if (result != SQLITE_DONE)
        return result;
    sqlite3_bind_int64(s->drop_picture, 1, (sqlite3_int64)seq);
    return database_step(s->drop_picture);
}

/* ---- Giving up pictures that the server has ---- */

typedef struct {
    uint64_t bytes, pictures;
} evicted;

/* The oldest first, until so many bytes are freed or there are no more. */
static int evict_stored(sqlite_journal *s, uint64_t bytes, evicted *e)
{
    int result = SQLITE_DONE;

    while (e->bytes < bytes && result == SQLITE_DONE && sqlite3_step(s->oldest_stored) == SQLITE_ROW) {
        uint64_t seq = (uint64_t)sqlite3_column_int64(s->oldest_stored, 0);

        e->bytes += (uint64_t)sqlite3_column_int64(s->oldest_stored, 1);
        e->pictures++;
        sqlite3_reset(s->oldest_stored);
        result = drop_picture(s, seq);
    }
    sqlite3_reset(s->oldest_stored);
    return result;
}

static int evict_once(sqlite_journal *s, uint64_t bytes, evicted *e)
{
    journal_facts *f = &s->base.facts;
    int result = database_step(s->begin);

    *e = (evicted){0};
    if (result != SQLITE_DONE)
        return result;
    result = evict_stored(s, bytes + EVICT_AHEAD_BYTES, e);
    if (result == SQLITE_DONE &&
        sp_failed(database_set_fact(s->database, "evicted_pictures", (int64_t)(f->evicted_pictures + e->pictures))))
        result = sqlite3_errcode(s->database);
    if (result == SQLITE_DONE)
        result = database_step(s->commit);
    if (result != SQLITE_DONE) {
        if (!sqlite3_get_autocommit(s->database))
            database_step(s->rollback);
        return result;
    }
    f->evicted_pictures += e->pictures;
    f->picture_bytes -= e->bytes < f->picture_bytes ? e->bytes : f->picture_bytes;
    return SQLITE_DONE;
}

/* For the next transactions: the disk gets the reserve, and what the log holds is written back, so that the log begins
 * again at its start, where it has its room already. */
static void make_room_for_log(sqlite_journal *s)
{
    if (s->reserve)
        (void)reserve_release(s->reserve);
    sqlite3_wal_checkpoint_v2(s->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static bool evict(sqlite_journal *s, uint64_t bytes)
{
    evicted e;
    int result = evict_once(s, bytes, &e);

    if (result == SQLITE_FULL) {
        make_room_for_log(s);
        result = evict_once(s, bytes, &e);
    }
    return result == SQLITE_DONE && e.bytes >= bytes;
}

bool pictures_make_way(sqlite_journal *s, uint64_t bytes)
{
    make_room_for_log(s);
    return evict(s, bytes);
}

/* Bytes in the database that its next rows take before the file grows. */
static uint64_t unused_bytes(sqlite_journal *s)
{
    uint64_t bytes = 0;

    if (sqlite3_step(s->unused_pages) == SQLITE_ROW)
        bytes = (uint64_t)sqlite3_column_int64(s->unused_pages, 0);
    sqlite3_reset(s->unused_pages);
    return bytes;
}

bool pictures_make_room(journal *j, size_t picture_size)
{
    sqlite_journal *s = (sqlite_journal *)j;
    uint64_t wanted = j->facts.picture_bytes + picture_size;

    if (wanted > s->quota)
        return picture_size <= s->quota && evict(s, wanted - s->quota);
    /* What the reserve left is for records: pictures take each other's place until there is a reserve again. */
    if (s->reserve && s->reserve->released && unused_bytes(s) < 2 * picture_size)
        return evict(s, picture_size);
    return true;
}

bool pictures_oldest(journal *j, journal_picture *ret_picture)
{
    sqlite_journal *s = (sqlite_journal *)j;
    bool found = false;

    sqlite3_bind_int64(s->oldest_waiting, 1, (sqlite3_int64)j->facts.acked_seq);
    sqlite3_bind_int64(s->oldest_waiting, 2, (sqlite3_int64)s->passed_seq);
    if (sqlite3_step(s->oldest_waiting) == SQLITE_ROW &&
        sqlite3_column_bytes(s->oldest_waiting, 2) == sizeof ret_picture->sha256) {
        ret_picture->seq = (uint64_t)sqlite3_column_int64(s->oldest_waiting, 0);
        ret_picture->size = (uint32_t)sqlite3_column_int64(s->oldest_waiting, 1);
        memcpy(ret_picture->sha256, sqlite3_column_blob(s->oldest_waiting, 2), sizeof ret_picture->sha256);
        found = true;
    }
    sqlite3_reset(s->oldest_waiting);
    return found;
}

size_t pictures_read(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap)
{
    sqlite_journal *s = (sqlite_journal *)j;
    sqlite3_blob *blob;
    size_t n = 0;

    if (sqlite3_blob_open(s->database, "main", "picture", "jpeg", (sqlite3_int64)seq, 0, &blob) == SQLITE_OK) {
        size_t size = (size_t)sqlite3_blob_bytes(blob);

        if (offset < size) {
            n = size - offset < cap ? size - offset : cap;
            if (sqlite3_blob_read(blob, out, (int)n, (int)offset) != SQLITE_OK)
                n = 0;
        }
    }
    sqlite3_blob_close(blob);
    return n;
}

/* A refused picture is of no use to anybody; a stored one stays for the terminal's own screen until room is needed. */
static int set_fate(sqlite_journal *s, uint64_t seq, picture_fate fate)
{
    return fate == PICTURE_STORED ? set_picture(s, seq, PICTURE_WITH_SERVER) : drop_picture(s, seq);
}

/* Pictures are done in the order of their records, so one number says which must not be offered again. */
void pictures_done(journal *j, uint64_t seq, picture_fate fate)
{
    sqlite_journal *s = (sqlite_journal *)j;
    int result = set_fate(s, seq, fate);

    if (result == SQLITE_FULL) {
        make_room_for_log(s);
        result = set_fate(s, seq, fate);
    }
    s->passed_due |= result != SQLITE_DONE;
    if (seq > s->passed_seq)
        s->passed_seq = seq;
    if (j->facts.waiting_pictures > 0)
        j->facts.waiting_pictures--;
}

void pictures_settle(sqlite_journal *s)
{
    if (!s->passed_due)
        return;
    sqlite3_bind_int64(s->set_passed, 1, (sqlite3_int64)s->passed_seq);
    s->passed_due = database_step(s->set_passed) != SQLITE_DONE;
}
