/* Messages between gRPC's byte buffers and protobuf-c. */
#pragma once

#include <grpc/byte_buffer.h>
#include <grpc/slice.h>

#include "prescan.h"
#include "rpc.h"

/* The bytes of a buffer in one piece: in place when they are, else copied. */
typedef struct {
    const uint8_t *bytes;
    size_t size;
    grpc_slice copy;
    bool copied;
} message_view;

/* False when the bytes are compressed, which nobody offered to take. The view borrows from the buffer. */
bool message_view_open(message_view *view, grpc_byte_buffer *buffer);
void message_view_close(message_view *view);

/* New buffers; the caller destroys them. */
grpc_byte_buffer *message_pack(const ProtobufCMessage *message);
grpc_byte_buffer *message_from_bytes(const uint8_t *bytes, size_t size);

/* A prescan of the message as it is with its pieces joined: *bytes and *size move into the arena when there were any.
 */
sp_status message_admit(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t **bytes, size_t *size,
                        const rpc_limit *limits, size_t limit_count, prescan_fault *ret_fault);

/* As rpc_unpack, without looking for pieces; *ret_over_cap tells whether it failed because the arena refused memory. */
ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t *bytes,
                                 size_t size, bool *ret_over_cap);
