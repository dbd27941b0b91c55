/* Two rounds over the descriptor set: the first gives every message and enum its place and name, the second fills in
 * fields and methods, which may refer to any of them. */
#include "descriptor_load.h"

#include <stdlib.h>
#include <string.h>

#include "google/protobuf/descriptor.pb-c.h"
#include "protowire.h"

typedef Google__Protobuf__FileDescriptorSet FileDescriptorSet;
typedef Google__Protobuf__FileDescriptorProto FileDescriptorProto;
typedef Google__Protobuf__DescriptorProto DescriptorProto;
typedef Google__Protobuf__EnumDescriptorProto EnumDescriptorProto;
typedef Google__Protobuf__FieldDescriptorProto FieldDescriptorProto;
typedef Google__Protobuf__ServiceDescriptorProto ServiceDescriptorProto;
typedef Google__Protobuf__MethodDescriptorProto MethodDescriptorProto;

enum {
    HTTP_RULE_FIELD = 72295728, /* google.api.http, an extension of MethodOptions */
    DIRECT_MAX = 1024,          /* numbers up to here are found by index */
};

static const char no_memory[] = "Memory is out.";
static const char incomplete[] = "A type is missing: was the descriptor set made with --include_imports?";
static const char duplicate[] = "A name is defined twice.";

typedef struct {
    descriptor_pool *pool;
    const FileDescriptorProto *file;
    const char *fault;
} loading;

static bool fail(loading *load, const char *fault)
{
    if (!load->fault)
        load->fault = fault;
    return false;
}

/* ---- Counting, so that the arrays never move ---- */

static void count_types(const DescriptorProto *message, size_t *messages, size_t *enums)
{
    ++*messages;
    *enums += message->n_enum_type;
    for (size_t i = 0; i < message->n_nested_type; i++)
        count_types(message->nested_type[i], messages, enums);
}

static bool make_room(loading *load, const FileDescriptorSet *set)
{
    descriptor_pool *pool = load->pool;
    size_t messages = 0, enums = 0, methods = 0;

    for (size_t f = 0; f < set->n_file; f++) {
        const FileDescriptorProto *file = set->file[f];

        enums += file->n_enum_type;
        for (size_t i = 0; i < file->n_message_type; i++)
            count_types(file->message_type[i], &messages, &enums);
        for (size_t i = 0; i < file->n_service; i++)
            methods += file->service[i]->n_method;
    }
    pool->messages = arena_array(&pool->memory, messages, sizeof *pool->messages);
    pool->enums = arena_array(&pool->memory, enums, sizeof *pool->enums);
    pool->methods = arena_array(&pool->memory, methods, sizeof *pool->methods);
    return (pool->messages && pool->enums && pool->methods &&
            name_table_init(&pool->messages_by_name, messages, &pool->memory) &&
            name_table_init(&pool->enums_by_name, enums, &pool->memory)) ||
           fail(load, no_memory);
}

/* ---- First round: names ---- */

static const char *full_name(loading *load, const char *scope, const char *name)
{
    return arena_printf(&load->pool->memory, "%s%s%s", scope, *scope ? "." : "", name);
}

static bool add_enum_values(loading *load, enum_type *type, const EnumDescriptorProto *from)
{
    arena *memory = &load->pool->memory;
    enum_value *values = arena_array(memory, from->n_value, sizeof *values);
    const char **names;

    if (!values || !name_table_init(&type->by_name, from->n_value, memory))
        return fail(load, no_memory);
    for (size_t i = 0; i < from->n_value; i++) {
        values[i] = (enum_value){arena_text(memory, from->value[i]->name), from->value[i]->number};
        if (!values[i].name)
            return fail(load, no_memory);
        name_table_add(&type->by_name, values[i].name, &values[i]);
        if (values[i].number >= (int32_t)type->names_count && values[i].number < DIRECT_MAX)
            type->names_count = (size_t)values[i].number + 1;
    }
    names = arena_array(memory, type->names_count, sizeof *names);
    if (!names)
        return fail(load, no_memory);
    for (size_t i = 0; i < from->n_value; i++) {
        int32_t number = values[i].number;

        /* Of several names for a number the first one counts. */
        if (number >= 0 && number < (int32_t)type->names_count && !names[number])
            names[number] = values[i].name;
    }
    type->values = values;
    type->count = from->n_value;
    type->names_from_zero = names;
    return true;
}

