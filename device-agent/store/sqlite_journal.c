#include <stdlib.h>

#include "sqlite_journal_parts.h"

/* Acknowledged records kept for the terminal's own list of passes, and for posting (callback_rules.h: far fewer). */
enum { RECORDS_KEPT = 100000 };

#define POSTED_SEQ "posted_seq"

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
                             " WHERE picture = 1 AND seq <= ? AND seq > ? ORDER BY seq LIMIT 1"},
        {&s->oldest_stored, "SELECT seq, picture_size FROM record WHERE picture = 2 ORDER BY seq LIMIT 1"},
        {&s->set_picture, "UPDATE record SET picture = ? WHERE seq = ?"},
        {&s->set_passed, "UPDATE record SET picture = 2 WHERE picture = 1 AND seq <= ?"},
        {&s->drop_picture, "DELETE FROM picture WHERE seq = ?"},
        {&s->unused_pages, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].statement = database_prepare(s->database, all[i].sql);
        if (!*all[i].statement)
            return false;
    }
    return true;
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
    if (f->posted_seq != s->settled_posted_seq &&
        sp_failed(database_set_fact(s->database, POSTED_SEQ, (int64_t)f->posted_seq)))
        return sqlite3_errcode(s->database) == SQLITE_FULL ? SQLITE_FULL : SQLITE_ERROR;
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
    uint64_t acked_seq = j->facts.acked_seq, posted_seq = j->facts.posted_seq;
    int result = append_once(s, record, size, picture, jpeg);

    /* A record takes what the reserve was for; a picture only the room of other pictures. */
    if (result == SQLITE_FULL && (pictures_make_way(s, size + (picture ? picture->size : 0)) || !picture))
        result = append_once(s, record, size, picture, jpeg);
    if (result == SQLITE_FULL)
        return JOURNAL_FULL;
    if (result != SQLITE_DONE)
        return JOURNAL_BROKEN;
    j->facts.last_seq++;
    s->settled_seq = acked_seq;
    s->settled_posted_seq = posted_seq;
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

static void posted(journal *j, uint64_t seq)
{
    j->facts.posted_seq = seq;
}

/* ---- The whole ---- */

static const journal_ops sqlite_ops = {
    .make_room = pictures_make_room,
    .append = append,
    .read = read_records,
    .acked = acked,
    .posted = posted,
    .oldest_picture = pictures_oldest,
    .read_picture = pictures_read,
    .picture_done = pictures_done,
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

sp_status sqlite_journal_new(sqlite3 *database, uint32_t epoch, uint64_t picture_quota, reserve *held_back,
                             journal **ret_journal)
{
    sqlite_journal *s = calloc(1, sizeof *s);
    sp_status status = SP_DONE;

    if (!s)
        return STORE_FAILED;
    s->base = (journal){.ops = &sqlite_ops, .facts = {.epoch = epoch}};
    s->database = database;
    s->reserve = held_back;
    s->quota = picture_quota;
    if (!prepare_all(s))
        status = database_status(sqlite3_errcode(database));
    if (!sp_failed(status))
        status = read_facts(s);
    s->settled_posted_seq = (uint64_t)database_fact(database, POSTED_SEQ, INT64_MAX);
    s->base.facts.posted_seq = s->settled_posted_seq;
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
    if (j->facts.posted_seq != s->settled_posted_seq &&
        !sp_failed(database_set_fact(s->database, POSTED_SEQ, (int64_t)j->facts.posted_seq)))
        s->settled_posted_seq = j->facts.posted_seq;
    pictures_settle(s);
}

void sqlite_journal_free(journal *j)
{
    sqlite_journal *s = (sqlite_journal *)j;

    if (!s)
        return;
    if (s->unused_pages) /* the last that was prepared */
        sqlite_journal_settle(j);
    sqlite3_stmt *const all[] = {s->begin,      s->commit,       s->rollback,       s->add_record,    s->add_picture,
                                 s->trim,       s->read_from,    s->oldest_waiting, s->oldest_stored, s->set_picture,
                                 s->set_passed, s->drop_picture, s->unused_pages};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    free(s);
}
