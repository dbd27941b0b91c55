/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Thread-safe, but one stream belongs to one thread at a time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "crypto_status.h"

enum { SHA256_SIZE = 32 };

SP_MUST_USE sp_status sha256_of(const void *bytes, size_t n, uint8_t ret_hash[SHA256_SIZE]);

/* For what comes in pieces. A piece that fails is told by sha256_end, so pieces need no check. */
typedef struct sha256_stream sha256_stream;

/* NULL when memory is out. */
sha256_stream *sha256_new(void);
void sha256_add(sha256_stream *stream, const void *bytes, size_t n);

/* The hash of all pieces; the stream then starts anew. */
SP_MUST_USE sp_status sha256_end(sha256_stream *stream, uint8_t ret_hash[SHA256_SIZE]);

/* Accepts NULL. */
void sha256_free(sha256_stream *stream);

SP_MUST_USE sp_status hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t n,
                                  uint8_t ret_mac[SHA256_SIZE]);
