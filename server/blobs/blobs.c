#include "blobs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "file.h"
#include "hash.h"
#include "id.h"
#include "log.h"
#include "random.h"
#include "seal.h"
#include "segment.h"
#include "server_blobs_sql.h"

enum { KINDS = BLOB_SNAPSHOT + 1, OWNER_MAX = 128 };

struct blob_store {
    char *folder;
    uint8_t master[SEAL_KEY_SIZE];
    segment_writer *writers[KINDS];
};

/* ---- The store --------------------------------------------------------------------------------------------------- */

static bool folder_has_segments(const char *folder)
{
    DIR *open_folder = opendir(folder);
    const struct dirent *entry;
    bool found = false;

    while (open_folder && !found && (entry = readdir(open_folder)) != NULL)
        found = strstr(entry->d_name, ".seg") != NULL;
    if (open_folder)
        closedir(open_folder);
    return found;
}

/* A new key is made only for a new store: with another one in its place, every picture would be lost without a word. */
static const char *master_obtain(blob_store *store, const blob_options *options)
{
    size_t size = 0;
    char *bytes = NULL;
    sp_status status = file_read(options->master_key, SEAL_KEY_SIZE, &bytes, &size);
    const char *fault = NULL;

    if (strcmp(status.reason, FILE_NOT_FOUND.reason) == 0) {
        if (folder_has_segments(options->folder))
            return "the master key is missing, but pictures sealed with it exist; bring it back from the backup";
        if (sp_failed(crypto_random(store->master, sizeof store->master)) ||
            sp_failed(file_write(options->master_key, store->master, sizeof store->master, 0600)))
            return "the master key cannot be made";
        return NULL;
    }
    if (sp_failed(status) || size != SEAL_KEY_SIZE)
        fault = "the master key cannot be read, or is no key";
    else
        memcpy(store->master, bytes, SEAL_KEY_SIZE);
    if (bytes)
        explicit_bzero(bytes, size);
    free(bytes);
    return fault;
}

blob_store *blob_store_new(const blob_options *options)
{
    blob_store *store = calloc(1, sizeof *store);
    const char *fault = NULL;

    if (!store)
        return NULL;
    store->folder = strdup(options->folder);
    for (int kind = 0; kind < KINDS; kind++)
        store->writers[kind] = store->folder ? segment_writer_new(store->folder, (blob_kind)kind) : NULL;
    if (!store->folder || !store->writers[BLOB_PHOTO] || !store->writers[BLOB_SNAPSHOT])
        fault = "memory is exhausted";
    else if (mkdir(store->folder, 0700) != 0 && errno != EEXIST)
        fault = strerror(errno);
    else
        fault = master_obtain(store, options);
    if (!fault)
        return store;
    log_write(LOG_ERROR, "the blob store cannot be used", "folder", options->folder, "key", options->master_key, "why",
              fault, NULL);
    blob_store_free(store);
    return NULL;
}

void blob_store_free(blob_store *store)
{
    if (!store)
        return;
    for (int kind = 0; kind < KINDS; kind++)
        segment_writer_free(store->writers[kind]);
    explicit_bzero(store->master, sizeof store->master);
    free(store->folder);
    free(store);
}

const uint8_t *blob_store_master_key(const blob_store *store)
{
    return store->master;
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t id;
    uint8_t bytes[SEAL_KEY_SIZE];
} owner_key;

/* What a wrapped key is bound to, so that rows cannot be swapped. Returns the size. */
static size_t key_place(char place[OWNER_MAX + 64], int64_t enterprise_id, int64_t key_id, const char *owner)
{
    return (size_t)snprintf(place, OWNER_MAX + 64, "key %lld %lld %.*s", (long long)enterprise_id, (long long)key_id,
                            OWNER_MAX, owner);
}

static sp_status key_unwrap(const blob_store *store, int64_t enterprise_id, const char *owner, int64_t id,
                            const uint8_t *wrapped, size_t size, owner_key *ret_key)
{
    char place[OWNER_MAX + 64];
    size_t place_size = key_place(place, enterprise_id, id, owner);

    if (size != SEALED_KEY_SIZE || sp_failed(seal_open_key(store->master, place, place_size, wrapped, ret_key->bytes)))
        return BLOB_DAMAGED;
    ret_key->id = id;
    return SP_DONE;
}

static sp_status key_add(const blob_store *store, db_tx *tx, int64_t enterprise_id, const char *owner, int64_t now_ms)
{
    uint8_t key[SEAL_KEY_SIZE], wrapped[SEALED_KEY_SIZE];
    char place[OWNER_MAX + 64];
    int64_t id = id_next();
    sp_status status = crypto_random(key, sizeof key);

    if (!sp_failed(status))
        status = seal_key(store->master, place, key_place(place, enterprise_id, id, owner), key, wrapped);
    explicit_bzero(key, sizeof key);
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_BLOB_KEY_ADD,
                    DB_ARGS(db_int64(enterprise_id), db_int64(id), db_text(owner), db_bytes(wrapped, sizeof wrapped),
                            db_time(now_ms)),
                    NULL);
}

