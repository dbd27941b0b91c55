#include "sqlite_journal.h"

#include <stdlib.h>
#include <string.h>

#include "database.h"

enum {
    PICTURE_NONE = 0,
    PICTURE_WAITING = 1,
    PICTURE_WITH_SERVER = 2,
    PICTURE_GONE = 3,
    /* Beyond what is needed, so that not every pass has to make room. */
    EVICT_AHEAD_BYTES = 1 << 20,
    /* Acknowledged records kept for the terminal's own list of passes. */
    RECORDS_KEPT = 100000,
};

typedef struct {
    journal base;
    sqlite3 *database;
    uint64_t quota;
    uint64_t settled_seq; /* the acknowledgement that is on the disk */
    sqlite3_stmt *begin, *commit, *rollback;
    sqlite3_stmt *add_record, *add_picture, *trim;
    sqlite3_stmt *read_from, *oldest_waiting, *oldest_stored;
    sqlite3_stmt *set_picture, *drop_picture;
} sqlite_journal;

static bool prepare_all(sqlite_journal *s)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&s->begin, "BEGIN IMMEDIATE"},
        {&s->commit, "COMMIT"},
        {&s->rollback, "ROLLBACK"},
        {&s->add_record, "INSERT INTO record(seq, message, picture, picture_size, picture_sha256) VALUES(?,?,?,?,?)"},
        {&s->add_picture, "INSERT INTO picture(seq, jpeg) VALUES(?,?)"},
        {&s->trim, "DELETE FROM record WHERE seq IN"
                   " (SELECT seq FROM record WHERE seq <= ? AND picture IN (0, 3) ORDER BY seq LIMIT 2)"},
        {&s->read_from, "SELECT seq, message FROM record WHERE seq >= ? ORDER BY seq LIMIT ?"},
        {&s->oldest_waiting, "SELECT seq, picture_size, picture_sha256 FROM record"
                             " WHERE picture = 1 AND seq <= ? ORDER BY seq LIMIT 1"},
        {&s->oldest_stored, "SELECT seq, picture_size FROM record WHERE picture = 2 ORDER BY seq LIMIT 1"},
        {&s->set_picture, "UPDATE record SET picture = ? WHERE seq = ?"},
        {&s->drop_picture, "DELETE FROM picture WHERE seq = ?"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].statement = database_prepare(s->database, all[i].sql);
        if (!*all[i].statement)
            return false;
    }
    return true;
}

/* ---- Pictures ---- */

static bool set_picture(sqlite_journal *s, uint64_t seq, int state)
{
    sqlite3_bind_int(s->set_picture, 1, state);
    sqlite3_bind_int64(s->set_picture, 2, (sqlite3_int64)seq);
    return database_step(s->set_picture) == SQLITE_DONE;
}

static bool drop_picture(sqlite_journal *s, uint64_t seq)
{
    sqlite3_bind_int64(s->drop_picture, 1, (sqlite3_int64)seq);
    return set_picture(s, seq, PICTURE_GONE) && database_step(s->drop_picture) == SQLITE_DONE;
}

/* Gives up the oldest pictures that the server has, until so many bytes are freed; returns how many were. */
static uint64_t evict_stored(sqlite_journal *s, uint64_t bytes, uint64_t *ret_count)
{
    uint64_t freed = 0;

    *ret_count = 0;
    while (freed < bytes && sqlite3_step(s->oldest_stored) == SQLITE_ROW) {
        uint64_t seq = (uint64_t)sqlite3_column_int64(s->oldest_stored, 0);
        uint64_t size = (uint64_t)sqlite3_column_int64(s->oldest_stored, 1);

        sqlite3_reset(s->oldest_stored);
        if (!drop_picture(s, seq))
            break;
        freed += size;
        ++*ret_count;
    }
    sqlite3_reset(s->oldest_stored);
    return freed;
}

static bool evict(sqlite_journal *s, uint64_t bytes)
{
    uint64_t count;
    uint64_t freed;

    if (database_step(s->begin) != SQLITE_DONE)
        return false;
    freed = evict_stored(s, bytes + EVICT_AHEAD_BYTES, &count);
    if (sp_failed(
            database_set_fact(s->database, "evicted_pictures", (int64_t)(s->base.facts.evicted_pictures + count))) ||
        database_step(s->commit) != SQLITE_DONE) {
        database_step(s->rollback);
        return false;
    }
    s->base.facts.evicted_pictures += count;
    s->base.facts.picture_bytes -= freed < s->base.facts.picture_bytes ? freed : s->base.facts.picture_bytes;
    return freed >= bytes;
}

static bool make_room(journal *j, size_t picture_size)
{
    sqlite_journal *s = (sqlite_journal *)j;
    uint64_t wanted = j->facts.picture_bytes + picture_size;

    if (wanted <= s->quota)
        return true;
    return picture_size <= s->quota && evict(s, wanted - s->quota);
}

