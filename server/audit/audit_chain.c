#include "audit_chain.h"

#include <string.h>

#include "bytes.h"
#include "text.h"

/* One row: six texts of which none is longer than a field of a message. */
enum { VERSION = 1, ROW_BYTES_MAX = 1 << 20 };

static const char PAYLOAD_LABEL[] = "smartpass audit payload 1";
static const char CHECK_LABEL[] = "smartpass audit key 1";

/* ---- Bytes: numbers big-endian, texts behind their length ---------------------------------------------------------
 */

static bool put_number(byte_buffer *out, uint64_t value)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    return byte_buffer_append(out, bytes, sizeof bytes);
}

static bool put_bytes(byte_buffer *out, const void *bytes, size_t n)
{
    return put_number(out, n) && (n == 0 || byte_buffer_append(out, bytes, n));
}

static bool put_text(byte_buffer *out, const char *text)
{
    return put_bytes(out, text, strlen(text));
}

static bool put_row(byte_buffer *out, const uint8_t previous[SHA256_SIZE], int64_t seal, const audit_sealed_row *row)
{
    static const uint8_t version = VERSION;

    return byte_buffer_append(out, &version, 1) && byte_buffer_append(out, previous, SHA256_SIZE) &&
           put_number(out, (uint64_t)seal) && put_number(out, (uint64_t)row->enterprise_id) &&
           put_number(out, (uint64_t)row->id) && put_number(out, (uint64_t)row->happened_us) &&
           put_number(out, (uint64_t)row->operator_id) && put_number(out, (uint64_t)row->person_id) &&
           put_number(out, (uint64_t)(int64_t)row->code) && put_text(out, row->operator_name) &&
           put_text(out, row->address) && put_text(out, row->module) && put_text(out, row->action) &&
           put_text(out, row->object) && put_text(out, row->reason) &&
           put_bytes(out, row->payload_hash, row->payload_hash ? SHA256_SIZE : 0);
}

sp_status audit_mac(const uint8_t key[AUDIT_KEY_SIZE], const uint8_t previous[SHA256_SIZE], int64_t seal,
                    const audit_sealed_row *row, uint8_t ret_mac[SHA256_SIZE])
{
    byte_buffer bytes;
    sp_status status = OUT_OF_MEMORY;

    byte_buffer_init(&bytes, ROW_BYTES_MAX);
    if (put_row(&bytes, previous, seal, row))
        status = hmac_sha256(key, AUDIT_KEY_SIZE, bytes.data, bytes.size, ret_mac);
    byte_buffer_done(&bytes);
    return status;
}

sp_status audit_payload_hash(const audit_payload *payload, uint8_t ret_hash[SHA256_SIZE])
{
    byte_buffer bytes;
    sp_status status = OUT_OF_MEMORY;

    byte_buffer_init(&bytes, ROW_BYTES_MAX);
    if (put_text(&bytes, PAYLOAD_LABEL) && byte_buffer_append(&bytes, payload->salt, AUDIT_SALT_SIZE) &&
        put_number(&bytes, (uint64_t)payload->person_id) && put_text(&bytes, payload->object) &&
        put_text(&bytes, payload->before) && put_text(&bytes, payload->after))
        status = sha256_of(bytes.data, bytes.size, ret_hash);
    byte_buffer_done(&bytes);
    return status;
}

sp_status audit_key_check(const uint8_t key[AUDIT_KEY_SIZE], uint8_t ret_check[SHA256_SIZE])
{
    return hmac_sha256(key, AUDIT_KEY_SIZE, CHECK_LABEL, sizeof CHECK_LABEL - 1, ret_check);
}

/* ---- The walk ---------------------------------------------------------------------------------------------------- */

void audit_walk_begin(audit_walk *walk, const uint8_t key[AUDIT_KEY_SIZE])
{
    *walk = (audit_walk){.key = key};
}

static void walk_break(audit_walk *walk, int64_t row, int64_t seal)
{
    if (walk->broken)
        return;
    walk->broken = true;
    walk->bad_row = row;
    walk->bad_seal = seal;
}

/* Only what speaks of a person may be gone. */
static sp_status payload_judge(const audit_sealed_row *row, const audit_payload *payload, bool *ret_fits)
{
    uint8_t hash[SHA256_SIZE];
    sp_status status;

    *ret_fits = row->payload_hash ? row->person_id != 0 : !payload;
    if (!row->payload_hash || !payload)
        return SP_DONE;
    status = audit_payload_hash(payload, hash);
    *ret_fits = bytes_equal(hash, row->payload_hash, SHA256_SIZE);
    return status;
}

sp_status audit_walk_row(audit_walk *walk, int64_t seal, const uint8_t *mac, size_t mac_size,
                         const audit_sealed_row *row, const audit_payload *payload)
{
    uint8_t expected[SHA256_SIZE];
    bool payload_fits;
    sp_status status;

    if (walk->broken)
        return SP_DONE;
    status = audit_mac(walk->key, walk->mac, walk->seal + 1, row, expected);
    if (!sp_failed(status))
        status = payload_judge(row, payload, &payload_fits);
    if (sp_failed(status))
        return status;
    if (seal != walk->seal + 1 || mac_size != SHA256_SIZE || !bytes_equal(mac, expected, SHA256_SIZE) || !payload_fits)
        walk_break(walk, row->id, walk->seal + 1);
    else if (seal == walk->anchor_seal && !bytes_equal(mac, walk->anchor, SHA256_SIZE))
        walk_break(walk, row->id, seal);
    if (walk->broken)
        return SP_DONE;
    walk->seal = seal;
    memcpy(walk->mac, expected, SHA256_SIZE);
    return SP_DONE;
}

void audit_walk_end(audit_walk *walk, int64_t head_seal, const uint8_t *head_mac, size_t head_mac_size)
{
    if (head_seal > walk->seal)
        walk_break(walk, 0, walk->seal + 1);
    else if (head_seal < walk->seal)
        walk_break(walk, 0, head_seal + 1);
    else if (head_seal > 0 && (head_mac_size != SHA256_SIZE || !bytes_equal(head_mac, walk->mac, SHA256_SIZE)))
        walk_break(walk, 0, head_seal);
    if (walk->anchor_seal > walk->seal)
        walk_break(walk, 0, walk->seal + 1);
}
