#include "memory_journal.h"

#include <stdlib.h>
#include <string.h>

/* Record n lies in slot n % capacity. */
typedef struct {
    journal base;
    uint32_t capacity;
    uint32_t record_max;
    uint16_t *sizes;
    uint8_t *records;
} memory_journal;

static bool make_room(journal *j, size_t picture_size)
{
    (void)j, (void)picture_size;
    return false;
}

static journal_result append(journal *j, const uint8_t *record, size_t size, const journal_picture *picture,
                             const uint8_t *jpeg)
{
    memory_journal *m = (memory_journal *)j;
    uint32_t slot = (uint32_t)((j->facts.last_seq + 1) % m->capacity);

    (void)jpeg;
    if (picture || size > m->record_max || j->facts.last_seq - j->facts.acked_seq >= m->capacity)
        return JOURNAL_FULL;
    memcpy(m->records + (size_t)slot * m->record_max, record, size);
    m->sizes[slot] = (uint16_t)size;
    j->facts.last_seq++;
    return JOURNAL_DONE;
}

static uint32_t read_records(journal *j, uint64_t from_seq, uint32_t max, journal_reader reader, void *arg)
{
    memory_journal *m = (memory_journal *)j;
    uint32_t taken = 0;

    if (from_seq <= j->facts.acked_seq)
        return 0;
    for (uint64_t seq = from_seq; seq <= j->facts.last_seq && taken < max; seq++) {
        uint32_t slot = (uint32_t)(seq % m->capacity);

        if (!reader(arg, seq, m->records + (size_t)slot * m->record_max, m->sizes[slot]))
            break;
        taken++;
    }
    return taken;
}

static void acked(journal *j, uint64_t seq)
{
    if (seq > j->facts.acked_seq && seq <= j->facts.last_seq)
        j->facts.acked_seq = seq;
}

static void posted(journal *j, uint64_t seq)
{
    j->facts.posted_seq = seq;
}

static bool oldest_picture(journal *j, journal_picture *ret_picture)
{
    (void)j, (void)ret_picture;
    return false;
}

static size_t read_picture(journal *j, uint64_t seq, uint32_t offset, uint8_t *out, size_t cap)
{
    (void)j, (void)seq, (void)offset, (void)out, (void)cap;
    return 0;
}

static void picture_done(journal *j, uint64_t seq, picture_fate fate)
{
    (void)j, (void)seq, (void)fate;
}

static const journal_ops memory_ops = {
    .make_room = make_room,
    .append = append,
    .read = read_records,
    .acked = acked,
    .posted = posted,
    .oldest_picture = oldest_picture,
    .read_picture = read_picture,
    .picture_done = picture_done,
};

journal *memory_journal_new(uint32_t epoch, uint32_t capacity, uint32_t record_max)
{
    memory_journal *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->base = (journal){.ops = &memory_ops, .facts = {.epoch = epoch, .posted_seq = JOURNAL_POSTS_NOTHING}};
    m->capacity = capacity;
    m->record_max = record_max;
    m->sizes = calloc(capacity, sizeof *m->sizes);
    m->records = calloc(capacity, record_max);
    if (!m->sizes || !m->records) {
        memory_journal_free(&m->base);
        return NULL;
    }
    return &m->base;
}

void memory_journal_free(journal *j)
{
    memory_journal *m = (memory_journal *)j;

    if (!m)
        return;
    free(m->sizes);
    free(m->records);
    free(m);
}
