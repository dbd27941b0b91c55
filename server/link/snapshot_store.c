/* The SQL of snapshots: whose picture it is, and storing it. */
#include <string.h>

#include "link_store.h"
#include "server_link_sql.h"

typedef struct {
    int64_t pass_id; /* 0: no such record */
    int64_t person_id;
    bool person_gone;
    bool same_picture;
    bool stored;
    const char *day;
} snapshot_record;

static sp_status read_record(db_tx *tx, terminal *t, const SnapshotChunk *of, snapshot_record *ret)
{
    db_rows rows;
    size_t sha_size;

    *ret = (snapshot_record){0};
    sp_status st = db_query(tx, SQL_LINK_SNAPSHOT_OF,
                            DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id),
                                    db_int32((int32_t)of->store_epoch), db_int64((int64_t)of->seq)),
                            &rows);
    if (sp_failed(st) || rows.count == 0)
        return st;

    const uint8_t *sha = db_row_bytes(&rows, 0, 2, &sha_size);
    ret->pass_id = db_row_int(&rows, 0, 0);
    ret->person_id = db_row_int(&rows, 0, 1);
    ret->same_picture = sha_size > 0 && sha_size == of->sha256.len && memcmp(sha, of->sha256.data, sha_size) == 0;
    ret->day = db_row_text(&rows, 0, 3);
    ret->stored = db_row_bool(&rows, 0, 4);
    if (ret->person_id == 0)
        return SP_DONE;
    st = db_query(tx, SQL_LINK_SNAPSHOT_PERSON, DB_ARGS(db_int64(t->enterprise_id), db_int64(ret->person_id)), &rows);
    ret->person_gone = !sp_failed(st) && rows.count == 0;
    return st;
}

static snapshot_fate fate_of(const snapshot_record *record)
{
    if (!record->same_picture || record->person_gone)
        return SNAPSHOT_REFUSED;
    return record->stored ? SNAPSHOT_STORED : SNAPSHOT_WANTED;
}

sp_status link_store_snapshot_fate(terminal *t, arena *a, const SnapshotChunk *of, snapshot_fate *ret_fate)
{
    db_tx *tx;
    snapshot_record record;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;

    st = db_end(tx, read_record(tx, t, of, &record));
    if (!sp_failed(st))
        *ret_fate = fate_of(&record);
    return st;
}

/* A known person's picture is under that person's key and dies with it; strangers share the enterprise's key of the
 * day. */
static const char *owner_of(arena *a, const snapshot_record *record)
{
    return record->person_id != 0 ? arena_printf(a, "person:%lld", (long long)record->person_id)
                                  : arena_printf(a, "strangers:%s", record->day);
}

static sp_status add_snapshot(db_tx *tx, terminal *t, arena *a, const SnapshotChunk *of, const snapshot_record *record,
                              const uint8_t *jpeg, size_t size)
{
    blob_item item = {owner_of(a, record), BLOB_SNAPSHOT, jpeg, size, 0};
    if (!item.owner)
        return LINK_NO_MEMORY;

    sp_status st = blob_put(t->link->options.blobs, tx, t->enterprise_id, &item, 1);
    if (sp_failed(st))
        return st;
    return db_query(tx, SQL_LINK_SNAPSHOT_ADD,
                    DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_int32((int32_t)of->store_epoch),
                            db_int64((int64_t)of->seq), db_int64(item.id)),
                    NULL);
}

sp_status link_store_snapshot(terminal *t, arena *a, const SnapshotChunk *of, const uint8_t *jpeg, size_t size,
                              snapshot_fate *ret_fate, int64_t *ret_pass_id)
{
    db_tx *tx;
    snapshot_record record;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;

    st = read_record(tx, t, of, &record);
    *ret_fate = fate_of(&record);
    if (!sp_failed(st) && *ret_fate == SNAPSHOT_WANTED)
        st = add_snapshot(tx, t, a, of, &record, jpeg, size);
    *ret_pass_id = record.pass_id;
    return db_end(tx, st);
}
