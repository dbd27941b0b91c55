#include "display_store.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"

struct display_store {
    sqlite3 *database;
    reserve *reserve;
    display_plan plan;
    bool incomplete; /* pictures of the plan are missing */
    sqlite3_stmt *find, *add, *drop, *list;
    sqlite3_stmt *clear_plan, *clear_owners, *put_picture, *put_owner;
};

/* Made here, without another number for the whole schema: a program before this one can still open the store. The
 * pictures lie apart from the plan, by what they are: the next plan may have the same. */
#define TABLES                                                                                                         \
    "CREATE TABLE IF NOT EXISTS display(number INTEGER PRIMARY KEY, id INTEGER NOT NULL, sha256 BLOB NOT NULL,"        \
    " size INTEGER NOT NULL, seconds INTEGER NOT NULL, strangers INTEGER NOT NULL);"                                   \
    "CREATE TABLE IF NOT EXISTS display_owner(person_id INTEGER PRIMARY KEY, display INTEGER NOT NULL);"               \
    "CREATE TABLE IF NOT EXISTS display_picture(sha256 BLOB PRIMARY KEY, jpeg BLOB NOT NULL);"
#define VERSION "display_version"

static bool prepare_all(display_store *s)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&s->add, "REPLACE INTO display_picture(sha256, jpeg) VALUES(?, ?)"},
        {&s->find, "SELECT rowid FROM display_picture WHERE sha256 = ?"},
        {&s->drop, "DELETE FROM display_picture WHERE sha256 = ?"},
        {&s->list, "SELECT sha256 FROM display_picture"},
        {&s->clear_plan, "DELETE FROM display"},
        {&s->clear_owners, "DELETE FROM display_owner"},
        {&s->put_picture, "INSERT INTO display(number, id, sha256, size, seconds, strangers) VALUES(?, ?, ?, ?, ?, ?)"},
        {&s->put_owner, "INSERT INTO display_owner(person_id, display) VALUES(?, ?)"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].statement = database_prepare(s->database, all[i].sql);
        if (!*all[i].statement)
            return false;
    }
    return true;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static void read_picture(sqlite3_stmt *row, display_plan *plan)
{
    display_picture *p;

    if (plan->picture_count == DISPLAY_PICTURES_MAX || sqlite3_column_bytes(row, 1) != sizeof p->sha256)
        return;
    p = &plan->pictures[plan->picture_count++];
    p->id = sqlite3_column_int64(row, 0);
    memcpy(p->sha256, sqlite3_column_blob(row, 1), sizeof p->sha256);
    p->size = (uint32_t)sqlite3_column_int64(row, 2);
    p->seconds = (uint32_t)sqlite3_column_int64(row, 3);
    p->strangers = sqlite3_column_int(row, 4) != 0;
}

static void read_owner(sqlite3_stmt *row, display_plan *plan)
{
    if (plan->owner_count < DISPLAY_OWNERS_MAX)
        plan->owners[plan->owner_count++] =
            (display_owner){sqlite3_column_int64(row, 0), (uint32_t)sqlite3_column_int64(row, 1)};
}

static sp_status read_rows(display_store *s, const char *sql, void (*take)(sqlite3_stmt *row, display_plan *plan))
{
    sqlite3_stmt *rows = database_prepare(s->database, sql);
    int result = SQLITE_ERROR;

    while (rows && (result = sqlite3_step(rows)) == SQLITE_ROW)
        take(rows, &s->plan);
    sqlite3_finalize(rows);
    return database_status(result);
}

static bool is_incomplete(display_store *s)
{
    for (uint32_t i = 0; i < s->plan.picture_count; i++)
        if (!display_store_has(s, s->plan.pictures[i].sha256))
            return true;
    return false;
}

/* A plan that makes no sense is none: the server sends it again. */
static sp_status read_plan(display_store *s)
{
    sp_status status =
        read_rows(s, "SELECT id, sha256, size, seconds, strangers FROM display ORDER BY number", read_picture);

    if (!sp_failed(status))
        status = read_rows(s, "SELECT person_id, display FROM display_owner ORDER BY person_id", read_owner);
    s->plan.version = database_fact(s->database, VERSION, 0);
    if (!display_plan_settle(&s->plan))
        s->plan = (display_plan){0};
    s->incomplete = is_incomplete(s);
    return status;
}

