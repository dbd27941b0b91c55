/* Messages in pieces. A writer may send a singular message field several times over; what the pieces say one after the
 * other is what the field holds. protobuf-c merges them wrongly in a oneof and refuses some others, so they are put
 * together on the wire before it sees them. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* Replaces *bytes and *size by an equivalent message in the arena, never longer, in which every singular message field
 * comes once. False, with both unchanged, when the bytes are malformed or nested too deep, or the arena is full. */
bool join_pieces(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t **bytes, size_t *size);