static bool name_enum(loading *load, const EnumDescriptorProto *from, const char *scope)
{
    enum_type *type = &load->pool->enums[load->pool->enum_count++];

    type->full_name = full_name(load, scope, from->name);
    if (!type->full_name)
        return fail(load, no_memory);
    type->null_value = strcmp(type->full_name, "google.protobuf.NullValue") == 0;
    return add_enum_values(load, type, from) &&
           (name_table_add(&load->pool->enums_by_name, type->full_name, type) || fail(load, duplicate));
}

static message_form form_of(const char *name)
{
    static const struct {
        const char *name;
        message_form form;
    } forms[] = {
        {"Any", MESSAGE_ANY},
        {"Duration", MESSAGE_DURATION},
        {"FieldMask", MESSAGE_FIELD_MASK},
        {"ListValue", MESSAGE_LIST_VALUE},
        {"Struct", MESSAGE_STRUCT},
        {"Timestamp", MESSAGE_TIMESTAMP},
        {"Value", MESSAGE_VALUE},
        {"DoubleValue", MESSAGE_WRAPPER},
        {"FloatValue", MESSAGE_WRAPPER},
        {"Int64Value", MESSAGE_WRAPPER},
        {"UInt64Value", MESSAGE_WRAPPER},
        {"Int32Value", MESSAGE_WRAPPER},
        {"UInt32Value", MESSAGE_WRAPPER},
        {"BoolValue", MESSAGE_WRAPPER},
        {"StringValue", MESSAGE_WRAPPER},
        {"BytesValue", MESSAGE_WRAPPER},
    };
    static const char package[] = "google.protobuf.";

    if (strncmp(name, package, sizeof package - 1) != 0)
        return MESSAGE_PLAIN;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(name + sizeof package - 1, forms[i].name) == 0)
            return forms[i].form;
    return MESSAGE_PLAIN;
}

static bool name_message(loading *load, const DescriptorProto *from, const char *scope)
{
    message_type *type = &load->pool->messages[load->pool->message_count++];

    type->full_name = full_name(load, scope, from->name);
    if (!type->full_name)
        return fail(load, no_memory);
    type->form = form_of(type->full_name);
    type->map_entry = from->options && from->options->map_entry;
    if (!name_table_add(&load->pool->messages_by_name, type->full_name, type))
        return fail(load, duplicate);
    for (size_t i = 0; i < from->n_enum_type; i++)
        if (!name_enum(load, from->enum_type[i], type->full_name))
            return false;
    for (size_t i = 0; i < from->n_nested_type; i++)
        if (!name_message(load, from->nested_type[i], type->full_name))
            return false;
    return true;
}

static bool name_file(loading *load)
{
    const FileDescriptorProto *file = load->file;
    const char *package = file->package ? file->package : "";

    for (size_t i = 0; i < file->n_enum_type; i++)
        if (!name_enum(load, file->enum_type[i], package))
            return false;
    for (size_t i = 0; i < file->n_message_type; i++)
        if (!name_message(load, file->message_type[i], package))
            return false;
    return true;
}

/* ---- Second round: fields and methods ---- */

static const message_type *find_message(const loading *load, const char *dotted)
{
    return dotted && *dotted == '.' ? descriptor_pool_message(load->pool, dotted + 1, strlen(dotted + 1)) : NULL;
}

