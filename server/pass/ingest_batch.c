/* A batch of records in one piece of memory. */
#include "ingest_batch.h"

#include <stdlib.h>
#include <string.h>

static size_t room_of(const Smartpass__Link__V1__PassRecord *record)
{
    return strlen(record->person_name) + strlen(record->person_number) + strlen(record->card_number) + 3 +
           record->snapshot_sha256.len + record->boot_id.len;
}

static char *copy_text(char **room, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memcpy(*room, text, size);

    *room += size;
    return copy;
}

static ProtobufCBinaryData copy_bytes(char **room, ProtobufCBinaryData bytes)
{
    ProtobufCBinaryData copy = {bytes.len, (uint8_t *)*room};

    if (bytes.len > 0)
        memcpy(*room, bytes.data, bytes.len);
    *room += bytes.len;
    return copy;
}

static void copy_record(char **room, const Smartpass__Link__V1__PassRecord *from, Smartpass__Link__V1__PassRecord *to)
{
    *to = *from;
    to->base.n_unknown_fields = 0;
    to->base.unknown_fields = NULL;
    to->person_name = copy_text(room, from->person_name);
    to->person_number = copy_text(room, from->person_number);
    to->card_number = copy_text(room, from->card_number);
    to->snapshot_sha256 = copy_bytes(room, from->snapshot_sha256);
    to->boot_id = copy_bytes(room, from->boot_id);
}

ingest_batch *ingest_batch_new(const ingest_source *source, Smartpass__Link__V1__PassRecord *const *records,
                               size_t count)
{
    size_t room_size = 0;
    for (size_t i = 0; i < count; i++)
        room_size += room_of(records[i]);

    ingest_batch *batch = malloc(sizeof *batch + count * sizeof batch->records[0] + room_size);
    if (!batch)
        return NULL;
    *batch = (ingest_batch){.source = *source, .count = count};

    char *room = (char *)&batch->records[count];
    for (size_t i = 0; i < count; i++)
        copy_record(&room, records[i], &batch->records[i]);
    return batch;
}

/* ---- Lists of batches ----------------------------------------------------------------------------------------------
 */

bool ingest_source_is(const ingest_source *a, const ingest_source *b)
{
    return a->device_id == b->device_id && a->epoch == b->epoch && a->enterprise_id == b->enterprise_id;
}

static bool comes_after(const ingest_batch *a, const ingest_batch *b)
{
    return a->source.device_id != b->source.device_id ? a->source.device_id > b->source.device_id
                                                      : a->source.epoch > b->source.epoch;
}

static ingest_batch *merge(ingest_batch *first, ingest_batch *second)
{
    ingest_batch *merged = NULL, **tail = &merged;

    while (first && second) {
        ingest_batch **from = comes_after(first, second) ? &second : &first;
        *tail = *from;
        tail = &(*from)->next;
        *from = *tail;
    }
    *tail = first ? first : second;
    return merged;
}

ingest_batch *ingest_batches_sort(ingest_batch *list)
{
    ingest_batch *middle = list, *second;

    if (!list || !list->next)
        return list;
    for (const ingest_batch *end = list->next; end && end->next; end = end->next->next)
        middle = middle->next;
    second = middle->next;
    middle->next = NULL;
    return merge(ingest_batches_sort(list), ingest_batches_sort(second));
}
