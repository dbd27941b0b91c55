/* The chain of audit rows: what is hashed, and whether a row that is read is the one that was sealed. Pure: bytes in,
 * verdict out; docs/security.md has the form of the bytes. Thread-safe, but one walk belongs to one thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hash.h"

enum { AUDIT_KEY_SIZE = 32, AUDIT_SALT_SIZE = 16 };

/* A row as it is sealed. Texts are never NULL. */
typedef struct {
    int64_t enterprise_id;
    int64_t id;
    int64_t happened_us; /* since 1970 */
    int64_t operator_id; /* 0: none */
    int64_t person_id;   /* 0: none */
    int32_t code;
    const char *operator_name;
    const char *address;
    const char *module;
    const char *action;
    const char *object;
    const char *reason;
    const uint8_t *payload_hash; /* SHA256_SIZE bytes, or NULL */
} audit_sealed_row;

typedef struct {
    const uint8_t *salt; /* AUDIT_SALT_SIZE bytes */
    int64_t person_id;   /* 0: none */
    const char *object;  /* none of the texts is NULL */
    const char *before;
    const char *after;
} audit_payload;

sp_status audit_payload_hash(const audit_payload *payload, uint8_t ret_hash[SHA256_SIZE]) SP_MUST_USE;

/* The mac of the row that comes as number `seal` after the row with the mac `previous` (zeroes for the first). */
sp_status audit_mac(const uint8_t key[AUDIT_KEY_SIZE], const uint8_t previous[SHA256_SIZE], int64_t seal,
                    const audit_sealed_row *row, uint8_t ret_mac[SHA256_SIZE]) SP_MUST_USE;

/* Not secret: tells one key from another. */
sp_status audit_key_check(const uint8_t key[AUDIT_KEY_SIZE], uint8_t ret_check[SHA256_SIZE]) SP_MUST_USE;

/* From the first row to the last, in the order of seals. */
typedef struct {
    const uint8_t *key;
    int64_t seal; /* of the last row that fitted */
    uint8_t mac[SHA256_SIZE];
    int64_t anchor_seal; /* 0: none; a hash that somebody kept elsewhere */
    uint8_t anchor[SHA256_SIZE];
    bool broken;
    int64_t bad_row; /* id; 0 when the row is gone */
    int64_t bad_seal;
} audit_walk;

/* The key is borrowed. */
void audit_walk_begin(audit_walk *walk, const uint8_t key[AUDIT_KEY_SIZE]);

/* The next row with the seal and mac that it carries (mac_size tells whether it is one), and its payload or NULL. After
 * a row that does not fit, nothing changes any more. A failure is one of memory or cryptography. */
sp_status audit_walk_row(audit_walk *walk, int64_t seal, const uint8_t *mac, size_t mac_size,
                         const audit_sealed_row *row, const audit_payload *payload) SP_MUST_USE;

/* After the last row: whether the chain ends where its head says, and reaches the anchor. */
void audit_walk_end(audit_walk *walk, int64_t head_seal, const uint8_t *head_mac, size_t head_mac_size);
