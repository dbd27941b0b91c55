#include "path_contract.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "google/api/http.pb-c.h"
#include "google/protobuf/descriptor.pb-c.h"
#include "protowire.h"

typedef Google__Protobuf__FileDescriptorSet FileDescriptorSet;
typedef Google__Protobuf__FileDescriptorProto FileDescriptorProto;
typedef Google__Protobuf__DescriptorProto DescriptorProto;
typedef Google__Protobuf__FieldDescriptorProto FieldDescriptorProto;
typedef Google__Protobuf__ServiceDescriptorProto ServiceDescriptorProto;
typedef Google__Protobuf__MethodDescriptorProto MethodDescriptorProto;
typedef Google__Protobuf__MethodOptions MethodOptions;
typedef Google__Api__HttpRule HttpRule;

enum { HTTP_OPTION = 72295728, RULE_BYTES_MAX = 1024, BINDINGS_MAX = 4 };

/* A binding taken apart; the text of the rule is cut up for it. */
static void read_binding(char *text, HttpRule *rule, Google__Api__CustomHttpPattern *custom)
{
    char *path;

    while (*text == ' ')
        text++;
    path = strchr(text, ' ');
    ck_assert_ptr_nonnull(path);
    *path++ = '\0';
    path[strcspn(path, " ")] = '\0';
    google__api__http_rule__init(rule);
    if (strcmp(text, "GET") == 0) {
        rule->pattern_case = GOOGLE__API__HTTP_RULE__PATTERN_GET;
        rule->get = path;
    } else if (strcmp(text, "POST") == 0) {
        rule->pattern_case = GOOGLE__API__HTTP_RULE__PATTERN_POST;
        rule->post = path;
    } else {
        google__api__custom_http_pattern__init(custom);
        custom->kind = text;
        custom->path = path;
        rule->pattern_case = GOOGLE__API__HTTP_RULE__PATTERN_CUSTOM;
        rule->custom = custom;
    }
}

/* The content of the option, its length in front, as it stands among unknown fields. */
static void pack_rule(const char *text, byte_buffer *out)
{
    char copy[RULE_BYTES_MAX];
    HttpRule rules[BINDINGS_MAX], *additional[BINDINGS_MAX];
    Google__Api__CustomHttpPattern customs[BINDINGS_MAX];
    size_t count = 0;

    ck_assert_uint_lt(strlen(text), sizeof copy);
    strcpy(copy, text);
    for (char *binding = copy; binding; count++) {
        char *bar = strchr(binding, '|');

        ck_assert_uint_lt(count, BINDINGS_MAX);
        if (bar)
            *bar = '\0';
        read_binding(binding, &rules[count], &customs[count]);
        if (count > 0)
            additional[count - 1] = &rules[count];
        binding = bar ? bar + 1 : NULL;
    }
    rules[0].n_additional_bindings = count - 1;
    rules[0].additional_bindings = additional;
    ck_assert(protowire_add_varint(out, google__api__http_rule__get_packed_size(&rules[0])));
    out->size += google__api__http_rule__pack(&rules[0], byte_buffer_reserve(out, RULE_BYTES_MAX));
}

static void fill_field(FieldDescriptorProto *field, char *name, int number, char *message, bool repeated)
{
    google__protobuf__field_descriptor_proto__init(field);
    field->name = name;
    field->has_number = field->has_label = field->has_type = true;
    field->number = number;
    field->label = repeated ? GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED
                            : GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_OPTIONAL;
    field->type = message ? GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE
                          : GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING;
    field->type_name = message;
}

static void fill_message(DescriptorProto *message, char *name, FieldDescriptorProto **fields, size_t count)
{
    google__protobuf__descriptor_proto__init(message);
    message->name = name;
    message->field = fields;
    message->n_field = count;
}

