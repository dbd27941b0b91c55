#include "log_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "text.h"

struct log_store {
    sqlite3 *database;
    const reserve *reserve;
    sqlite3_stmt *begin, *commit, *rollback, *add, *trim, *read, *forget;
    uint64_t sent; /* lines up to here are not shown any more, even where the disk did not take that they are gone */
    bool forget_due;
    bool empty; /* there is nothing on the disk to be shown */
    uint64_t lost;
    uint32_t waiting;
    log_line lines[LOG_STORE_WAITING];
};

static const char table[] =
    "CREATE TABLE IF NOT EXISTS log_line("
    " number INTEGER PRIMARY KEY AUTOINCREMENT," /* never again the number of one that is gone */
    " at_ms INTEGER NOT NULL, level INTEGER NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL)";

static bool prepare_all(log_store *s)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&s->begin, "BEGIN IMMEDIATE"},
        {&s->commit, "COMMIT"},
        {&s->rollback, "ROLLBACK"},
        {&s->add, "INSERT INTO log_line(at_ms, level, event, detail) VALUES(?,?,?,?)"},
        {&s->trim, "DELETE FROM log_line WHERE number <= (SELECT max(number) FROM log_line) - ?"},
        {&s->read, "SELECT number, at_ms, level, event, detail FROM log_line WHERE number > ? ORDER BY number LIMIT ?"},
        {&s->forget, "DELETE FROM log_line WHERE number <= ?"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].statement = database_prepare(s->database, all[i].sql);
        if (!*all[i].statement)
            return false;
    }
    return true;
}

sp_status log_store_new(sqlite3 *database, const reserve *held_back, log_store **ret_store)
{
    log_store *s = calloc(1, sizeof *s);
    sp_status status;

    if (!s)
        return STORE_FAILED;
    s->database = database;
    s->reserve = held_back;
    status = database_run(database, table);
    if (!sp_failed(status) && !prepare_all(s))
        status = database_status(sqlite3_errcode(database));
    if (sp_failed(status)) {
        log_store_free(s);
        return status;
    }
    *ret_store = s;
    return SP_DONE;
}

void log_store_free(log_store *s)
{
    if (!s)
        return;
    if (s->forget) /* the last that was prepared */
        log_store_settle(s);
    sqlite3_stmt *const all[] = {s->begin, s->commit, s->rollback, s->add, s->trim, s->read, s->forget};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    free(s);
}

/* ---- Adding ------------------------------------------------------------------------------------------------------ */

static void copy(char *to, size_t cap, const char *from)
{
    size_t n = from ? strnlen(from, cap - 1) : 0;

    while (n > 0 && !utf8_is_valid(from, n)) /* cut where a character ends */
        n--;
    if (n > 0)
        memcpy(to, from, n);
    to[n] = '\0';
}

void log_store_add(log_store *s, const log_line *line)
{
    log_line *place;

    if (s->waiting == LOG_STORE_WAITING)
        log_store_settle(s);
    if (s->waiting == LOG_STORE_WAITING) { /* the disk takes nothing: the oldest goes */
        memmove(s->lines, s->lines + 1, (LOG_STORE_WAITING - 1) * sizeof *s->lines);
        s->waiting--;
        s->lost++;
    }
    place = &s->lines[s->waiting++];
    *place = (log_line){.at_ms = line->at_ms, .level = line->level};
    copy(place->event, sizeof place->event, line->event);
    copy(place->detail, sizeof place->detail, line->detail);
}

static int insert(log_store *s, const log_line *line)
{
    sqlite3_bind_int64(s->add, 1, line->at_ms);
    sqlite3_bind_int(s->add, 2, (int)line->level);
    sqlite3_bind_text(s->add, 3, line->event, -1, SQLITE_STATIC);
    sqlite3_bind_text(s->add, 4, line->detail, -1, SQLITE_STATIC);
    return database_step(s->add);
}

static int insert_lost(log_store *s)
{
    log_line line = {.at_ms = s->lines[0].at_ms, .level = LINE_WARNING, .event = "LINES_LOST"};

    snprintf(line.detail, sizeof line.detail, "%llu lines", (unsigned long long)s->lost);
    return insert(s, &line);
}

static int write_waiting(log_store *s)
{
    int result = database_step(s->begin);

    if (result != SQLITE_DONE)
        return result;
    if (s->lost > 0)
        result = insert_lost(s);
    for (uint32_t i = 0; i < s->waiting && result == SQLITE_DONE; i++)
        result = insert(s, &s->lines[i]);
    if (result == SQLITE_DONE) {
        sqlite3_bind_int64(s->trim, 1, LOG_STORE_LINES);
        result = database_step(s->trim);
    }
    if (result == SQLITE_DONE)
        result = database_step(s->commit);
    if (result != SQLITE_DONE && !sqlite3_get_autocommit(s->database))
        database_step(s->rollback);
    return result;
}

void log_store_settle(log_store *s)
{
    if (s->forget_due) {
        sqlite3_bind_int64(s->forget, 1, (sqlite3_int64)s->sent);
        s->forget_due = database_step(s->forget) != SQLITE_DONE;
    }
    if (s->waiting == 0 || !sqlite3_get_autocommit(s->database) || (s->reserve && s->reserve->released))
        return; /* nothing to do, somebody's transaction, or room that is left for records */
    if (write_waiting(s) == SQLITE_DONE) {
        s->waiting = 0;
        s->lost = 0;
        s->empty = false;
    }
}

/* ---- Sending ----------------------------------------------------------------------------------------------------- */

static void line_from_row(sqlite3_stmt *row, log_line *ret)
{
    *ret = (log_line){
        .number = (uint64_t)sqlite3_column_int64(row, 0),
        .at_ms = sqlite3_column_int64(row, 1),
        .level = (line_level)sqlite3_column_int(row, 2),
    };
    copy(ret->event, sizeof ret->event, (const char *)sqlite3_column_text(row, 3));
    copy(ret->detail, sizeof ret->detail, (const char *)sqlite3_column_text(row, 4));
}

uint32_t log_store_read(log_store *s, log_line *ret_lines, uint32_t max)
{
    uint32_t count = 0;

    if (s->empty)
        return 0;
    sqlite3_bind_int64(s->read, 1, (sqlite3_int64)s->sent);
    sqlite3_bind_int64(s->read, 2, max);
    while (count < max && sqlite3_step(s->read) == SQLITE_ROW)
        line_from_row(s->read, &ret_lines[count++]);
    sqlite3_reset(s->read);
    s->empty = count == 0;
    return count;
}

void log_store_sent(log_store *s, uint64_t number)
{
    if (number <= s->sent || number > INT64_MAX)
        return;
    s->sent = number;
    s->forget_due = true;
}
