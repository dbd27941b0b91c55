#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "database.h"
#include "file.h"
#include "reserve.h"
#include "sqlite_journal.h"
#include "store_epoch.h"

struct store {
    char folder[768];
    char path[800]; /* of the database */
    int lock;
    sqlite3 *database;
    journal *journal;
    people_store *people;
    log_store *log;
    uint64_t picture_quota;
    reserve reserve;
    const char *vfs;
    int64_t boots;
    int64_t unrecorded;
    bool made;
    bool left;
    settings_store *settings;
    display_store *displays;
    terminal_names names;
};

static sp_status lock_folder(store *s)
{
    char path[800];

    snprintf(path, sizeof path, "%s/lock", s->folder);
    s->lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (s->lock < 0)
        return FILE_NOT_WRITABLE;
    return flock(s->lock, LOCK_EX | LOCK_NB) == 0 ? SP_DONE : STORE_IN_USE;
}

/* ---- The database file: opened, made anew, set aside ---- */

static const char *const companions[] = {"", "-wal", "-shm"};

static void condemned_path(const store *s, char *out, size_t cap)
{
    snprintf(out, cap, "%.*s/store.damaged", (int)sizeof s->folder, s->folder);
}

/* Keeps the damaged files under another name, for whoever wants to look for records in them. */
static sp_status set_aside(const store *s, uint32_t epoch)
{
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        char from[820];
        char to[860];

        snprintf(from, sizeof from, "%s%s", s->path, companions[i]);
        snprintf(to, sizeof to, "%s.damaged-%u%s", s->path, epoch, companions[i]);
        if (rename(from, to) != 0 && errno != ENOENT)
            return FILE_NOT_WRITABLE;
    }
    return SP_DONE;
}

static void close_parts(store *s)
{
    display_store_free(s->displays);
    log_store_free(s->log);
    settings_store_free(s->settings);
    people_store_free(s->people);
    sqlite_journal_free(s->journal);
    database_close(s->database);
    s->displays = NULL;
    s->log = NULL;
    s->settings = NULL;
    s->people = NULL;
    s->journal = NULL;
    s->database = NULL;
}

/* The epoch of an existing database; 0 for one that was just made. */
static sp_status open_database(store *s, uint32_t *ret_epoch)
{
    sp_status status = database_open(s->path, s->vfs, &s->database);

    if (!sp_failed(status))
        *ret_epoch = (uint32_t)database_fact(s->database, "store_epoch", 0);
    return status;
}

static sp_status open_parts(store *s, uint32_t epoch)
{
    sp_status status = sqlite_journal_new(s->database, epoch, s->picture_quota, &s->reserve, &s->journal);

    if (!sp_failed(status))
        status = people_store_new(s->database, &s->reserve, &s->people);
    if (!sp_failed(status))
        status = settings_store_new(s->database, &s->reserve, &s->settings);
    if (!sp_failed(status))
        status = display_store_new(s->database, &s->reserve, &s->displays);
    return sp_failed(status) ? status : log_store_new(s->database, &s->reserve, &s->log);
}

/* The new epoch is on the disk before the database can hold a record of it. */
static sp_status begin_epoch(store *s, uint32_t epoch)
{
    sp_status status = store_epoch_write(s->folder, epoch);

    return sp_failed(status) ? status : database_set_fact(s->database, "store_epoch", epoch);
}

static sp_status open_or_make(store *s, uint32_t ordered)
{
    char condemned[800];
    uint32_t used;
    uint32_t epoch = 0;
    sp_status status = store_epoch_read(s->folder, &used);

    if (sp_failed(status))
        return status;
    condemned_path(s, condemned, sizeof condemned);
    status = access(condemned, F_OK) == 0 ? STORE_CORRUPT : open_database(s, &epoch);
    if (!sp_failed(status) && epoch > used)
        status = store_epoch_write(s->folder, epoch);
    if (!sp_failed(status) && epoch != 0 && epoch >= used)
        status = open_parts(s, epoch);

    /* Damaged, or an old copy that somebody put back: its numbers were given out again since. */
    if (status.code == SP_DATA_LOSS || (!sp_failed(status) && epoch != 0 && epoch < used)) {
        close_parts(s);
        status = set_aside(s, used);
        if (!sp_failed(status)) {
            unlink(condemned);
            epoch = 0;
            status = open_database(s, &epoch);
        }
    }
    if (sp_failed(status) || s->journal)
        return status;
    s->made = true;
    epoch = used + 1 > ordered ? used + 1 : ordered;
    status = begin_epoch(s, epoch);
    return sp_failed(status) ? status : open_parts(s, epoch);
}

/* A terminal that was enrolled anew goes on under the epoch that the server named. */
static sp_status obey_order(store *s)
{
    uint32_t ordered;
    sp_status status = store_epoch_ordered(s->folder, &ordered);

    if (!sp_failed(status))
        status = open_or_make(s, ordered);
    if (!sp_failed(status) && s->journal->facts.epoch < ordered)
        status = store_raise_epoch(s, ordered);
    return status;
}

/* ---- Counters and names ---- */

/* What failed may be tried again: the disk was full, and the reserve has just made room. */
static bool room_was_made(store *s, sp_status status)
{
    return status.code == STORE_FULL.code && reserve_release(&s->reserve);
}

int64_t store_wiped_order(const store *s)
{
    return database_fact(s->database, "wiped_order", 0);
}

sp_status store_set_wiped_order(store *s, int64_t order)
{
    sp_status status = database_set_fact(s->database, "wiped_order", order);

    return room_was_made(s, status) ? database_set_fact(s->database, "wiped_order", order) : status;
}

