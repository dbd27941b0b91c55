#include "people_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "face.h"

_Static_assert(FACE_INDEX_LENGTH == FACE_TEMPLATE_LENGTH, "the index holds the engine's templates");

struct people_store {
    sqlite3 *database;
    reserve *reserve;
    int64_t revision;
    uint32_t count;
    uint32_t face_count;
    sqlite3_stmt *begin, *commit, *rollback;
    sqlite3_stmt *put, *remove, *find, *find_card, *counts;
};

#define PERSON_COLUMNS "id, kind, name, number, card, valid_from_ms, valid_until_ms, engine, face, photo_sha256"

static bool prepare_all(people_store *s)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&s->begin, "BEGIN IMMEDIATE"},
        {&s->commit, "COMMIT"},
        {&s->rollback, "ROLLBACK"},
        {&s->put, "REPLACE INTO person(" PERSON_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?)"},
        {&s->remove, "DELETE FROM person WHERE id = ?"},
        {&s->find, "SELECT " PERSON_COLUMNS " FROM person WHERE id = ?"},
        {&s->find_card, "SELECT " PERSON_COLUMNS " FROM person WHERE card = ? AND card <> ''"
                        " ORDER BY kind = 3 DESC, id LIMIT 1"},
        {&s->counts, "SELECT count(*), count(face) FROM person"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].statement = database_prepare(s->database, all[i].sql);
        if (!*all[i].statement)
            return false;
    }
    return true;
}

static void read_counts(people_store *s)
{
    if (sqlite3_step(s->counts) == SQLITE_ROW) {
        s->count = (uint32_t)sqlite3_column_int64(s->counts, 0);
        s->face_count = (uint32_t)sqlite3_column_int64(s->counts, 1);
    }
    sqlite3_reset(s->counts);
}

sp_status people_store_new(sqlite3 *database, reserve *held_back, people_store **ret_store)
{
    people_store *s = calloc(1, sizeof *s);

    if (!s)
        return STORE_FAILED;
    s->database = database;
    s->reserve = held_back;
    if (!prepare_all(s)) {
        sp_status status = database_status(sqlite3_errcode(database));

        people_store_free(s);
        return sp_failed(status) ? status : STORE_FAILED;
    }
    s->revision = database_fact(database, "people_revision", 0);
    read_counts(s);
    *ret_store = s;
    return SP_DONE;
}

void people_store_free(people_store *s)
{
    if (!s)
        return;
    sqlite3_stmt *const all[] = {s->begin, s->commit, s->rollback, s->put, s->remove, s->find, s->find_card, s->counts};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    free(s);
}

/* On a full disk the change has failed, but it, or a more urgent one, finds room when it comes again. */
static sp_status told(people_store *s, sp_status status)
{
    if (s->reserve && status.code == STORE_FULL.code)
        (void)reserve_release(s->reserve);
    return status;
}

sp_status people_store_begin(people_store *s)
{
    return database_status(database_step(s->begin));
}

sp_status people_store_commit(people_store *s, int64_t revision)
{
    sp_status status = database_set_fact(s->database, "people_revision", revision);

    if (!sp_failed(status))
        status = database_status(database_step(s->commit));
    if (sp_failed(status)) {
        people_store_rollback(s);
        return told(s, status);
    }
    s->revision = revision;
    read_counts(s);
    return SP_DONE;
}

void people_store_rollback(people_store *s)
{
    if (!sqlite3_get_autocommit(s->database))
        database_step(s->rollback);
}

static void bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC);
}

