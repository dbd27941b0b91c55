/* Changes wire bytes where they have structure: libFuzzer's own mutations seldom get past a length that no longer
 * fits. Half of the time one field, at whatever depth, is dropped, doubled, exchanged or given another value, and the
 * lengths around it are made to fit; half of the time libFuzzer changes bytes as it likes. The first HEAD_BYTES of an
 * input choose what is tried and are left to libFuzzer. */
#include <string.h>

#include "fuzz.h"

enum { ROOM = 1 << 16, FIELDS_MAX = 64, DEPTH_MAX = 80 };

/* libFuzzer's. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static uint64_t state;

static uint32_t below(uint32_t limit)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % limit;
}

typedef struct {
    const uint8_t *begins; /* its tag */
    const uint8_t *value;  /* behind tag and length */
    const uint8_t *ends;
    unsigned wire;
} field;

typedef struct {
    field fields[FIELDS_MAX];
    size_t count;
} message;

typedef struct {
    uint8_t bytes[ROOM];
    size_t size;
} output;

static void put(output *out, const uint8_t *bytes, size_t size)
{
    if (size > ROOM - out->size)
        size = ROOM - out->size;
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void put_varint(output *out, uint64_t value)
{
    uint8_t bytes[10];
    size_t n = 0;

    do {
        bytes[n++] = (uint8_t)(value < 0x80 ? value : (value & 0x7f) | 0x80);
        value >>= 7;
    } while (value);
    put(out, bytes, n);
}

static const uint8_t *get_varint(const uint8_t *at, const uint8_t *end, uint64_t *ret_value)
{
    *ret_value = 0;
    for (int shift = 0; at < end && shift < 64; shift += 7) {
        *ret_value |= (uint64_t)(*at & 0x7f) << shift;
        if (*at++ < 0x80)
            return at;
    }
    return NULL;
}

static const uint8_t *find_end(const uint8_t *at, const uint8_t *end, unsigned wire, const uint8_t **ret_value)
{
    uint64_t length = wire == 1 ? 8 : wire == 5 ? 4 : 0;

    *ret_value = at;
    if (wire == 0)
        return get_varint(at, end, &length);
    if (wire == 2)
        *ret_value = at = get_varint(at, end, &length);
    else if (wire != 1 && wire != 5)
        return NULL;
    return at && length <= (uint64_t)(end - at) ? at + length : NULL;
}

/* Fields as far as there are well-formed ones; true when that is all there is. */
static int parse(const uint8_t *at, const uint8_t *end, message *ret)
{
    ret->count = 0;
    while (at < end && ret->count < FIELDS_MAX) {
        field *f = &ret->fields[ret->count];
        uint64_t tag;
        const uint8_t *next = get_varint(at, end, &tag);

        f->begins = at;
        f->wire = tag & 7;
        at = next ? find_end(next, end, f->wire, &f->value) : NULL;
        if (!at || tag >> 3 == 0)
            return 0;
        f->ends = at;
        ret->count++;
    }
    return at == end;
}

static void put_length_field(output *out, const field *f, const uint8_t *bytes, size_t size)
{
    uint64_t tag;

    get_varint(f->begins, f->ends, &tag);
    put_varint(out, tag);
    put_varint(out, size);
    put(out, bytes, size);
}

static void change(output *out, const uint8_t *bytes, size_t size, int depth);

/* Another number, wire type or value. */
static void put_changed(output *out, const field *f, int depth)
{
    static const uint64_t telling[] = {0, 1, 2, 127, 128, 0x7fffffff, 0x80000000, UINT64_MAX, UINT64_MAX >> 1};
    static output inner[DEPTH_MAX];
    size_t size = (size_t)(f->ends - f->value);
    message nested;
    uint64_t tag;

    get_varint(f->begins, f->ends, &tag);
    if (f->wire == 2 && depth < DEPTH_MAX - 1 && below(4) && parse(f->value, f->ends, &nested)) {
        inner[depth].size = 0;
        change(&inner[depth], f->value, size, depth + 1);
        put_length_field(out, f, inner[depth].bytes, inner[depth].size);
    } else if (f->wire == 2 && size < 1024) {
        uint8_t bytes[2048];

        memcpy(bytes, f->value, size);
        put_length_field(out, f, bytes, LLVMFuzzerMutate(bytes, size, size + 64));
    } else if (f->wire == 0) {
        put_varint(out, below(3) ? tag : (uint64_t)(1 + below(24)) << 3);
        put_varint(out, below(2) ? telling[below(sizeof telling / sizeof *telling)] : below(300));
    } else {
        put_varint(out, (uint64_t)(1 + below(24)) << 3 | f->wire);
        put(out, f->value, size);
    }
}

/* A field that was not there: a number, or bytes, or an empty message. */
static void put_new(output *out)
{
    static const uint8_t some[] = "abc\x08\x01\x12\x02xy\xc3\x28";
    uint64_t number = 1 + below(20);

    if (below(2)) {
        put_varint(out, number << 3);
        put_varint(out, below(1000));
    } else {
        size_t from = below(sizeof some - 1), size = below((uint32_t)(sizeof some - from));

        put_varint(out, number << 3 | 2);
        put_varint(out, size);
        put(out, some + from, size);
    }
}

static void change(output *out, const uint8_t *bytes, size_t size, int depth)
{
    message m;
    size_t chosen;

    parse(bytes, bytes + size, &m);
    chosen = m.count ? below((uint32_t)m.count) : 0;
    if (m.count == 0 || below(8) == 0)
        put_new(out);
    for (size_t i = 0; i < m.count; i++) {
        const field *f = &m.fields[i];
        uint32_t what = i == chosen ? below(6) : 6;

        if (what == 0)
            continue;
        if (what == 1)
            put(out, f->begins, (size_t)(f->ends - f->begins));
        if (what == 2)
            f = &m.fields[below((uint32_t)m.count)];
        if (what >= 3 && what <= 5)
            put_changed(out, f, depth);
        else
            put(out, f->begins, (size_t)(f->ends - f->begins));
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static output out;

    state = seed;
    if (size < HEAD_BYTES || max_size > ROOM || below(2))
        return LLVMFuzzerMutate(data, size, max_size);
    out.size = 0;
    put(&out, data, HEAD_BYTES);
    change(&out, data + HEAD_BYTES, size - HEAD_BYTES, 0);
    if (out.size > max_size)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(data, out.bytes, out.size);
    return out.size;
}
