#include "screen_picture.h"

#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "seal.h"

/* A key of its own, because pictures come by the second and the master key must not be used so often. */
static sp_status find_key(const blob_store *blobs, uint8_t ret_key[SEAL_KEY_SIZE])
{
    static const char purpose[] = "pictures of screens";

    _Static_assert((int)SEAL_KEY_SIZE == (int)SHA256_SIZE, "a code is as long as a key");
    return hmac_sha256(blob_store_master_key(blobs), SEAL_KEY_SIZE, purpose, strlen(purpose), ret_key);
}

typedef struct {
    char text[64];
} place;

static place place_of(const screen_of *of)
{
    place p;

    snprintf(p.text, sizeof p.text, "screen %lld %lld", (long long)of->enterprise_id, (long long)of->device_id);
    return p;
}

sp_status screen_seal(const blob_store *blobs, arena *a, const screen_of *of, screen_bytes plain,
                      screen_bytes *ret_sealed)
{
    const place p = place_of(of);
    uint8_t key[SEAL_KEY_SIZE], *sealed = arena_alloc(a, plain.size + SEAL_OVERHEAD);
    sp_status st = sealed ? find_key(blobs, key) : DB_NO_MEMORY;

    if (!sp_failed(st))
        st = seal_bytes(key, p.text, strlen(p.text), plain.bytes, plain.size, sealed);
    if (!sp_failed(st))
        *ret_sealed = (screen_bytes){sealed, plain.size + SEAL_OVERHEAD};
    return st;
}

sp_status screen_open(const blob_store *blobs, arena *a, const screen_of *of, screen_bytes sealed,
                      screen_bytes *ret_plain)
{
    const place p = place_of(of);
    uint8_t key[SEAL_KEY_SIZE], *plain = arena_alloc(a, sealed.size);
    sp_status st = plain ? find_key(blobs, key) : DB_NO_MEMORY;

    if (!sp_failed(st) && sealed.size < SEAL_OVERHEAD)
        st = SEAL_BROKEN;
    if (!sp_failed(st))
        st = seal_open(key, p.text, strlen(p.text), sealed.bytes, sealed.size, plain);
    if (!sp_failed(st))
        *ret_plain = (screen_bytes){plain, sealed.size - SEAL_OVERHEAD};
    return st;
}
