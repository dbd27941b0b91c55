/* Messages on stdin and stdout, each with its length in front: 32 bits, the lowest byte first. */
#pragma once

#include <stdbool.h>

#include "bytes.h"

/* Puts the next message in place of what the buffer holds. False at the end of the input. */
bool frame_read(byte_buffer *message);

bool frame_write(const byte_buffer *message);
