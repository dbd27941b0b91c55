/* Pictures and templates, encrypted from the first byte: AES-256-GCM under a key of their owner's own, in append-only
 * segment files by day and kind; the row that says where, and the owner's key, live in the database. Erasing the key
 * row erases the owner from every copy of the segments.
 *
 * A blob exists when the transaction that put it has committed; bytes of one that did not are noise that nobody refers
 * to. All functions: [any thread], each with a transaction of its own caller. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db.h"

typedef struct blob_store blob_store;

/* What retention treats alike lies in the same files. */
typedef enum { BLOB_PHOTO, BLOB_SNAPSHOT } blob_kind;

typedef struct {
    const char *folder;     /* made when missing, mode 0700 */
    const char *master_key; /* file of 32 bytes, made when missing, mode 0600 */
} blob_options;

SP_STATUS(BLOB_NOT_FOUND, SP_NOT_FOUND, "There is no such picture.");
SP_STATUS(BLOB_DAMAGED, SP_DATA_LOSS, "The stored bytes are not what was stored.");
SP_STATUS(BLOB_STORE_FULL, SP_RESOURCE_EXHAUSTED, "The disk of the blob store is full or cannot be written.");

/* NULL, with the reason logged, when folder or key cannot be used. */
blob_store *blob_store_new(const blob_options *options);
void blob_store_free(blob_store *store);

/* The master key, SEAL_KEY_SIZE bytes, for other secrets that lie sealed in the database; borrowed. */
const uint8_t *blob_store_master_key(const blob_store *store);

typedef struct {
    const char *owner; /* "person:42", "strangers:2026-11-22", "upload:17"; the key is made at first use */
    blob_kind kind;
    const void *bytes;
    size_t size; /* 1 to 1 048 576 */
    int64_t id;  /* set by blob_put */
} blob_item;

/* Seals and appends all items with one fdatasync, then inserts their rows with tx (role app or system, whose enterprise
 * it is). Durable when tx commits. */
sp_status blob_put(blob_store *store, db_tx *tx, int64_t enterprise_id, blob_item *items, size_t count) SP_MUST_USE;

/* Reads, opens and checks one; the bytes are in the transaction's arena. */
sp_status blob_get(blob_store *store, db_tx *tx, int64_t enterprise_id, int64_t id, const uint8_t **ret_bytes,
                   size_t *ret_size) SP_MUST_USE;

/* Forgets the owner's key and all his blobs; what refers to them must be gone or changed before. */
sp_status blob_erase(db_tx *tx, int64_t enterprise_id, const char *owner) SP_MUST_USE;
