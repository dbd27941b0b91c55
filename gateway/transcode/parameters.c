#include "parameters.h"

#include <string.h>

#include "percent.h"
#include "protowire.h"
#include "scalar_text.h"

static const char too_large[] = "makes the request too large.";

void parameter_tree_init(parameter_tree *tree, arena *memory, transcode_fault *fault)
{
    *tree = (parameter_tree){.memory = memory, .fault = fault};
}

parameter *parameter_of(parameter *siblings, const field_type *field)
{
    while (siblings && siblings->field != field)
        siblings = siblings->next;
    return siblings;
}

static bool no_memory(parameter_tree *tree)
{
    return fault_set(tree->fault, FAULT_TOO_LARGE, "The request needs more memory than it may take.");
}

static parameter *child_of(parameter_tree *tree, parameter **siblings, const field_type *field)
{
    parameter *found = parameter_of(*siblings, field), **end = siblings;

    if (found)
        return found;
    found = arena_alloc(tree->memory, sizeof *found);
    if (!found)
        return NULL;
    found->field = field;
    while (*end)
        end = &(*end)->next;
    *end = found;
    return found;
}

static bool add_value(parameter_tree *tree, parameter *leaf, const char *text, size_t length)
{
    parameter_value *value = arena_alloc(tree->memory, sizeof *value);

    if (!value)
        return no_memory(tree);
    *value = (parameter_value){NULL, text, length};
    if (leaf->last_value)
        leaf->last_value->next = value;
    else
        leaf->values = value;
    leaf->last_value = value;
    return true;
}

/* Walks to the leaf of a path, making nodes; NULL when memory is out. */
static parameter *leaf_of(parameter_tree *tree, const field_type *const *path, size_t depth)
{
    parameter **siblings = &tree->first, *node = NULL;

    for (size_t i = 0; i < depth; i++) {
        node = child_of(tree, siblings, path[i]);
        if (!node)
            return NULL;
        siblings = &node->children;
    }
    return node;
}

bool parameter_add_captured(parameter_tree *tree, const field_type *const *path, size_t depth, const char *text,
                            size_t length)
{
    parameter *leaf = leaf_of(tree, path, depth);

    if (!leaf)
        return no_memory(tree);
    leaf->of_path = true;
    return add_value(tree, leaf, text, length);
}

bool parameter_replace(parameter_tree *tree, const field_type *field, const char *text, size_t length)
{
    parameter *leaf = leaf_of(tree, &field, 1);

    if (!leaf)
        return no_memory(tree);
    leaf->values = leaf->last_value = NULL;
    return add_value(tree, leaf, text, length);
}

bool parameter_fits(const field_type *field)
{
    if (field->map || field->kind == FIELD_GROUP)
        return false;
    if (!field->message)
        return true;
    switch (field->message->form) {
    case MESSAGE_TIMESTAMP:
    case MESSAGE_DURATION:
    case MESSAGE_FIELD_MASK:
    case MESSAGE_WRAPPER:
        return true;
    default:
        return false;
    }
}

/* Resolves "employee.groupId" from the message; returns the depth, 0 when a name is unknown. Messages that JSON does
 * not show as an object of their fields (an Any, a Value) have no fields that could be named here either. */
static size_t resolve(const message_type *message, const char *name, size_t length, const field_type **path)
{
    const char *end = name + length;
    size_t depth = 0;

    while (message && message->form == MESSAGE_PLAIN && depth < PARAMETER_DEPTH_MAX) {
        const char *dot = memchr(name, '.', (size_t)(end - name)), *stop = dot ? dot : end;
        const field_type *field = message_field_by_name(message, name, (size_t)(stop - name));

        if (!field)
            return 0;
        path[depth++] = field;
        if (!dot)
            return depth;
        if (field->repeated)
            return 0;
        message = field->message;
        name = dot + 1;
    }
    return 0;
}

static bool named(parameter_tree *tree, fault_kind kind, const char *message, const char *name, size_t length)
{
    fault_set(tree->fault, kind, "%s", message);
    return fault_in_field(tree->fault, name, length);
}

/* Whether the path or the query has given another member of a oneof that the field is in, or something on its way. */
static bool has_rival(parameter *siblings, const field_type *const *path, size_t depth)
{
    for (size_t i = 0; i < depth && siblings; i++) {
        parameter *node = parameter_of(siblings, path[i]);

        for (const parameter *other = siblings; other && path[i]->oneof >= 0; other = other->next)
            if (other->field != path[i] && other->field->oneof == path[i]->oneof)
                return true;
        siblings = node ? node->children : NULL;
    }
    return false;
}

