#include "options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

/* Field numbers of the extensions. */
enum { OPTION_POLICY = 51788, OPTION_LIMIT = 51789, OPTION_SETTING = 51790, OPTION_HTTP = 72295728 };

/* protobuf-c keeps the length in front of an unknown length-delimited value. */
static size_t length_prefix(const ProtobufCMessageUnknownField *field)
{
    size_t n = 0;

    while (n < field->len && (field->data[n] & 0x80) != 0)
        n++;
    return n < field->len ? n + 1 : field->len;
}

/* The compiler has read it by the same rules, so nobody meets this who is not out for it. */
static const ProtobufCMessage *or_die(const ProtobufCMessage *option)
{
    if (option == NULL) {
        fputs("protoc-gen-smartpass-c: an option of the contract is malformed\n", stderr);
        exit(1);
    }
    return option;
}

/* One option may be set in several statements, each of which leaves a value of its own. Parsing their concatenation
 * merges them: that is what protobuf promises. */
static const ProtobufCMessage *option(const ProtobufCMessage *options, uint32_t number,
                                      const ProtobufCMessageDescriptor *type)
{
    size_t size = 0;
    bool found = false;
    uint8_t *bytes;

    if (options == NULL)
        return NULL;
    for (unsigned i = 0; i < options->n_unknown_fields; i++)
        size += options->unknown_fields[i].len;
    bytes = SCRATCH_ARRAY(size, uint8_t);

    size = 0;
    for (unsigned i = 0; i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &options->unknown_fields[i];
        size_t skip = length_prefix(field);

        if (field->tag != number || field->wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            continue;
        memcpy(bytes + size, field->data + skip, field->len - skip);
        size += field->len - skip;
        found = true;
    }
    return found ? or_die(scratch_unpack(type, bytes, size)) : NULL;
}

const MethodPolicy *policy_of(const MethodDescriptorProto *method)
{
    if (method->options == NULL)
        return NULL;
    return (const MethodPolicy *)option(&method->options->base, OPTION_POLICY,
                                        &smartpass__v1__method_policy__descriptor);
}

const HttpRule *http_rule_of(const MethodDescriptorProto *method)
{
    if (method->options == NULL)
        return NULL;
    return (const HttpRule *)option(&method->options->base, OPTION_HTTP, &google__api__http_rule__descriptor);
}

const FieldLimit *limit_of(const FieldDescriptorProto *field)
{
    if (field->options == NULL)
        return NULL;
    return (const FieldLimit *)option(&field->options->base, OPTION_LIMIT, &smartpass__v1__field_limit__descriptor);
}

const SettingRule *setting_of(const FieldDescriptorProto *field)
{
    if (field->options == NULL)
        return NULL;
    return (const SettingRule *)option(&field->options->base, OPTION_SETTING, &smartpass__v1__setting_rule__descriptor);
}

const char *http_verb(const HttpRule *rule)
{
    switch (rule->pattern_case) {
    case GOOGLE__API__HTTP_RULE__PATTERN_GET:
        return "GET";
    case GOOGLE__API__HTTP_RULE__PATTERN_PUT:
        return "PUT";
    case GOOGLE__API__HTTP_RULE__PATTERN_POST:
        return "POST";
    case GOOGLE__API__HTTP_RULE__PATTERN_DELETE:
        return "DELETE";
    case GOOGLE__API__HTTP_RULE__PATTERN_PATCH:
        return "PATCH";
    case GOOGLE__API__HTTP_RULE__PATTERN_CUSTOM:
        return rule->custom->kind;
    default:
        return NULL;
    }
}

const char *http_path(const HttpRule *rule)
{
    switch (rule->pattern_case) {
    case GOOGLE__API__HTTP_RULE__PATTERN_GET:
        return rule->get;
    case GOOGLE__API__HTTP_RULE__PATTERN_PUT:
        return rule->put;
    case GOOGLE__API__HTTP_RULE__PATTERN_POST:
        return rule->post;
    case GOOGLE__API__HTTP_RULE__PATTERN_DELETE:
        return rule->delete_;
    case GOOGLE__API__HTTP_RULE__PATTERN_PATCH:
        return rule->patch;
    case GOOGLE__API__HTTP_RULE__PATTERN_CUSTOM:
        return rule->custom->path;
    default:
        return NULL;
    }
}
