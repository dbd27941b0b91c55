/* A package file, format 1. Numbers are big-endian.
 *
 *     offset  bytes
 *          0      8  89 53 50 50 4B 47 0D 0A: what kind of file it is ("SPPKG"); damaged by whoever takes it for text
 *          8      2  the format: 1
 *         10      2  size of the manifest, 1 to 4096
 *         12     64  Ed25519 signature (RFC 8032) of bytes 0 to 11 followed by the manifest
 *         76      …  the manifest
 *          …      …  the payload: the program that is installed, as many bytes as the manifest says, and then the end
 *
 * The manifest is text in UTF-8, with one way to write each:
 *
 *     version=MAJOR.MINOR.PATCH\n
 *     model=TEXT\n               at most 64 bytes without control characters; empty: any model
 *     size=DECIMAL\n             of the payload, 1 to 2^40; nobody takes more than 512 MiB
 *     sha256=64 hex digits\n     of the payload, lower case
 *     notes=TEXT                 at most 2000 bytes; lines may be broken, other control characters may not be there
 *
 * Whoever reads one believes nothing before the signature fits a key that is trusted, and installs nothing before the
 * payload fits the manifest. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "package_version.h"

#define PACKAGE_PAYLOAD_MAX ((uint64_t)512 << 20) /* bytes that are packed and taken */
#define PACKAGE_SIZE_MAX ((uint64_t)1 << 40)      /* that a manifest can name */

enum {
    PACKAGE_FORMAT = 1,
    PACKAGE_HEAD_SIZE = 76, /* everything before the manifest */
    PACKAGE_SIGNED_HEAD_SIZE = 12,
    PACKAGE_SIGNATURE_SIZE = 64,
    PACKAGE_MANIFEST_MAX = 4096,
    PACKAGE_MODEL_MAX = 64,
    PACKAGE_NOTES_MAX = 2000,
    PACKAGE_SHA256_SIZE = 32,
};

typedef struct {
    package_version version;
    char model[PACKAGE_MODEL_MAX + 1];
    uint64_t size;
    uint8_t sha256[PACKAGE_SHA256_SIZE];
    char notes[PACKAGE_NOTES_MAX + 1];
} package_manifest;

/* Writes the manifest as it is signed, without a NUL; 0: something in it may not be there. */
size_t package_manifest_write(const package_manifest *manifest, uint8_t out[PACKAGE_MANIFEST_MAX]);

/* False unless the bytes are exactly what package_manifest_write makes of the result. */
bool package_manifest_read(const uint8_t *bytes, size_t size, package_manifest *ret_manifest);

/* The first twelve bytes of a package with a manifest of that size. */
void package_head_write(size_t manifest_size, uint8_t out[PACKAGE_SIGNED_HEAD_SIZE]);

/* False: it is no package, of another format, or its manifest is too long. */
bool package_head_read(const uint8_t head[PACKAGE_SIGNED_HEAD_SIZE], size_t *ret_manifest_size);