bool parameters_add(parameter_tree *tree, const message_type *message, const field_type *body, const char *name,
                    size_t name_length, const char *text, size_t text_length)
{
    const field_type *path[PARAMETER_DEPTH_MAX];
    size_t depth = resolve(message, name, name_length, path);
    parameter *leaf;

    if (depth == 0 || path[0] == body)
        return named(tree, FAULT_UNKNOWN_PARAMETER, "There is no such query parameter.", name, name_length);
    if (!parameter_fits(path[depth - 1]))
        return named(tree, FAULT_UNKNOWN_PARAMETER, "This field cannot be a query parameter.", name, name_length);
    if (has_rival(tree->first, path, depth))
        return named(tree, FAULT_DUPLICATE_FIELD, "Only one field of its oneof may be given.", name, name_length);
    leaf = leaf_of(tree, path, depth);
    if (!leaf)
        return no_memory(tree);
    if (leaf->of_path)
        return named(tree, FAULT_UNKNOWN_PARAMETER, "The path gives this field already.", name, name_length);
    if (leaf->values && !leaf->field->repeated)
        return named(tree, FAULT_DUPLICATE_FIELD, "The query parameter is given twice.", name, name_length);
    return add_value(tree, leaf, text, text_length);
}

static bool add_encoded_pair(parameter_tree *tree, const message_type *message, const field_type *body,
                             const char *pair, size_t length)
{
    const char *equals = memchr(pair, '=', length), *name, *text;
    size_t name_length = equals ? (size_t)(equals - pair) : length, text_length = 0;

    if (length == 0)
        return true;
    if (++tree->count > PARAMETERS_MAX)
        return fault_set(tree->fault, FAULT_TOO_LARGE, "The query has more than %d parameters.", PARAMETERS_MAX);
    if (equals)
        text_length = length - name_length - 1;
    name = percent_decode(tree->memory, PERCENT_QUERY, pair, name_length, &name_length);
    text = percent_decode(tree->memory, PERCENT_QUERY, equals ? equals + 1 : "", text_length, &text_length);
    if (!name || !text)
        return percent_is_malformed(pair, length)
                   ? fault_set(tree->fault, FAULT_INVALID_VALUE, "The query has a malformed percent escape.")
                   : no_memory(tree);
    return parameters_add(tree, message, body, name, name_length, text, text_length);
}

bool parameters_add_query(parameter_tree *tree, const message_type *message, const field_type *body, const char *query,
                          size_t length)
{
    const char *end = query + length;

    while (query < end) {
        const char *stop = memchr(query, '&', (size_t)(end - query));

        if (!stop)
            stop = end;
        if (!add_encoded_pair(tree, message, body, query, (size_t)(stop - query)))
            return false;
        query = stop + 1;
    }
    return true;
}

static const char *wrapped_to_wire(byte_buffer *out, const message_type *wrapper, const parameter_value *value)
{
    const field_type *inner = &wrapper->fields[0];

    if (!protowire_add_tag(out, inner->number, inner->wire))
        return too_large;
    return scalar_from_text(out, inner, TEXT_PARAMETER, value->text, value->length);
}

static const char *value_to_wire(byte_buffer *out, const field_type *field, const parameter_value *value)
{
    const char *wrong;
    size_t opened;

    if (!field->message) {
        if (!protowire_add_tag(out, field->number, field->wire))
            return too_large;
        return scalar_from_text(out, field, TEXT_PARAMETER, value->text, value->length);
    }
    opened = protowire_open(out, field->number);
    if (opened == SIZE_MAX)
        return too_large;
    if (field->message->form == MESSAGE_WRAPPER)
        wrong = wrapped_to_wire(out, field->message, value);
    else
        wrong = message_from_text(out, field->message->form, value->text, value->length);
    if (!wrong && !protowire_close(out, opened))
        wrong = too_large;
    return wrong;
}

static bool leaf_to_wire(byte_buffer *out, const parameter *leaf, transcode_fault *fault)
{
    for (const parameter_value *value = leaf->values; value; value = value->next) {
        const char *wrong = value_to_wire(out, leaf->field, value);

        if (wrong)
            return fault_set(fault, FAULT_INVALID_VALUE, "The value %s", wrong);
    }
    return true;
}

static bool node_to_wire(byte_buffer *out, const parameter *node, transcode_fault *fault)
{
    size_t opened;

    if (!node->children)
        return leaf_to_wire(out, node, fault);
    opened = protowire_open(out, node->field->number);
    if (opened == SIZE_MAX || !parameters_to_wire(out, node->children, fault) || !protowire_close(out, opened))
        return fault_set(fault, FAULT_TOO_LARGE, "The request is too large.");
    return true;
}

bool parameters_to_wire(byte_buffer *out, const parameter *siblings, transcode_fault *fault)
{
    for (; siblings; siblings = siblings->next)
        if (!siblings->written && !node_to_wire(out, siblings, fault))
            return fault_in_field(fault, siblings->field->name, strlen(siblings->field->name));
    return true;
}
