/* The terminal's signature on what it posts: a JWS whose content is not repeated in it (RFC 7515, appendix F), ES256
 * with the terminal's own key, and its certificate along, so that a receiver needs to know our authority alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SIGNATURE_TEXT_MAX = 8192 };

/* Paths of PEM files. Writes "HEADER..SIGNATURE" and a NUL; false: key or certificate cannot be used. */
bool pass_signature(const char *key, const char *certificate, const char *body, size_t size,
                    char out[SIGNATURE_TEXT_MAX]);
