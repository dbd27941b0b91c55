#include "contract_options.h"

#include "protowire.h"

/* Numbers of the extensions, and the values of google.api.FieldBehavior that say something to a schema. */
enum {
    OPTION_BEHAVIOUR = 1052,
    OPTION_POLICY = 51788,
    OPTION_LIMIT = 51789,
    BEHAVIOUR_REQUIRED = 2,
    BEHAVIOUR_OUTPUT_ONLY = 3,
    BEHAVIOUR_INPUT_ONLY = 4,
};

typedef void option_reader(contract_note *into, const protowire_field *field, arena *memory);

/* Gives every field of an option that is a message to the reader. protobuf-c keeps such an option as unknown bytes with
 * their length in front, once for each statement that set a part of it. */
static void read_option(const ProtobufCMessage *options, uint32_t number, option_reader *read, contract_note *into,
                        arena *memory)
{
    for (unsigned i = 0; i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *unknown = &options->unknown_fields[i];
        protowire_reader reader = protowire_read(unknown->data, unknown->len);
        protowire_field field;
        uint64_t size;

        if (unknown->tag != number || unknown->wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED ||
            !protowire_next_varint(&reader, &size))
            continue;
        while (protowire_next(&reader, &field))
            read(into, &field, memory);
    }
}

static void read_limit(contract_note *into, const protowire_field *field, arena *memory)
{
    (void)memory;
    if (field->kind != WIRE_VARINT)
        return;
    if (field->number == 1)
        into->max_bytes = (uint32_t)field->value;
    else if (field->number == 2)
        into->max_items = (uint32_t)field->value;
    else if (field->number == 3)
        into->required = field->value != 0;
}

static void read_policy(contract_note *into, const protowire_field *field, arena *memory)
{
    if (field->kind == WIRE_VARINT && field->number == 1)
        into->caller = (method_caller)field->value;
    else if (field->kind == WIRE_BYTES && field->number == 2)
        into->permission = arena_copy(memory, field->data, field->size);
    else if (field->kind == WIRE_BYTES && field->number == 3)
        into->audit = arena_copy(memory, field->data, field->size);
}

static void apply_behaviour(contract_note *into, uint64_t behaviour)
{
    into->required |= behaviour == BEHAVIOUR_REQUIRED;
    into->read_only |= behaviour == BEHAVIOUR_OUTPUT_ONLY;
    into->write_only |= behaviour == BEHAVIOUR_INPUT_ONLY;
}

/* A list of enum values, packed or not. */
static void read_behaviour(const ProtobufCMessage *options, contract_note *into)
{
    for (unsigned i = 0; i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *unknown = &options->unknown_fields[i];
        protowire_reader reader = protowire_read(unknown->data, unknown->len);
        uint64_t value;

        if (unknown->tag != OPTION_BEHAVIOUR)
            continue;
        if (unknown->wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            protowire_next_varint(&reader, &value);
        while (protowire_next_varint(&reader, &value))
            apply_behaviour(into, value);
    }
}

void options_of_field(const ProtobufCMessage *options, contract_note *into)
{
    read_option(options, OPTION_LIMIT, read_limit, into, NULL);
    read_behaviour(options, into);
}

bool options_of_method(const ProtobufCMessage *options, contract_note *into, arena *memory)
{
    read_option(options, OPTION_POLICY, read_policy, into, memory);
    return into->permission && into->audit;
}
