/* A first pass over each message notes where its fields are, a second writes them in order. */
#include "wire_to_json.h"

#include <string.h>

#include "scalar_text.h"
#include "wire_decoder.h"

const char wire_malformed[] = "The message is malformed.";

bool decode_fail(wire_decoder *decoder, const char *fault)
{
    if (!decoder->fault)
        decoder->fault = fault;
    return false;
}

bool decode_no_memory(wire_decoder *decoder)
{
    return decode_fail(decoder, "The message needs more memory than it may take.");
}

/* ---- Where the fields are ---- */

static bool is_packable(const field_type *field)
{
    return field->repeated && field->wire != WIRE_BYTES && field->wire != WIRE_GROUP;
}

/* A later member of a oneof takes the place of an earlier one. */
static void claim_oneof(const message_type *message, const field_type *field, occurrence *slots)
{
    occurrence *holder = &slots[message->count + (size_t)field->oneof];

    if (holder->count && holder->value != field->index)
        slots[holder->value].count = 0;
    holder->count = 1;
    holder->value = field->index;
}

static void note(const message_type *message, const protowire_field *met, occurrence *slots)
{
    const field_type *field = message_field_by_number(message, met->number);
    occurrence *slot;

    if (!field)
        return;
    if (field->wire != met->kind && !(is_packable(field) && met->kind == WIRE_BYTES))
        return;
    if (field->oneof >= 0)
        claim_oneof(message, field, slots);
    slot = &slots[field->index];
    if (slot->count++ == 0)
        slot->first = met->begins;
    slot->data = met->data;
    slot->value = met->kind == WIRE_BYTES ? met->size : met->value;
}

static occurrence *clean_slots(wire_decoder *decoder, const message_type *message)
{
    decoder_frame *frame = &decoder->frames[decoder->depth];
    size_t need = message->count + message->oneof_count;

    if (frame->room < need || !frame->slots) {
        frame->slots = arena_array(decoder->memory, need, sizeof *frame->slots);
        frame->room = frame->slots ? need : 0;
    } else {
        memset(frame->slots, 0, need * sizeof *frame->slots);
    }
    return frame->slots;
}

occurrence *decode_enter(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field met;
    occurrence *slots;

    if (decoder->depth == WIRE_MAX_DEPTH) {
        decode_fail(decoder, "The message is nested too deeply.");
        return NULL;
    }
    slots = clean_slots(decoder, message);
    if (!slots) {
        decode_no_memory(decoder);
        return NULL;
    }
    while (protowire_next(&reader, &met))
        note(message, &met, slots);
    if (reader.bad) {
        decode_fail(decoder, wire_malformed);
        return NULL;
    }
    decoder->depth++;
    return slots;
}

void decode_leave(wire_decoder *decoder)
{
    decoder->depth--;
}

/* ---- One value ---- */

static void write_enum(json_writer *out, const enum_type *type, int32_t number)
{
    const char *name = enum_name_by_number(type, number);

    if (type->null_value)
        json_null(out);
    else if (name)
        json_text(out, name, strlen(name));
    else
        json_int(out, number);
}

static void write_float(json_writer *out, field_kind kind, uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    double wide;
    float narrow;

    if (kind == FIELD_DOUBLE) {
        memcpy(&wide, &bits, sizeof wide);
        json_double(out, wide);
    } else {
        memcpy(&narrow, &low, sizeof narrow);
        json_float(out, narrow);
    }
}

void decode_number(json_writer *out, const field_type *field, uint64_t value)
{
    switch (field->kind) {
    case FIELD_INT32:
    case FIELD_SFIXED32:
        json_int(out, (int32_t)value);
        break;
    case FIELD_SINT32:
        json_int(out, (int32_t)zigzag_decode((uint32_t)value));
        break;
    case FIELD_UINT32:
    case FIELD_FIXED32:
        json_uint(out, (uint32_t)value);
        break;
    case FIELD_INT64:
    case FIELD_SFIXED64:
        json_quoted_int(out, (int64_t)value);
        break;
    case FIELD_SINT64:
        json_quoted_int(out, zigzag_decode(value));
        break;
    case FIELD_UINT64:
    case FIELD_FIXED64:
        json_quoted_uint(out, value);
        break;
    case FIELD_BOOL:
        json_bool(out, value != 0);
        break;
    case FIELD_ENUM:
        write_enum(out, field->enumeration, (int32_t)value);
        break;
    default:
        write_float(out, field->kind, value);
        break;
    }
}

