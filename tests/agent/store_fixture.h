/* What the tests of the store share: a folder of their own, records with and without pictures. */
#pragma once

#include "suite.h"
#include "store.h"
#include "temporary_folder.h"

enum { QUOTA = 3 << 20, PICTURE_SIZE = 100000 };

static char folder[64];
static uint8_t jpeg[PICTURE_SIZE];

static inline void begin(void)
{
    folder_make(folder);
}

static inline void end(void)
{
    folder_remove(folder);
}

static inline store *open_store(void)
{
    const store_options options = {.folder = folder, .picture_quota = QUOTA};
    store *s = NULL;
    sp_status status = store_open(&options, &s);

    ck_assert_msg(!sp_failed(status), "%s", status.reason);
    return s;
}

static inline journal_result append(journal *j, bool with_picture)
{
    journal_picture picture = {.size = PICTURE_SIZE};
    uint8_t record[16];
    int n = snprintf((char *)record, sizeof record, "record %d", (int)(j->facts.last_seq + 1));

    picture.sha256[0] = (uint8_t)(j->facts.last_seq + 1);
    return j->ops->append(j, record, (size_t)n, with_picture ? &picture : NULL, jpeg);
}

/* Joins what it reads, and checks that nothing is missing in between. */
typedef struct {
    uint64_t first, last;
    uint32_t count;
} run;

static inline bool note_record(void *arg, uint64_t seq, const uint8_t *record, size_t size)
{
    char expected[16];
    run *r = arg;
    int n = snprintf(expected, sizeof expected, "record %d", (int)seq);

    ck_assert_uint_eq(size, (size_t)n);
    ck_assert_mem_eq(record, expected, size);
    if (r->count++ == 0)
        r->first = seq;
    else
        ck_assert_uint_eq(seq, r->last + 1);
    r->last = seq;
    return true;
}

static inline run read_from(journal *j, uint64_t from, uint32_t max)
{
    run r = {0};

    ck_assert_uint_eq(j->ops->read(j, from, max, note_record, &r), r.count);
    return r;
}
