/* Bytes and text: hex, base64url, base32, UTF-8, constant-time comparison. Nothing here allocates. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed texts, in an array that is borrowed too. */
typedef struct {
    char **texts;
    size_t count;
} text_list;

/* Writes 2·n lower-case digits and a NUL to out. */
void hex_encode(const uint8_t *bytes, size_t n, char *out);

/* Exactly 2·n digits of either case; false for anything else. */
bool hex_decode(const char *text, uint8_t *out, size_t n);

/* Unpadded base64url (RFC 4648 §5): writes BASE64URL_LENGTH(n) characters and a NUL. */
#define BASE64URL_LENGTH(n) (((n)*4 + 2) / 3)
void base64url_encode(const uint8_t *bytes, size_t n, char *out);

/* Takes both alphabets, padded or not; returns the bytes written, or -1 when malformed or over cap. */
long base64_decode(const char *text, size_t length, uint8_t *out, size_t cap);

/* Unpadded base32 (RFC 4648 §6), capital letters: writes BASE32_LENGTH(n) characters and a NUL. */
#define BASE32_LENGTH(n) (((n)*8 + 4) / 5)
void base32_encode(const uint8_t *bytes, size_t n, char *out);

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) and free of NUL. */
bool utf8_is_valid(const char *text, size_t length);

/* Decimal integer in [min, max] filling the whole string; false otherwise. */
bool int64_parse(const char *text, int64_t min, int64_t max, int64_t *ret_value);

/* True when both have the same bytes; takes the same time wherever they differ. */
bool bytes_equal(const void *a, const void *b, size_t n);
