/* The server's end of the link, apart from the terminal's: the two codecs share names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* Whether a ConnectRequest passes the prescan; then it is unpacked too, and *ret_kind is which message it holds: its
 * field number, 0 when it holds none that is known. With a buffer, it is packed into it again. */
bool link_server_takes(const uint8_t *bytes, size_t size, unsigned *ret_kind, byte_buffer *packed);
