/* Replies: maps, which are lists of entries on the wire and objects in JSON. */
#include <string.h>

#include "json_number.h"
#include "map_keys.h"
#include "wire_decoder.h"

static void write_key(json_writer *out, const field_type *key, const occurrence *met)
{
    char text[NUMBER_TEXT_MAX + 2];
    byte_buffer buffer = {(uint8_t *)text, 0, sizeof text, sizeof text - 1};
    json_writer number;

    if (key->kind == FIELD_STRING) {
        json_key(out, met->data ? (const char *)met->data : "", (size_t)met->value);
        return;
    }
    /* As a value it is a bare or a quoted number, or a truth value; as a key it is always quoted. */
    json_writer_init(&number, &buffer);
    decode_number(&number, key, met->value);
    if (text[0] == '"')
        json_key(out, text + 1, buffer.size - 2);
    else
        json_key(out, text, buffer.size);
}

static bool same_key(const field_type *key, const occurrence *a, const occurrence *b)
{
    if (a->value != b->value)
        return false;
    return key->kind != FIELD_STRING || a->value == 0 || memcmp(a->data, b->data, (size_t)a->value) == 0;
}

/* Bits that a reader of the key does not look at must not tell two keys apart. */
static uint64_t key_number(field_kind kind, uint64_t value)
{
    switch (kind) {
    case FIELD_BOOL:
        return value != 0;
    case FIELD_INT32:
    case FIELD_SINT32:
    case FIELD_UINT32:
        return (uint32_t)value;
    default:
        return value;
    }
}

/* Key of one entry, alone. */
static bool read_key(wire_decoder *decoder, const field_type *field, const protowire_field *entry, occurrence *ret_key)
{
    const field_type *key = message_field_by_number(field->message, 1);
    occurrence *slots = decode_enter(decoder, field->message, entry->data, entry->size);

    if (!slots)
        return false;
    *ret_key = slots[key->index];
    ret_key->value = key_number(key->kind, ret_key->value);
    decode_leave(decoder);
    return true;
}

/* Whether a later entry has the same key and so takes this one's place. */
static bool is_replaced(wire_decoder *decoder, const field_type *field, const occurrence *key, protowire_reader reader)
{
    const field_type *key_type = message_field_by_number(field->message, 1);
    protowire_field entry;
    occurrence later;

    while (protowire_next(&reader, &entry))
        if (entry.number == field->number && entry.kind == WIRE_BYTES && read_key(decoder, field, &entry, &later) &&
            same_key(key_type, key, &later))
            return true;
    return false;
}

/* Writers of maps may send a key twice, and the last one counts; but hardly any does, so first it is looked for. */
static bool has_twins(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end,
                      bool *ret_twins)
{
    bool text = message_field_by_number(field->message, 1)->kind == FIELD_STRING;
    protowire_reader reader = {met->first, end, false};
    protowire_field entry;
    map_keys keys = {0};
    occurrence key;

    *ret_twins = false;
    while (met->count > 1 && protowire_next(&reader, &entry)) {
        map_key_outcome outcome;

        if (entry.number != field->number || entry.kind != WIRE_BYTES)
            continue;
        if (!read_key(decoder, field, &entry, &key))
            return false;
        if (text)
            outcome = map_keys_add(&keys, decoder->memory, key.data ? key.data : entry.data, (size_t)key.value);
        else
            outcome = map_keys_add(&keys, decoder->memory, (const uint8_t *)&key.value, sizeof key.value);
        if (outcome == MAP_KEY_NO_MEMORY)
            return decode_no_memory(decoder);
        *ret_twins |= outcome == MAP_KEY_TWICE;
    }
    return true;
}

static bool write_entry(wire_decoder *decoder, const field_type *field, const protowire_field *entry)
{
    const field_type *key = message_field_by_number(field->message, 1);
    const field_type *value = message_field_by_number(field->message, 2);
    occurrence *slots = decode_enter(decoder, field->message, entry->data, entry->size);
    bool written;

    if (!slots)
        return false;
    write_key(decoder->out, key, &slots[key->index]);
    written = decode_value(decoder, value, &slots[value->index], entry->data + entry->size);
    decode_leave(decoder);
    return written;
}

bool decode_map(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end)
{
    protowire_reader reader = {met->first, end, false};
    protowire_field entry;
    occurrence key;
    bool twins;

    if (!has_twins(decoder, field, met, end, &twins))
        return false;
    json_open_object(decoder->out);
    while (met->count > 0 && protowire_next(&reader, &entry)) {
        if (entry.number != field->number || entry.kind != WIRE_BYTES)
            continue;
        if (twins && read_key(decoder, field, &entry, &key) && is_replaced(decoder, field, &key, reader))
            continue;
        if (!write_entry(decoder, field, &entry))
            return false;
    }
    json_close_object(decoder->out);
    return true;
}
