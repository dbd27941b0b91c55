#include "grpc_frame.h"

#include <string.h>

void grpc_deframer_init(grpc_deframer *deframer)
{
    deframer->held = 0;
}

static size_t message_size(const uint8_t prefix[GRPC_PREFIX])
{
    return (size_t)prefix[1] << 24 | (size_t)prefix[2] << 16 | (size_t)prefix[3] << 8 | prefix[4];
}

static grpc_frame_result check_prefix(const uint8_t prefix[GRPC_PREFIX])
{
    if (prefix[0] != 0)
        return GRPC_FRAME_COMPRESSED;
    return message_size(prefix) > GRPC_MESSAGE_MAX ? GRPC_FRAME_TOO_LONG : GRPC_FRAME_DONE;
}

/* Completes what is held up to the wanted size; returns how many bytes were taken. */
static size_t hold(grpc_deframer *d, const uint8_t *bytes, size_t size, size_t wanted)
{
    size_t taken = wanted - d->held < size ? wanted - d->held : size;

    memcpy(d->bytes + d->held, bytes, taken);
    d->held += taken;
    return taken;
}

grpc_frame_result grpc_deframer_feed(grpc_deframer *d, const uint8_t *bytes, size_t size, grpc_receiver receive,
                                     void *self)
{
    while (size > 0) {
        size_t whole = GRPC_PREFIX;
        size_t taken;

        if (d->held >= GRPC_PREFIX)
            whole += message_size(d->bytes);
        taken = hold(d, bytes, size, whole);
        bytes += taken;
        size -= taken;
        if (d->held < whole)
            continue;

        if (whole == GRPC_PREFIX) {
            grpc_frame_result prefix = check_prefix(d->bytes);

            if (prefix != GRPC_FRAME_DONE)
                return prefix;
            if (message_size(d->bytes) > 0)
                continue;
        }
        d->held = 0;
        if (!receive(self, d->bytes + GRPC_PREFIX, whole - GRPC_PREFIX))
            return GRPC_FRAME_UNWANTED;
    }
    return GRPC_FRAME_DONE;
}

bool grpc_deframer_midway(const grpc_deframer *deframer)
{
    return deframer->held > 0;
}

void grpc_prefix_write(uint8_t out[GRPC_PREFIX], size_t size)
{
    out[0] = 0;
    out[1] = (uint8_t)(size >> 24);
    out[2] = (uint8_t)(size >> 16);
    out[3] = (uint8_t)(size >> 8);
    out[4] = (uint8_t)size;
}