sp_status store_count_unrecorded(store *s)
{
    sp_status status = database_set_fact(s->database, "unrecorded_passes", s->unrecorded + 1);

    if (room_was_made(s, status))
        status = database_set_fact(s->database, "unrecorded_passes", s->unrecorded + 1);
    if (!sp_failed(status))
        s->unrecorded++;
    return status;
}

int64_t store_unrecorded(const store *s)
{
    return s->unrecorded;
}

const terminal_names *store_names(const store *s)
{
    return &s->names;
}

sp_status store_set_names(store *s, const terminal_names *names)
{
    sp_status status;

    if (terminal_names_equal(&s->names, names))
        return SP_DONE;
    status = terminal_names_write(s->database, names);
    if (room_was_made(s, status))
        status = terminal_names_write(s->database, names);
    if (!sp_failed(status))
        s->names = *names;
    return status;
}

int64_t store_number(const store *s, const char *name)
{
    return database_fact(s->database, name, 0);
}

sp_status store_set_number(store *s, const char *name, int64_t value)
{
    sp_status status = database_set_fact(s->database, name, value);

    return room_was_made(s, status) ? database_set_fact(s->database, name, value) : status;
}

/* ---- The whole ---- */

sp_status store_open(const store_options *options, store **ret_store)
{
    store *s = calloc(1, sizeof *s);
    sp_status status;

    if (!s)
        return STORE_FAILED;
    s->lock = -1;
    s->picture_quota = options->picture_quota;
    s->vfs = options->vfs;
    if ((size_t)snprintf(s->folder, sizeof s->folder, "%s", options->folder) >= sizeof s->folder) {
        store_close(s);
        return FILE_NOT_FOUND;
    }
    snprintf(s->path, sizeof s->path, "%s/terminal.db", s->folder);
    status = lock_folder(s);
    if (!sp_failed(status)) {
        reserve_open(&s->reserve, s->folder, options->reserve);
        status = obey_order(s);
    }
    if (sp_failed(status) && status.code != SP_DATA_LOSS && store_free_bytes(s) == 0 && reserve_release(&s->reserve)) {
        close_parts(s); /* SQLite names a full disk by many names while it opens */
        status = obey_order(s);
    }
    if (!sp_failed(status)) {
        s->boots = database_fact(s->database, "boots", 0) + 1;
        s->left = database_fact(s->database, "closed_boot", s->boots - 1) != s->boots - 1;
        status = database_set_fact(s->database, "boots", s->boots);
        if (status.code == STORE_FULL.code) /* a count may stand still; what is in the store must be able to leave */
            status = SP_DONE;
    }
    if (sp_failed(status)) {
        store_close(s);
        return status;
    }
    s->unrecorded = database_fact(s->database, "unrecorded_passes", 0);
    s->names = terminal_names_read(s->database);
    reserve_take(&s->reserve);
    *ret_store = s;
    return SP_DONE;
}

void store_close(store *s)
{
    if (!s)
        return;
    if (s->log && s->boots > 0)
        (void)sp_failed(database_set_fact(s->database, "closed_boot", s->boots));
    close_parts(s);
    if (s->lock >= 0)
        close(s->lock);
    free(s);
}

sp_status store_raise_epoch(store *s, uint32_t epoch)
{
    /* First: a version that another server gave must not pass for one of this server's. */
    sp_status status = display_store_clear(s->displays);

    if (!sp_failed(status))
        status = begin_epoch(s, epoch);
    return sp_failed(status) ? status : sqlite_journal_begin_epoch(s->journal, epoch);
}

void store_settle(store *s)
{
    sqlite_journal_settle(s->journal);
    reserve_take(&s->reserve);
    log_store_settle(s->log);
}

void store_condemn(store *s)
{
    char path[800];

    condemned_path(s, path, sizeof path);
    (void)sp_failed(file_write(path, "", 0, 0600));
}

/* Every file whose name begins as the database's does. */
static sp_status remove_files(const store *s)
{
    const char *stem = strrchr(s->path, '/') + 1;
    DIR *folder = opendir(s->folder);
    sp_status status = SP_DONE;

    if (!folder)
        return FILE_NOT_WRITABLE;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;)
        if (strncmp(e->d_name, stem, strlen(stem)) == 0 && unlinkat(dirfd(folder), e->d_name, 0) != 0)
            status = FILE_NOT_WRITABLE;
    closedir(folder);
    return status;
}

sp_status store_wipe(store *s)
{
    sp_status status;

    close_parts(s);
    status = remove_files(s);
    store_close(s);
    return status;
}

uint64_t store_free_bytes(const store *s)
{
    struct statvfs facts;

    return statvfs(s->folder, &facts) == 0 ? (uint64_t)facts.f_bavail * facts.f_frsize : 0;
}

uint64_t store_total_bytes(const store *s)
{
    struct statvfs facts;

    return statvfs(s->folder, &facts) == 0 ? (uint64_t)facts.f_blocks * facts.f_frsize : 0;
}

journal *store_journal(store *s)
{
    return s->journal;
}

people_store *store_people(store *s)
{
    return s->people;
}

settings_store *store_settings(store *s)
{
    return s->settings;
}

display_store *store_displays(store *s)
{
    return s->displays;
}

log_store *store_log(store *s)
{
    return s->log;
}

int64_t store_boots(const store *s)
{
    return s->boots;
}

bool store_was_made(const store *s)
{
    return s->made;
}

bool store_was_left(const store *s)
{
    return s->left;
}