static bool oldest_picture(journal *j, journal_picture *ret_picture)
{
    sqlite_journal *s = (sqlite_journal *)j;
    bool found = false;

    sqlite3_bind_int64(s->oldest_waiting, 1, (sqlite3_int64)j->facts.acked_seq);
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

static size_t read_picture(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap)
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
static void picture_done(journal *j, uint64_t seq, picture_fate fate)
{
    sqlite_journal *s = (sqlite_journal *)j;
    bool done = fate == PICTURE_STORED ? set_picture(s, seq, PICTURE_WITH_SERVER) : drop_picture(s, seq);

    if (done && j->facts.waiting_pictures > 0)
        j->facts.waiting_pictures--;
}

/* ---- Records ---- */

static int insert(sqlite_journal *s, uint64_t seq, const uint8_t *record, size_t size, const journal_picture *picture,
                  const uint8_t *jpeg)
{
    int result;

    sqlite3_bind_int64(s->add_record, 1, (sqlite3_int64)seq);
    sqlite3_bind_blob(s->add_record, 2, record, (int)size, SQLITE_STATIC);
    sqlite3_bind_int(s->add_record, 3, picture ? PICTURE_WAITING : PICTURE_NONE);
    sqlite3_bind_int64(s->add_record, 4, picture ? picture->size : 0);
    if (picture)
        sqlite3_bind_blob(s->add_record, 5, picture->sha256, sizeof picture->sha256, SQLITE_STATIC);
    else
        sqlite3_bind_null(s->add_record, 5);
    result = database_step(s->add_record);
    if (result != SQLITE_DONE || !picture)
        return result;
    sqlite3_bind_int64(s->add_picture, 1, (sqlite3_int64)seq);
    sqlite3_bind_blob(s->add_picture, 2, jpeg, (int)picture->size, SQLITE_STATIC);
    return database_step(s->add_picture);
}

/* In the transaction of an append: the latest acknowledgement, and what is too old to be kept. */
static int tidy(sqlite_journal *s)
{
    const journal_facts *f = &s->base.facts;

    if (f->acked_seq > s->settled_seq && sp_failed(database_set_fact(s->database, "acked_seq", (int64_t)f->acked_seq)))
        return sqlite3_errcode(s->database) == SQLITE_FULL ? SQLITE_FULL : SQLITE_ERROR; /* full is no damage */
    if (f->last_seq <= RECORDS_KEPT)
        return SQLITE_DONE;
    sqlite3_bind_int64(
        s->trim, 1,
        (sqlite3_int64)(f->acked_seq < f->last_seq - RECORDS_KEPT ? f->acked_seq : f->last_seq - RECORDS_KEPT));
    return database_step(s->trim);
}

static int append_once(sqlite_journal *s, const uint8_t *record, size_t size, const journal_picture *picture,
                       const uint8_t *jpeg)
{
    int result = database_step(s->begin);

    if (result != SQLITE_DONE)
        return result;
    result = insert(s, s->base.facts.last_seq + 1, record, size, picture, jpeg);
    if (result == SQLITE_DONE)
        result = tidy(s);
    if (result == SQLITE_DONE)
        result = database_step(s->commit);
    if (result != SQLITE_DONE && !sqlite3_get_autocommit(s->database))
        database_step(s->rollback);
    return result;
}

static journal_result append(journal *j, const uint8_t *record, size_t size, const journal_picture *picture,
                             const uint8_t *jpeg)
{
    sqlite_journal *s = (sqlite_journal *)j;
    uint64_t acked_seq = j->facts.acked_seq;
    int result = append_once(s, record, size, picture, jpeg);

    if (result == SQLITE_FULL && evict(s, size + (picture ? picture->size : 0)))
        result = append_once(s, record, size, picture, jpeg);
    if (result == SQLITE_FULL)
        return JOURNAL_FULL;
    if (result != SQLITE_DONE)
        return JOURNAL_BROKEN;
    j->facts.last_seq++;
    s->settled_seq = acked_seq;
    if (picture) {
        j->facts.waiting_pictures++;
        j->facts.picture_bytes += picture->size;
    }
    return JOURNAL_DONE;
}

static uint32_t read_records(journal *j, uint64_t from_seq, uint32_t max, journal_reader reader, void *arg)
{
    sqlite_journal *s = (sqlite_journal *)j;
    uint32_t taken = 0;

    sqlite3_bind_int64(s->read_from, 1, (sqlite3_int64)from_seq);
    sqlite3_bind_int64(s->read_from, 2, max);
    while (taken < max && sqlite3_step(s->read_from) == SQLITE_ROW) {
        uint64_t seq = (uint64_t)sqlite3_column_int64(s->read_from, 0);

        if (!reader(arg, seq, sqlite3_column_blob(s->read_from, 1), (size_t)sqlite3_column_bytes(s->read_from, 1)))
            break;
        taken++;
    }
    sqlite3_reset(s->read_from);
    return taken;
}

static void acked(journal *j, uint64_t seq)
{
    if (seq > j->facts.acked_seq && seq <= j->facts.last_seq)
        j->facts.acked_seq = seq;
}

/* ---- The whole ---- */

static const journal_ops sqlite_ops = {
    .make_room = make_room,
    .append = append,
    .read = read_records,
    .acked = acked,
    .oldest_picture = oldest_picture,
    .read_picture = read_picture,
    .picture_done = picture_done,
};

static sp_status read_facts(sqlite_journal *s)
{
    journal_facts *f = &s->base.facts;
    sqlite3_stmt *count =
        database_prepare(s->database, "SELECT coalesce(max(seq), 0),"
                                      " (SELECT count(*) FROM record WHERE picture = 1),"
                                      " (SELECT coalesce(sum(picture_size), 0) FROM record WHERE picture IN (1, 2))"
                                      " FROM record");
    int result = count ? sqlite3_step(count) : sqlite3_errcode(s->database);

    if (result == SQLITE_ROW) {
        f->last_seq = (uint64_t)sqlite3_column_int64(count, 0);
        f->waiting_pictures = (uint64_t)sqlite3_column_int64(count, 1);
        f->picture_bytes = (uint64_t)sqlite3_column_int64(count, 2);
    }
    sqlite3_finalize(count);
    if (result != SQLITE_ROW)
        return sp_failed(database_status(result)) ? database_status(result) : STORE_FAILED;
    f->acked_seq = (uint64_t)database_fact(s->database, "acked_seq", 0);
    if (f->last_seq < f->acked_seq)
        f->last_seq = f->acked_seq; /* all of them were given up */
    f->evicted_pictures = (uint64_t)database_fact(s->database, "evicted_pictures", 0);
    s->settled_seq = f->acked_seq;
    return SP_DONE;
}

sp_status sqlite_journal_new(sqlite3 *database, uint32_t epoch, uint64_t picture_quota, journal **ret_journal)
{
    sqlite_journal *s = calloc(1, sizeof *s);
    sp_status status = SP_DONE;

    if (!s)
        return STORE_FAILED;
    s->base = (journal){.ops = &sqlite_ops, .facts = {.epoch = epoch}};
    s->database = database;
    s->quota = picture_quota;
    if (!prepare_all(s))
        status = database_status(sqlite3_errcode(database));
    if (!sp_failed(status))
        status = read_facts(s);
    if (sp_failed(status)) {
        sqlite_journal_free(&s->base);
        return status;
    }
    *ret_journal = &s->base;
    return SP_DONE;
}

static int forget_acked(sqlite_journal *s, const char *sql)
{
    sqlite3_stmt *forget = database_prepare(s->database, sql);
    int result = SQLITE_ERROR;

    if (forget) {
        sqlite3_bind_int64(forget, 1, (sqlite3_int64)s->base.facts.acked_seq);
        result = sqlite3_step(forget);
    }
    sqlite3_finalize(forget);
    return result;
}

sp_status sqlite_journal_begin_epoch(journal *j, uint32_t epoch)
{
    sqlite_journal *s = (sqlite_journal *)j;
    int result;

    sqlite_journal_settle(j);
    result = database_step(s->begin);
    if (result == SQLITE_DONE)
        result = forget_acked(s, "DELETE FROM record WHERE seq <= ?");
    if (result == SQLITE_DONE)
        result = forget_acked(s, "DELETE FROM picture WHERE seq <= ?");
    if (result == SQLITE_DONE)
        result = database_step(s->commit);
    if (result != SQLITE_DONE) {
        if (!sqlite3_get_autocommit(s->database))
            database_step(s->rollback);
        return database_status(result);
    }
    j->facts.epoch = epoch;
    return read_facts(s);
}

void sqlite_journal_settle(journal *j)
{
    sqlite_journal *s = (sqlite_journal *)j;

    if (j->facts.acked_seq > s->settled_seq &&
        !sp_failed(database_set_fact(s->database, "acked_seq", (int64_t)j->facts.acked_seq)))
        s->settled_seq = j->facts.acked_seq;
}

void sqlite_journal_free(journal *j)
{
    sqlite_journal *s = (sqlite_journal *)j;

    if (!s)
        return;
    if (s->add_record)
        sqlite_journal_settle(j);
    sqlite3_stmt *const all[] = {s->begin,         s->commit,      s->rollback,    s->add_record,
                                 s->add_picture,   s->trim,        s->read_from,   s->oldest_waiting,
                                 s->oldest_stored, s->set_picture, s->drop_picture};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    free(s);
}