/* As protoc makes it, for sets that do not carry it: "photo_id" becomes "photoId". */
static const char *json_name_of(loading *load, const FieldDescriptorProto *from)
{
    char *name = arena_text(&load->pool->memory, from->json_name ? from->json_name : from->name), *out = name;
    bool raise = false;

    if (!name || from->json_name)
        return name;
    for (const char *in = name; *in; in++) {
        if (*in == '_') {
            raise = true;
            continue;
        }
        *out++ = raise && *in >= 'a' && *in <= 'z' ? (char)(*in - 'a' + 'A') : *in;
        raise = false;
    }
    *out = '\0';
    return name;
}

static wire_kind wire_kind_of(field_kind kind)
{
    switch (kind) {
    case FIELD_DOUBLE:
    case FIELD_FIXED64:
    case FIELD_SFIXED64:
        return WIRE_FIXED64;
    case FIELD_FLOAT:
    case FIELD_FIXED32:
    case FIELD_SFIXED32:
        return WIRE_FIXED32;
    case FIELD_STRING:
    case FIELD_BYTES:
    case FIELD_MESSAGE:
        return WIRE_BYTES;
    case FIELD_GROUP:
        return WIRE_GROUP;
    default:
        return WIRE_VARINT;
    }
}

static bool is_packable(field_kind kind)
{
    return wire_kind_of(kind) != WIRE_BYTES && wire_kind_of(kind) != WIRE_GROUP;
}

static bool fill_field_names(loading *load, field_type *field, const FieldDescriptorProto *from)
{
    arena *memory = &load->pool->memory;

    field->name = arena_text(memory, from->name);
    field->json_name = json_name_of(load, from);
    field->json_key = field->json_name ? arena_printf(memory, "\"%s\":", field->json_name) : NULL;
    if (!field->name || !field->json_key)
        return fail(load, no_memory);
    field->json_key_size = strlen(field->json_key);
    return true;
}

static bool fill_field(loading *load, field_type *field, const FieldDescriptorProto *from)
{
    bool proto3 = load->file->syntax && strcmp(load->file->syntax, "proto3") == 0;

    field->number = (uint32_t)from->number;
    field->kind = (field_kind)from->type;
    field->wire = wire_kind_of(field->kind);
    field->repeated = from->label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED;
    field->oneof = -1;
    if (from->has_oneof_index && !from->proto3_optional)
        field->oneof = (int16_t)from->oneof_index;
    if (field->kind == FIELD_MESSAGE || field->kind == FIELD_GROUP) {
        field->message = find_message(load, from->type_name);
        if (!field->message)
            return fail(load, incomplete);
        field->map = field->repeated && field->message->map_entry;
    }
    if (field->kind == FIELD_ENUM) {
        const char *name = from->type_name;

        field->enumeration = name_table_find(&load->pool->enums_by_name, name + 1, strlen(name) - 1);
        if (!field->enumeration)
            return fail(load, incomplete);
    }
    if (field->repeated && is_packable(field->kind))
        field->packed = from->options && from->options->has_packed ? from->options->packed : proto3;
    field->has_presence = !field->repeated && (!proto3 || field->message || from->has_oneof_index);
    return fill_field_names(load, field, from);
}

static bool index_numbers(loading *load, message_type *type)
{
    const field_type **direct;

    for (size_t i = 0; i < type->count; i++)
        if (type->fields[i].number > type->from_one_count && type->fields[i].number <= DIRECT_MAX)
            type->from_one_count = type->fields[i].number;
    direct = arena_array(&load->pool->memory, type->from_one_count, sizeof *direct);
    if (!direct)
        return fail(load, no_memory);
    for (size_t i = 0; i < type->count; i++)
        if (type->fields[i].number <= type->from_one_count)
            direct[type->fields[i].number - 1] = &type->fields[i];
    type->from_one = direct;
    return true;
}