static void pack_set(ServiceDescriptorProto *service, byte_buffer *out)
{
    FieldDescriptorProto fields[7], *request_fields[] = {&fields[0], &fields[1], &fields[2], &fields[3], &fields[4]};
    FieldDescriptorProto *inner_fields[] = {&fields[5], &fields[6]};
    DescriptorProto request, inner, *messages[] = {&request, &inner};
    FileDescriptorProto file = GOOGLE__PROTOBUF__FILE_DESCRIPTOR_PROTO__INIT, *files[] = {&file};
    FileDescriptorSet set = GOOGLE__PROTOBUF__FILE_DESCRIPTOR_SET__INIT;

    fill_field(&fields[0], "name", 1, NULL, false);
    fill_field(&fields[1], "a", 2, NULL, false);
    fill_field(&fields[2], "b", 3, NULL, false);
    fill_field(&fields[3], "list", 4, NULL, true);
    fill_field(&fields[4], "inner", 5, ".paths.Inner", false);
    fill_field(&fields[5], "c", 1, NULL, false);
    fill_field(&fields[6], "inner", 2, ".paths.Inner", false);
    fill_message(&request, "Request", request_fields, 5);
    fill_message(&inner, "Inner", inner_fields, 2);
    file.name = "paths.proto";
    file.package = "paths";
    file.syntax = "proto3";
    file.message_type = messages;
    file.n_message_type = 2;
    file.service = &service;
    file.n_service = 1;
    set.file = files;
    set.n_file = 1;
    out->size = google__protobuf__file_descriptor_set__pack(
        &set, byte_buffer_reserve(out, google__protobuf__file_descriptor_set__get_packed_size(&set)));
}

/* One method for each rule, M0, M1 and so on. */
static void pack_contract(const char *const *rules, byte_buffer *out)
{
    static char names[CONTRACT_RULES_MAX][4];
    MethodDescriptorProto methods[CONTRACT_RULES_MAX], *method_list[CONTRACT_RULES_MAX];
    MethodOptions options[CONTRACT_RULES_MAX];
    ProtobufCMessageUnknownField unknown[CONTRACT_RULES_MAX];
    byte_buffer bytes[CONTRACT_RULES_MAX];
    ServiceDescriptorProto service = GOOGLE__PROTOBUF__SERVICE_DESCRIPTOR_PROTO__INIT;
    size_t count = 0;

    for (; count < CONTRACT_RULES_MAX && rules[count]; count++) {
        byte_buffer_init(&bytes[count], 2 * RULE_BYTES_MAX);
        pack_rule(rules[count], &bytes[count]);
        unknown[count] = (ProtobufCMessageUnknownField){HTTP_OPTION, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED,
                                                        bytes[count].size, bytes[count].data};
        google__protobuf__method_options__init(&options[count]);
        options[count].base.unknown_fields = &unknown[count];
        options[count].base.n_unknown_fields = 1;
        snprintf(names[count], sizeof names[count], "M%zu", count % 10);
        google__protobuf__method_descriptor_proto__init(&methods[count]);
        methods[count].name = names[count];
        methods[count].input_type = methods[count].output_type = ".paths.Request";
        methods[count].options = &options[count];
        method_list[count] = &methods[count];
    }
    service.name = "Paths";
    service.method = method_list;
    service.n_method = count;
    pack_set(&service, out);
    for (size_t i = 0; i < count; i++)
        byte_buffer_done(&bytes[i]);
}

route_table *contract_routes(const char *const *rules, descriptor_pool **ret_pool, char *fault, size_t fault_size)
{
    const char *wrong = NULL;
    route_table *table;
    byte_buffer set;

    byte_buffer_init(&set, 1 << 16);
    pack_contract(rules, &set);
    *ret_pool = descriptor_pool_new(set.data, set.size, &wrong);
    ck_assert_msg(*ret_pool != NULL, "%s", wrong);
    byte_buffer_done(&set);
    table = route_table_new(*ret_pool, fault, fault_size);
    return table;
}

unsigned contract_method(const route *found)
{
    return (unsigned)(strrchr(found->method->path, 'M')[1] - '0');
}
