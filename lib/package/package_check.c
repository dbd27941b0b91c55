#include "package_check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

struct package_check {
    const package_keys *keys;
    uint64_t limit;
    sp_status status; /* the first failure */
    uint8_t head[PACKAGE_HEAD_SIZE];
    uint8_t manifest_bytes[PACKAGE_MANIFEST_MAX];
    size_t manifest_size; /* 0: the head is not there yet */
    size_t held;          /* bytes of head and manifest */
    const char *key_name; /* NULL: not judged yet */
    package_manifest manifest;
    sha256_stream *hash;
    uint64_t payload; /* bytes that have come by */
};

package_check *package_check_new(const package_keys *keys, uint64_t limit)
{
    package_check *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->keys = keys;
    c->limit = limit;
    c->status = package_keys_count(keys) > 0 ? SP_DONE : PACKAGE_NO_KEY;
    c->hash = sha256_new();
    if (!c->hash) {
        free(c);
        return NULL;
    }
    return c;
}

void package_check_free(package_check *c)
{
    if (!c)
        return;
    sha256_free(c->hash);
    free(c);
}

/* Moves what is still missing of a part from the input. True: the part is whole. */
static bool gather(uint8_t *part, size_t *held, size_t whole, const uint8_t **bytes, size_t *n)
{
    size_t take = whole - *held < *n ? whole - *held : *n;

    memcpy(part + *held, *bytes, take);
    *held += take;
    *bytes += take;
    *n -= take;
    return *held == whole;
}

/* Signature first: not even the manifest's form is looked at before. */
static sp_status judge(package_check *c)
{
    uint8_t said[PACKAGE_SIGNED_HEAD_SIZE + PACKAGE_MANIFEST_MAX];

    memcpy(said, c->head, PACKAGE_SIGNED_HEAD_SIZE);
    memcpy(said + PACKAGE_SIGNED_HEAD_SIZE, c->manifest_bytes, c->manifest_size);
    c->key_name = package_keys_verify(c->keys, said, PACKAGE_SIGNED_HEAD_SIZE + c->manifest_size,
                                      c->head + PACKAGE_SIGNED_HEAD_SIZE);
    if (!c->key_name)
        return PACKAGE_SIGNATURE_BAD;
    if (!package_manifest_read(c->manifest_bytes, c->manifest_size, &c->manifest))
        return PACKAGE_NOT_ONE;
    return c->manifest.size <= c->limit ? SP_DONE : PACKAGE_TOO_LARGE;
}

static sp_status take(package_check *c, const uint8_t *bytes, size_t n)
{
    size_t of_manifest;

    if (c->manifest_size == 0) {
        if (!gather(c->head, &c->held, PACKAGE_HEAD_SIZE, &bytes, &n))
            return SP_DONE;
        if (!package_head_read(c->head, &c->manifest_size))
            return PACKAGE_NOT_ONE;
    }
    if (!c->key_name) {
        of_manifest = c->held - PACKAGE_HEAD_SIZE;
        bool whole = gather(c->manifest_bytes, &of_manifest, c->manifest_size, &bytes, &n);
        c->held = PACKAGE_HEAD_SIZE + of_manifest;
        sp_status status = whole ? judge(c) : SP_DONE;
        if (!whole || sp_failed(status))
            return status;
    }
    if (n > c->manifest.size - c->payload)
        return PACKAGE_DAMAGED;
    sha256_add(c->hash, bytes, n);
    c->payload += n;
    return SP_DONE;
}

sp_status package_check_add(package_check *c, const void *bytes, size_t n)
{
    if (!sp_failed(c->status))
        c->status = take(c, bytes, n);
    return c->status;
}

sp_status package_check_end(package_check *c)
{
    uint8_t sha256[SHA256_SIZE];

    if (sp_failed(c->status))
        return c->status;
    if (c->manifest_size == 0)
        c->status = PACKAGE_NOT_ONE;
    else if (!c->key_name || c->payload != c->manifest.size)
        c->status = PACKAGE_DAMAGED;
    else if (!sp_failed(c->status = sha256_end(c->hash, sha256)) &&
             memcmp(sha256, c->manifest.sha256, sizeof sha256) != 0)
        c->status = PACKAGE_DAMAGED;
    return c->status;
}

static bool is_good(const package_check *c)
{
    return c->key_name && !sp_failed(c->status);
}

const package_manifest *package_check_manifest(const package_check *c)
{
    return is_good(c) ? &c->manifest : NULL;
}

const char *package_check_key_name(const package_check *c)
{
    return is_good(c) ? c->key_name : NULL;
}

size_t package_check_payload_offset(const package_check *c)
{
    return is_good(c) ? c->held : 0;
}
