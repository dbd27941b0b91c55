/* gRPC's message frames: a flag, a length, the message. Takes them apart whatever the pieces they arrive in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRPC_MESSAGE_MAX 32768 /* bytes of one message, either way */
#define GRPC_PREFIX 5          /* bytes before a message */

typedef enum {
    GRPC_FRAME_DONE,
    GRPC_FRAME_COMPRESSED, /* we never offer compression */
    GRPC_FRAME_TOO_LONG,
    GRPC_FRAME_UNWANTED, /* the receiver refused the message */
} grpc_frame_result;

typedef struct {
    uint8_t bytes[GRPC_PREFIX + GRPC_MESSAGE_MAX];
    size_t held;
} grpc_deframer;

/* False: malformed, the call ends. */
typedef bool (*grpc_receiver)(void *self, const uint8_t *message, size_t size);

void grpc_deframer_init(grpc_deframer *deframer);

/* Gives every message that is complete to the receiver; after anything but GRPC_FRAME_DONE it must not be fed again. */
grpc_frame_result grpc_deframer_feed(grpc_deframer *deframer, const uint8_t *bytes, size_t size, grpc_receiver receive,
                                     void *self);

/* Whether a message has begun and not ended. */
bool grpc_deframer_midway(const grpc_deframer *deframer);

void grpc_prefix_write(uint8_t out[GRPC_PREFIX], size_t message_size);
