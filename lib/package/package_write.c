#include "package_write.h"

#include <string.h>

#include "hash.h"
#include "package_keys.h"

enum { PIECE = 65536 };

/* Copies everything to out unless that is NULL; the hash of it, and its size up to a byte more than is allowed. */
static sp_status read_all(FILE *payload, FILE *out, uint64_t *ret_size, uint8_t ret_sha256[SHA256_SIZE])
{
    sha256_stream *hash = sha256_new();
    sp_status status = hash ? SP_DONE : OUT_OF_MEMORY;
    uint8_t piece[PIECE];
    size_t n;

    *ret_size = 0;
    rewind(payload);
    while (!sp_failed(status) && *ret_size <= PACKAGE_PAYLOAD_MAX && (n = fread(piece, 1, sizeof piece, payload)) > 0) {
        sha256_add(hash, piece, n);
        *ret_size += n;
        if (out && fwrite(piece, 1, n, out) != n)
            status = PACKAGE_NOT_WRITABLE;
    }
    if (!sp_failed(status) && ferror(payload))
        status = PACKAGE_NOT_READABLE;
    if (!sp_failed(status))
        status = sha256_end(hash, ret_sha256);
    sha256_free(hash);
    return status;
}

static sp_status write_head(const char *private_pem, const package_manifest *manifest, FILE *out)
{
    uint8_t text[PACKAGE_MANIFEST_MAX];
    uint8_t said[PACKAGE_SIGNED_HEAD_SIZE + PACKAGE_MANIFEST_MAX];
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    size_t size = package_manifest_write(manifest, text);
    sp_status status;

    if (size == 0)
        return PACKAGE_TEXT_INVALID;
    package_head_write(size, said);
    memcpy(said + PACKAGE_SIGNED_HEAD_SIZE, text, size);
    status = package_key_sign(private_pem, said, PACKAGE_SIGNED_HEAD_SIZE + size, signature);
    if (sp_failed(status))
        return status;
    if (fwrite(said, PACKAGE_SIGNED_HEAD_SIZE, 1, out) != 1 || fwrite(signature, sizeof signature, 1, out) != 1 ||
        fwrite(text, size, 1, out) != 1)
        return PACKAGE_NOT_WRITABLE;
    return SP_DONE;
}

sp_status package_write(FILE *payload, const char *private_pem, package_manifest *manifest, FILE *out)
{
    uint8_t again[SHA256_SIZE];
    uint64_t size;
    sp_status status = read_all(payload, NULL, &manifest->size, manifest->sha256);

    if (!sp_failed(status) && (manifest->size == 0 || manifest->size > PACKAGE_PAYLOAD_MAX))
        status = PACKAGE_PAYLOAD_SIZE;
    if (!sp_failed(status))
        status = write_head(private_pem, manifest, out);
    if (!sp_failed(status))
        status = read_all(payload, out, &size, again);
    if (!sp_failed(status) && (size != manifest->size || memcmp(again, manifest->sha256, sizeof again) != 0))
        status = PACKAGE_NOT_READABLE;
    if (!sp_failed(status) && fflush(out) != 0)
        status = PACKAGE_NOT_WRITABLE;
    return status;
}