/* Two transactions may make the same owner's key at once; the second then finds the first's. */
static sp_status key_obtain(const blob_store *store, db_tx *tx, int64_t enterprise_id, const char *owner,
                            int64_t now_ms, owner_key *ret_key)
{
    db_rows rows;
    const uint8_t *wrapped;
    size_t size;
    sp_status status;

    for (int attempt = 0; attempt < 2; attempt++) {
        status = db_query(tx, SQL_BLOB_KEY_GET, DB_ARGS(db_int64(enterprise_id), db_text(owner)), &rows);
        if (sp_failed(status))
            return status;
        if (rows.count == 1) {
            wrapped = db_row_bytes(&rows, 0, 1, &size);
            return key_unwrap(store, enterprise_id, owner, db_row_int(&rows, 0, 0), wrapped, size, ret_key);
        }
        status = key_add(store, tx, enterprise_id, owner, now_ms);
        if (sp_failed(status))
            return status;
    }
    status = db_query(tx, SQL_BLOB_KEY_GET, DB_ARGS(db_int64(enterprise_id), db_text(owner)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count != 1)
        return DB_CONFLICT; /* erased in between */
    wrapped = db_row_bytes(&rows, 0, 1, &size);
    return key_unwrap(store, enterprise_id, owner, db_row_int(&rows, 0, 0), wrapped, size, ret_key);
}

static size_t blob_place(char place[64], int64_t enterprise_id, int64_t id)
{
    return (size_t)snprintf(place, 64, "blob %lld %lld", (long long)enterprise_id, (long long)id);
}

/* ---- Put --------------------------------------------------------------------------------------------------------- */

typedef struct {
    uint8_t *sealed;
    size_t size;
    int64_t key_id, segment, place;
    uint8_t sha256[SHA256_SIZE];
} sealed_item;

static sp_status seal_all(const blob_store *store, db_tx *tx, int64_t enterprise_id, int64_t now_ms, blob_item *items,
                          size_t count, sealed_item *sealed)
{
    const char *owner = "";
    owner_key key;
    sp_status status = SP_DONE;

    for (size_t i = 0; i < count && !sp_failed(status); i++) {
        char place[64];

        if (items[i].size == 0 || items[i].size > SEAL_MAX || strlen(items[i].owner) > OWNER_MAX)
            return SEAL_TOO_LARGE;
        if (strcmp(owner, items[i].owner) != 0)
            status = key_obtain(store, tx, enterprise_id, items[i].owner, now_ms, &key);
        if (sp_failed(status))
            break;
        owner = items[i].owner;
        items[i].id = id_next();
        sealed[i].key_id = key.id;
        sealed[i].size = items[i].size + SEAL_OVERHEAD;
        sealed[i].sealed = arena_alloc(db_tx_arena(tx), sealed[i].size);
        if (!sealed[i].sealed)
            return OUT_OF_MEMORY;
        status = sha256_of(items[i].bytes, items[i].size, sealed[i].sha256);
        if (!sp_failed(status))
            status = seal_bytes(key.bytes, place, blob_place(place, enterprise_id, items[i].id), items[i].bytes,
                                items[i].size, sealed[i].sealed);
    }
    explicit_bzero(&key, sizeof key);
    return status;
}

/* All of one kind with one append, so that a batch costs one fdatasync. */
static sp_status append_kind(blob_store *store, blob_kind kind, int64_t now_ms, const blob_item *items,
                             sealed_item *sealed, size_t count)
{
    size_t total = 0, at = 0;
    int64_t segment, place;
    uint8_t *bytes;
    sp_status status;

    for (size_t i = 0; i < count; i++)
        total += items[i].kind == kind ? sealed[i].size : 0;
    if (total == 0)
        return SP_DONE;
    bytes = malloc(total);
    if (!bytes)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != kind)
            continue;
        memcpy(bytes + at, sealed[i].sealed, sealed[i].size);
        sealed[i].place = (int64_t)at;
        at += sealed[i].size;
    }
    status = segment_append(store->writers[kind], now_ms, bytes, total, &segment, &place);
    free(bytes);
    for (size_t i = 0; i < count && !sp_failed(status); i++) {
        if (items[i].kind != kind)
            continue;
        sealed[i].segment = segment;
        sealed[i].place += place;
    }
    return status;
}

