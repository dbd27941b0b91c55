#include "screen_rules.h"

enum { INTERVAL_MS = 1000, AT_FULL_PACE = 16 };

enum { MARKER = 0xff, START = 0xd8, END = 0xd9, SCAN = 0xda, HEADER = 11 /* bytes of the frame that are read */ };

static unsigned pair(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Baseline, extended and progressive, as browsers show them. */
static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xc2;
}

static bool is_side(unsigned pixels)
{
    return pixels > 0 && pixels <= SCREEN_SIDE_MAX;
}

/* At the segment's length. */
static bool is_sound_frame(const uint8_t *segment, size_t length)
{
    return length >= HEADER && segment[2] == 8 && is_side(pair(segment + 3)) && is_side(pair(segment + 5)) &&
           (segment[7] == 1 || segment[7] == 3);
}

bool screen_is_picture(const uint8_t *bytes, size_t size)
{
    bool framed = false;
    size_t at = 2;

    if (size < 4 || size > SCREEN_LARGEST || bytes[0] != MARKER || bytes[1] != START || bytes[size - 2] != MARKER ||
        bytes[size - 1] != END)
        return false;
    while (size - at >= 4 && bytes[at] == MARKER) {
        const uint8_t marker = bytes[at + 1];
        const size_t length = pair(bytes + at + 2);

        if (marker < 0xc0 || (marker >= 0xd0 && marker <= END) || length < 2 || length > size - at - 2)
            return false;
        if (marker == SCAN)
            return framed;
        if (is_frame(marker)) {
            if (framed || !is_sound_frame(bytes + at + 2, length))
                return false;
            framed = true;
        }
        at += 2 + length;
    }
    return false;
}

uint32_t screen_interval_ms(int watched)
{
    return (uint32_t)(watched <= AT_FULL_PACE ? 1 : (watched + AT_FULL_PACE - 1) / AT_FULL_PACE) * INTERVAL_MS;
}