static bool fill_message(loading *load, const DescriptorProto *from, const char *scope)
{
    arena *memory = &load->pool->memory;
    const char *name = full_name(load, scope, from->name);
    /* Found by name, because the pool's own order is not the order of this walk. */
    message_type *type = name ? (message_type *)descriptor_pool_message(load->pool, name, strlen(name)) : NULL;
    field_type *fields = arena_array(memory, from->n_field, sizeof *fields);

    if (!type || !fields || from->n_field > UINT16_MAX || !name_table_init(&type->by_name, from->n_field * 2, memory))
        return fail(load, no_memory);
    type->fields = fields;
    type->count = from->n_field;
    type->oneof_count = from->n_oneof_decl;
    for (size_t i = 0; i < from->n_field; i++) {
        fields[i].index = (uint16_t)i;
        if (!fill_field(load, &fields[i], from->field[i]))
            return false;
    }
    /* JSON names first: where one field's JSON name is another's name, JSON means the former. */
    for (size_t i = 0; i < from->n_field; i++)
        name_table_add(&type->by_name, fields[i].json_name, &fields[i]);
    for (size_t i = 0; i < from->n_field; i++)
        name_table_add(&type->by_name, fields[i].name, &fields[i]);
    if (!index_numbers(load, type))
        return false;
    for (size_t i = 0; i < from->n_nested_type; i++)
        if (!fill_message(load, from->nested_type[i], name))
            return false;
    return true;
}

/* protobuf-c keeps the extension as unknown bytes, the length in front. */
static bool fill_http_rule(loading *load, method_type *method, const MethodDescriptorProto *from)
{
    const ProtobufCMessage *options = from->options ? &from->options->base : NULL;

    for (unsigned i = 0; options && i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *unknown = &options->unknown_fields[i];
        protowire_reader reader = protowire_read(unknown->data, unknown->len);
        uint64_t size;

        if (unknown->tag != HTTP_RULE_FIELD || !protowire_next_varint(&reader, &size))
            continue;
        method->http_rule_size = (size_t)(reader.end - reader.at);
        method->http_rule = (uint8_t *)arena_copy(&load->pool->memory, reader.at, method->http_rule_size);
        if (!method->http_rule)
            return fail(load, no_memory);
    }
    return true;
}

static bool fill_method(loading *load, const char *service, const MethodDescriptorProto *from)
{
    method_type *method = &load->pool->methods[load->pool->method_count++];

    method->path = arena_printf(&load->pool->memory, "/%s/%s", service, from->name);
    if (!method->path)
        return fail(load, no_memory);
    method->input = find_message(load, from->input_type);
    method->output = find_message(load, from->output_type);
    method->client_streaming = from->client_streaming;
    method->server_streaming = from->server_streaming;
    if (!method->input || !method->output)
        return fail(load, incomplete);
    return fill_http_rule(load, method, from);
}

static bool fill_file(loading *load)
{
    const FileDescriptorProto *file = load->file;
    const char *package = file->package ? file->package : "";

    for (size_t i = 0; i < file->n_message_type; i++)
        if (!fill_message(load, file->message_type[i], package))
            return false;
    for (size_t s = 0; s < file->n_service; s++) {
        const char *service = full_name(load, package, file->service[s]->name);

        for (size_t i = 0; i < file->service[s]->n_method; i++)
            if (!service || !fill_method(load, service, file->service[s]->method[i]))
                return fail(load, no_memory);
    }
    return true;
}

static bool each_file(loading *load, const FileDescriptorSet *set, bool (*visit)(loading *))
{
    for (size_t i = 0; i < set->n_file; i++) {
        load->file = set->file[i];
        if (!visit(load))
            return false;
    }
    return true;
}

const char *descriptor_load(descriptor_pool *pool, const uint8_t *bytes, size_t size)
{
    loading load = {.pool = pool};
    FileDescriptorSet *set = google__protobuf__file_descriptor_set__unpack(NULL, size, bytes);

    if (!set)
        return "The descriptor set is malformed, or memory is out.";
    if (make_room(&load, set) && each_file(&load, set, name_file))
        each_file(&load, set, fill_file);
    google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    return load.fault;
}