sp_status people_store_put(people_store *s, const person *p)
{
    uint8_t packed[FACE_TEMPLATE_BYTES];

    sqlite3_bind_int64(s->put, 1, p->id);
    sqlite3_bind_int(s->put, 2, (int)p->kind);
    bind_text(s->put, 3, p->name);
    bind_text(s->put, 4, p->number);
    bind_text(s->put, 5, p->card);
    sqlite3_bind_int64(s->put, 6, p->valid_from_ms);
    sqlite3_bind_int64(s->put, 7, p->valid_until_ms);
    bind_text(s->put, 8, p->engine);
    sqlite3_bind_null(s->put, 9);
    sqlite3_bind_null(s->put, 10);
    if (p->has_face) {
        face_template_pack(p->face, packed);
        sqlite3_bind_blob(s->put, 9, packed, sizeof packed, SQLITE_STATIC);
    }
    if (p->has_photo)
        sqlite3_bind_blob(s->put, 10, p->photo_sha256, sizeof p->photo_sha256, SQLITE_STATIC);
    return told(s, database_status(database_step(s->put)));
}

sp_status people_store_remove(people_store *s, int64_t id)
{
    sqlite3_bind_int64(s->remove, 1, id);
    return told(s, database_status(database_step(s->remove)));
}

static void copy_text(char *out, size_t cap, sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);

    snprintf(out, cap, "%s", text ? text : "");
}

static void read_person(sqlite3_stmt *row, person *p)
{
    const uint8_t *packed;

    *p = (person){.id = sqlite3_column_int64(row, 0), .kind = (person_kind)sqlite3_column_int(row, 1)};
    copy_text(p->name, sizeof p->name, row, 2);
    copy_text(p->number, sizeof p->number, row, 3);
    copy_text(p->card, sizeof p->card, row, 4);
    p->valid_from_ms = sqlite3_column_int64(row, 5);
    p->valid_until_ms = sqlite3_column_int64(row, 6);
    copy_text(p->engine, sizeof p->engine, row, 7);
    packed = sqlite3_column_blob(row, 8);
    p->has_face = packed && face_template_unpack(packed, (size_t)sqlite3_column_bytes(row, 8), p->face);
    if (sqlite3_column_bytes(row, 9) == sizeof p->photo_sha256) {
        memcpy(p->photo_sha256, sqlite3_column_blob(row, 9), sizeof p->photo_sha256);
        p->has_photo = true;
    }
}

static bool find(sqlite3_stmt *statement, person *ret_person)
{
    bool found = sqlite3_step(statement) == SQLITE_ROW;

    if (found)
        read_person(statement, ret_person);
    sqlite3_reset(statement);
    return found;
}

bool people_store_find(people_store *s, int64_t id, person *ret_person)
{
    sqlite3_bind_int64(s->find, 1, id);
    return find(s->find, ret_person);
}

bool people_store_find_card(people_store *s, const char *card, person *ret_person)
{
    bool found;

    bind_text(s->find_card, 1, card);
    found = find(s->find_card, ret_person);
    sqlite3_bind_null(s->find_card, 1); /* the text was the caller's */
    return found;
}

sp_status people_store_index(people_store *s, const char *engine, face_index *index)
{
    sqlite3_stmt *all = database_prepare(s->database, "SELECT id, face, engine, kind FROM person WHERE face NOT NULL");
    int result = SQLITE_ERROR;
    bool foreign = false;

    face_index_clear(index);
    if (all) {
        while ((result = sqlite3_step(all)) == SQLITE_ROW) {
            float unpacked[FACE_INDEX_LENGTH];

            if (strcmp((const char *)sqlite3_column_text(all, 2), engine) != 0)
                foreign = true;
            else if (face_template_unpack(sqlite3_column_blob(all, 1), (size_t)sqlite3_column_bytes(all, 1), unpacked))
                (void)face_index_put(
                    index, (face_owner){sqlite3_column_int64(all, 0), sqlite3_column_int(all, 3) == PERSON_BLACKLIST},
                    unpacked);
        }
    }
    sqlite3_finalize(all);
    if (result == SQLITE_DONE && foreign) {
        s->revision = 0;
        return database_set_fact(s->database, "people_revision", 0);
    }
    return database_status(result);
}

int64_t people_store_revision(const people_store *s)
{
    return s->revision;
}

uint32_t people_store_count(const people_store *s)
{
    return s->count;
}

uint32_t people_store_face_count(const people_store *s)
{
    return s->face_count;
}