const display_plan *display_store_plan(const display_store *s)
{
    return &s->plan;
}

int64_t display_store_version(const display_store *s)
{
    return s->incomplete ? 0 : s->plan.version;
}

static void bind_sha256(sqlite3_stmt *statement, int column, const uint8_t sha256[32])
{
    sqlite3_bind_blob(statement, column, sha256, 32, SQLITE_TRANSIENT);
}

/* The row of a picture; 0: there is none. */
static sqlite3_int64 find_row(display_store *s, const uint8_t sha256[32])
{
    sqlite3_int64 row = 0;

    bind_sha256(s->find, 1, sha256);
    if (sqlite3_step(s->find) == SQLITE_ROW)
        row = sqlite3_column_int64(s->find, 0);
    sqlite3_reset(s->find);
    return row;
}

bool display_store_has(display_store *s, const uint8_t sha256[32])
{
    return find_row(s, sha256) != 0;
}

/* Pictures are large: some megabytes of their pages would be kept, which nothing asks for again soon. */
static void forget_pages(const display_store *s)
{
    sqlite3_db_release_memory(s->database);
    malloc_trim(0);
}

/* NULL: it is of another size, or cannot be read. */
static uint8_t *read_blob(sqlite3_blob *blob, uint32_t size)
{
    uint8_t *bytes = sqlite3_blob_bytes(blob) == (int)size ? malloc(size) : NULL;

    if (bytes && sqlite3_blob_read(blob, bytes, (int)size, 0) != SQLITE_OK) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

bool display_store_read(display_store *s, const display_picture *picture, uint8_t **ret_jpeg, size_t *ret_size)
{
    sqlite3_int64 row = find_row(s, picture->sha256);
    sqlite3_blob *blob = NULL;
    uint8_t *jpeg = NULL;

    if (row != 0 && sqlite3_blob_open(s->database, "main", "display_picture", "jpeg", row, 0, &blob) == SQLITE_OK)
        jpeg = read_blob(blob, picture->size);
    sqlite3_blob_close(blob);
    sqlite3_db_release_memory(s->database);
    if (!jpeg)
        return false;
    *ret_jpeg = jpeg;
    *ret_size = picture->size;
    return true;
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

sp_status display_store_add(display_store *s, const uint8_t sha256[32], const uint8_t *jpeg, size_t size)
{
    sp_status status;

    if (s->reserve && s->reserve->released) /* what is left is for records */
        return STORE_FULL;
    bind_sha256(s->add, 1, sha256);
    sqlite3_bind_blob(s->add, 2, jpeg, (int)size, SQLITE_STATIC);
    status = database_status(database_step(s->add));
    sqlite3_bind_null(s->add, 2); /* the bytes are the caller's */
    forget_pages(s);
    return status;
}

static sp_status drop(display_store *s, const uint8_t sha256[32])
{
    bind_sha256(s->drop, 1, sha256);
    return database_status(database_step(s->drop));
}

typedef struct {
    uint8_t sha256[2 * DISPLAY_PICTURES_MAX][32];
    uint32_t count;
} useless;

static bool is_of_use(const display_plan *plan, const uint8_t *sha256, int size)
{
    return plan && size == 32 && display_plan_find(plan, sha256);
}

/* As many as there is room for; never more than there are, as no plan has more pictures than it may. */
static void list_useless(display_store *s, const display_plan *present, const display_plan *next, useless *ret)
{
    ret->count = 0;
    while (ret->count < 2 * DISPLAY_PICTURES_MAX && sqlite3_step(s->list) == SQLITE_ROW) {
        const uint8_t *sha256 = sqlite3_column_blob(s->list, 0);
        int size = sqlite3_column_bytes(s->list, 0);

        if (size == 32 && !is_of_use(present, sha256, size) && !is_of_use(next, sha256, size))
            memcpy(ret->sha256[ret->count++], sha256, 32);
    }
    sqlite3_reset(s->list);
}

static sp_status drop_useless(display_store *s, const display_plan *present, const display_plan *next)
{
    sp_status status = SP_DONE;
    useless found;

    list_useless(s, present, next, &found);
    for (uint32_t i = 0; i < found.count && !sp_failed(status); i++)
        status = drop(s, found.sha256[i]);
    return status;
}

sp_status display_store_tidy(display_store *s, const display_plan *next)
{
    return drop_useless(s, &s->plan, next);
}

/* ---- The plan ---------------------------------------------------------------------------------------------------- */

static sp_status write_pictures(display_store *s, const display_plan *plan)
{
    sp_status status = database_status(database_step(s->clear_plan));

    for (uint32_t i = 0; i < plan->picture_count && !sp_failed(status); i++) {
        const display_picture *p = &plan->pictures[i];

        sqlite3_bind_int64(s->put_picture, 1, i);
        sqlite3_bind_int64(s->put_picture, 2, p->id);
        bind_sha256(s->put_picture, 3, p->sha256);
        sqlite3_bind_int64(s->put_picture, 4, p->size);
        sqlite3_bind_int64(s->put_picture, 5, p->seconds);
        sqlite3_bind_int(s->put_picture, 6, p->strangers);
        status = database_status(database_step(s->put_picture));
    }
    return status;
}

static sp_status write_owners(display_store *s, const display_plan *plan)
{
    sp_status status = database_status(database_step(s->clear_owners));

    for (uint32_t i = 0; i < plan->owner_count && !sp_failed(status); i++) {
        sqlite3_bind_int64(s->put_owner, 1, plan->owners[i].person_id);
        sqlite3_bind_int64(s->put_owner, 2, plan->owners[i].picture);
        status = database_status(database_step(s->put_owner));
    }
    return status;
}

static sp_status write_plan(display_store *s, const display_plan *plan)
{
    sp_status status = database_run(s->database, "BEGIN IMMEDIATE");

    if (!sp_failed(status))
        status = write_pictures(s, plan);
    if (!sp_failed(status))
        status = write_owners(s, plan);
    if (!sp_failed(status))
        status = drop_useless(s, NULL, plan);
    if (!sp_failed(status))
        status = database_set_fact(s->database, VERSION, plan->version);
    if (!sp_failed(status))
        status = database_run(s->database, "COMMIT");
    if (sp_failed(status) && !sqlite3_get_autocommit(s->database))
        (void)sp_failed(database_run(s->database, "ROLLBACK"));
    forget_pages(s);
    return status;
}

/* Somebody may have to leave the plan: for that, unlike for pictures, the reserve makes room. */
sp_status display_store_put(display_store *s, const display_plan *plan)
{
    sp_status status = write_plan(s, plan);

    if (status.code == STORE_FULL.code && s->reserve && reserve_release(s->reserve))
        status = write_plan(s, plan);
    if (sp_failed(status))
        return status;
    s->plan = *plan;
    s->incomplete = is_incomplete(s);
    return SP_DONE;
}

sp_status display_store_clear(display_store *s)
{
    static const display_plan none;

    return s->plan.version == 0 ? SP_DONE : display_store_put(s, &none);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

sp_status display_store_new(sqlite3 *database, reserve *held_back, display_store **ret_store)
{
    display_store *s = calloc(1, sizeof *s);
    sp_status status;

    if (!s)
        return STORE_FAILED;
    s->database = database;
    s->reserve = held_back;
    status = database_run(database, TABLES);
    if (!sp_failed(status) && !prepare_all(s)) {
        status = database_status(sqlite3_errcode(database));
        if (!sp_failed(status))
            status = STORE_FAILED;
    }
    if (!sp_failed(status))
        status = read_plan(s);
    if (sp_failed(status)) {
        display_store_free(s);
        return status;
    }
    *ret_store = s;
    return SP_DONE;
}

void display_store_free(display_store *s)
{
    if (!s)
        return;
    sqlite3_stmt *const all[] = {s->find,       s->add,          s->drop,        s->list,
                                 s->clear_plan, s->clear_owners, s->put_picture, s->put_owner};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    free(s);
}