/* data and size for strings, bytes and messages, value for the rest. */
static bool write_one(wire_decoder *decoder, const field_type *field, uint64_t value, const uint8_t *data, size_t size)
{
    json_writer *out = decoder->out;

    switch (field->kind) {
    case FIELD_STRING:
        json_text(out, data ? (const char *)data : "", size);
        break;
    case FIELD_BYTES:
        json_base64(out, data, size);
        break;
    case FIELD_MESSAGE:
        return decode_message(decoder, field->message, data, size);
    case FIELD_GROUP:
        json_null(out);
        break;
    default:
        decode_number(out, field, value);
        break;
    }
    return !json_failed(out) || decode_fail(decoder, "The reply is too large, or a string in it is not UTF-8.");
}

/* ---- Lists ---- */

static bool write_packed(wire_decoder *decoder, const field_type *field, const protowire_field *met)
{
    wire_kind kind = field->wire;
    protowire_reader packed;
    uint64_t value;

    if (met->kind != WIRE_BYTES)
        return write_one(decoder, field, met->value, NULL, 0);
    packed = protowire_read(met->data, met->size);
    for (;;) {
        bool more = kind == WIRE_VARINT ? protowire_next_varint(&packed, &value)
                                        : protowire_next_fixed(&packed, kind == WIRE_FIXED64 ? 8 : 4, &value);

        if (!more)
            return !packed.bad || decode_fail(decoder, wire_malformed);
        if (!write_one(decoder, field, value, NULL, 0))
            return false;
    }
}

static bool write_list(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end)
{
    protowire_reader reader = {met->first, end, false};
    protowire_field item;
    bool packable = is_packable(field);

    json_open_array(decoder->out);
    for (uint32_t left = met->count; left > 0 && protowire_next(&reader, &item);) {
        bool fits = item.kind == field->wire || (packable && item.kind == WIRE_BYTES);

        if (item.number != field->number || !fits)
            continue;
        left--;
        if (packable ? !write_packed(decoder, field, &item)
                     : !write_one(decoder, field, item.value, item.data, item.size))
            return false;
    }
    json_close_array(decoder->out);
    return true;
}

/* ---- Fields and messages ---- */

/* A message that came in pieces is what the pieces, one after the other, say: so they are joined. */
static bool write_merged(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end)
{
    protowire_reader reader = {met->first, end, false};
    protowire_field piece;
    uint8_t *joined = arena_alloc(decoder->memory, (size_t)(end - met->first));
    size_t size = 0;

    if (!joined)
        return decode_no_memory(decoder);
    while (protowire_next(&reader, &piece)) {
        if (piece.number != field->number || piece.kind != WIRE_BYTES)
            continue;
        memcpy(joined + size, piece.data, piece.size);
        size += piece.size;
    }
    return decode_message(decoder, field->message, joined, size);
}

bool decode_value(wire_decoder *decoder, const field_type *field, const occurrence *met, const uint8_t *end)
{
    if (field->map)
        return decode_map(decoder, field, met, end);
    if (field->repeated)
        return write_list(decoder, field, met, end);
    if (field->message && met->count > 1)
        return write_merged(decoder, field, met, end);
    return write_one(decoder, field, met->value, met->data, (size_t)met->value);
}

/* Nobody misses the field: it has no value, or one that it has anyway. */
static bool is_omitted(const wire_decoder *decoder, const field_type *field, const occurrence *met)
{
    if (met->count == 0)
        return field->has_presence || decoder->reply->omit_defaults;
    return decoder->reply->omit_defaults && !field->has_presence && !field->repeated && met->value == 0;
}

bool decode_members(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    const occurrence *slots = decode_enter(decoder, message, bytes, size);

    if (!slots)
        return false;
    for (size_t i = 0; i < message->count; i++) {
        const field_type *field = &message->fields[i];

        if (is_omitted(decoder, field, &slots[i]))
            continue;
        json_ready_key(decoder->out, field->json_key, field->json_key_size);
        if (!decode_value(decoder, field, &slots[i], bytes + size))
            return false;
    }
    decode_leave(decoder);
    return true;
}

bool decode_message(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    if (!bytes)
        bytes = (const uint8_t *)"";
    if (message->form != MESSAGE_PLAIN)
        return decode_well_known(decoder, message, bytes, size);
    json_open_object(decoder->out);
    if (!decode_members(decoder, message, bytes, size))
        return false;
    json_close_object(decoder->out);
    return true;
}

static bool decode_only(wire_decoder *decoder, const wire_reply *reply, const uint8_t *bytes, size_t size)
{
    const occurrence *slots = decode_enter(decoder, reply->message, bytes, size);

    return slots && decode_value(decoder, reply->only, &slots[reply->only->index], bytes + size);
}

const char *wire_to_json(const wire_reply *reply, const uint8_t *bytes, size_t size, arena *memory, json_writer *out)
{
    wire_decoder decoder = {.reply = reply, .memory = memory, .out = out};

    if (reply->only)
        decode_only(&decoder, reply, bytes, size);
    else
        decode_message(&decoder, reply->message, bytes, size);
    if (!decoder.fault && json_failed(out))
        decoder.fault = "The reply is too large.";
    return decoder.fault;
}
