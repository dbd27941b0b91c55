/* Text of which most is plain ASCII, eight bytes at a time. */
#pragma once

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many of the eight bytes at `at` come before the first control character, quote, backslash or byte beyond ASCII;
 * 8 when none of them is one. */
static inline size_t json_plain_of_eight(const uint8_t *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t eight, quote, backslash, care;

    memcpy(&eight, at, sizeof eight);
    eight = le64toh(eight);
    quote = eight ^ ones * '"';
    backslash = eight ^ ones * '\\';
    /* A borrow may mark a byte too many, but only above one that is marked rightly. */
    care = ((eight - ones * 0x20) | (quote - ones) | (backslash - ones) | eight) & ones * 0x80;
    return care ? (size_t)__builtin_ctzll(care) / 8 : 8;
}