static sp_status rows_add(db_tx *tx, int64_t enterprise_id, int64_t now_ms, const blob_item *items,
                          const sealed_item *sealed, size_t count)
{
    static const db_column_type types[7] = {DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT64,
                                            DB_COLUMN_INT32, DB_COLUMN_INT32, DB_COLUMN_BYTES};
    db_column columns[7];
    db_arg args[9];

    for (int i = 0; i < 7; i++)
        db_column_init(&columns[i], db_tx_arena(tx), types[i]);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&columns[0], items[i].id);
        db_column_int(&columns[1], sealed[i].key_id);
        db_column_int(&columns[2], sealed[i].segment);
        db_column_int(&columns[3], sealed[i].place);
        db_column_int(&columns[4], (int64_t)sealed[i].size);
        db_column_int(&columns[5], (int64_t)items[i].size);
        db_column_bytes(&columns[6], sealed[i].sha256, SHA256_SIZE);
    }
    args[0] = db_int64(enterprise_id);
    for (int i = 0; i < 7; i++)
        args[i + 1] = db_column_arg(&columns[i]);
    args[8] = db_time(now_ms);
    return db_query_n(tx, &SQL_BLOB_ADD, args, 9, NULL);
}

sp_status blob_put(blob_store *store, db_tx *tx, int64_t enterprise_id, blob_item *items, size_t count)
{
    int64_t now_ms = clock_now_ms();
    sealed_item *sealed = arena_array(db_tx_arena(tx), count, sizeof *sealed);
    sp_status status;

    if (!sealed)
        return OUT_OF_MEMORY;
    status = seal_all(store, tx, enterprise_id, now_ms, items, count, sealed);
    for (int kind = 0; kind < KINDS && !sp_failed(status); kind++)
        status = append_kind(store, (blob_kind)kind, now_ms, items, sealed, count);
    if (sp_failed(status))
        return status;
    return rows_add(tx, enterprise_id, now_ms, items, sealed, count);
}

/* ---- Get and erase ----------------------------------------------------------------------------------------------- */

static sp_status open_sealed(const blob_store *store, const db_rows *rows, int64_t enterprise_id, int64_t id,
                             uint8_t *sealed, uint8_t *plain, size_t length)
{
    size_t wrapped_size, sha256_size;
    const uint8_t *wrapped = db_row_bytes(rows, 0, 7, &wrapped_size), *sha256 = db_row_bytes(rows, 0, 4, &sha256_size);
    uint8_t found[SHA256_SIZE];
    char place[64];
    owner_key key;
    sp_status status =
        key_unwrap(store, enterprise_id, db_row_text(rows, 0, 6), db_row_int(rows, 0, 5), wrapped, wrapped_size, &key);

    if (sp_failed(status))
        return status;
    status =
        segment_read(store->folder, db_row_int(rows, 0, 0), db_row_int(rows, 0, 1), sealed, length + SEAL_OVERHEAD);
    if (!sp_failed(status))
        status =
            seal_open(key.bytes, place, blob_place(place, enterprise_id, id), sealed, length + SEAL_OVERHEAD, plain);
    explicit_bzero(&key, sizeof key);
    if (sp_failed(status) || sp_failed(sha256_of(plain, length, found)) || sha256_size != SHA256_SIZE ||
        memcmp(found, sha256, SHA256_SIZE) != 0)
        return BLOB_DAMAGED;
    return SP_DONE;
}

sp_status blob_get(blob_store *store, db_tx *tx, int64_t enterprise_id, int64_t id, const uint8_t **ret_bytes,
                   size_t *ret_size)
{
    db_rows rows;
    int64_t length, sealed_length;
    uint8_t *sealed, *plain;
    sp_status status = db_query(tx, SQL_BLOB_GET, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return BLOB_NOT_FOUND;
    sealed_length = db_row_int(&rows, 0, 2);
    length = db_row_int(&rows, 0, 3);
    if (length < 1 || length > SEAL_MAX || sealed_length != length + SEAL_OVERHEAD)
        return BLOB_DAMAGED;
    sealed = malloc((size_t)sealed_length);
    plain = arena_alloc(db_tx_arena(tx), (size_t)length);
    if (!sealed || !plain)
        status = OUT_OF_MEMORY;
    else
        status = open_sealed(store, &rows, enterprise_id, id, sealed, plain, (size_t)length);
    free(sealed);
    if (sp_failed(status))
        return status;
    *ret_bytes = plain;
    *ret_size = (size_t)length;
    return SP_DONE;
}

sp_status blob_erase(db_tx *tx, int64_t enterprise_id, const char *owner)
{
    return db_query(tx, SQL_BLOB_ERASE, DB_ARGS(db_int64(enterprise_id), db_text(owner)), NULL);
}
