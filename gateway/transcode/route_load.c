/* Makes the routes from the options of the contract's methods. What is wrong there is a fault of the contract, so the
 * program does not start with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protowire.h"
#include "route_table.h"

/* Fields of google.api.HttpRule. */
enum {
    RULE_GET = 2,
    RULE_PUT = 3,
    RULE_POST = 4,
    RULE_DELETE = 5,
    RULE_PATCH = 6,
    RULE_BODY = 7,
    RULE_CUSTOM = 8,
    RULE_ADDITIONAL = 11,
    RULE_RESPONSE_BODY = 12,
};

static const char no_memory[] = "Memory is out.";

typedef struct {
    const char *http_method;
    const char *path;
    const char *body;
    const char *response_body;
} http_rule;

static const char *resolve_variable(route_variable *into, const message_type *message, const template_variable *from,
                                    const path_template *path)
{
    const char *name = from->field;

    for (into->depth = 0; name; into->depth++) {
        const char *dot = strchr(name, '.');
        const field_type *field;

        if (!message || into->depth == ROUTE_FIELD_DEPTH_MAX)
            return "A variable names a field of something that is no message.";
        field = message_field_by_name(message, name, dot ? (size_t)(dot - name) : strlen(name));
        if (!field || field->repeated)
            return "A variable names no single field of the request.";
        into->field[into->depth] = field;
        message = field->message;
        name = dot ? dot + 1 : NULL;
    }
    if (message)
        return "A variable names a message.";
    into->first = from->first;
    into->count = from->count;
    into->several = from->count > 1 || path->segments[from->first].kind == SEGMENT_REST;
    return NULL;
}

/* update_mask, or whatever the only field mask of the request is called. */
static const field_type *find_mask(const message_type *request, const field_type *body)
{
    const field_type *found = NULL;

    if (body->repeated || !body->message || body->message->form != MESSAGE_PLAIN)
        return NULL;
    for (size_t i = 0; i < request->count; i++) {
        const field_type *field = &request->fields[i];

        if (field->repeated || !field->message || field->message->form != MESSAGE_FIELD_MASK)
            continue;
        if (strcmp(field->name, "update_mask") == 0)
            return field;
        if (found)
            return NULL;
        found = field;
    }
    return found;
}

static const char *resolve_bodies(route *into, const http_rule *rule)
{
    const method_type *method = into->method;

    if (strcmp(rule->body, "*") == 0) {
        into->body = BODY_WHOLE;
    } else if (*rule->body) {
        into->body = BODY_FIELD;
        into->body_field = message_field_by_name(method->input, rule->body, strlen(rule->body));
        if (!into->body_field)
            return "The body names no field of the request.";
    }
    if (into->body == BODY_FIELD && strcmp(rule->http_method, "PATCH") == 0)
        into->mask_field = find_mask(method->input, into->body_field);
    if (*rule->response_body) {
        into->reply_field = message_field_by_name(method->output, rule->response_body, strlen(rule->response_body));
        if (!into->reply_field)
            return "The response body names no field of the reply.";
    }
    into->raw_in = into->body == BODY_WHOLE && strcmp(method->input->full_name, "google.api.HttpBody") == 0;
    into->raw_out = strcmp(method->output->full_name, "google.api.HttpBody") == 0;
    return NULL;
}

static route_node *child_literal(route_table *table, route_node *parent, const template_segment *segment)
{
    route_node *child = parent->literals;

    while (child && (child->length != segment->length || memcmp(child->literal, segment->text, segment->length) != 0))
        child = child->next;
    if (child)
        return child;
    child = arena_alloc(&table->memory, sizeof *child);
    if (!child)
        return NULL;
    child->literal = segment->text;
    child->length = segment->length;
    child->next = parent->literals;
    parent->literals = child;
    return child;
}

static route_node *child_any(route_table *table, route_node *parent)
{
    if (!parent->any)
        parent->any = arena_alloc(&table->memory, sizeof *parent->any);
    return parent->any;
}

static const char *insert(route_table *table, route *added)
{
    route_node *node = &table->root;
    route **end = NULL;

    for (size_t i = 0; i < added->path.segment_count; i++) {
        const template_segment *segment = &added->path.segments[i];

        if (segment->kind == SEGMENT_REST) {
            end = &node->rest;
            break;
        }
        node = segment->kind == SEGMENT_ANY ? child_any(table, node) : child_literal(table, node, segment);
        if (!node)
            return no_memory;
    }
    for (end = end ? end : &node->ends; *end; end = &(*end)->next)
        if (strcmp((*end)->http_method, added->http_method) == 0 && strcmp((*end)->verb, added->verb) == 0)
            return "Another method has the same route.";
    *end = added;
    *(table->last ? &table->last->following : &table->first) = added;
    table->last = added;
    return NULL;
}

static bool same_field(const route_variable *a, const route_variable *b)
{
    return a->depth == b->depth && memcmp(a->field, b->field, a->depth * sizeof *a->field) == 0;
}

static const char *resolve_variables(route *into)
{
    for (size_t i = 0; i < into->path.variable_count; i++) {
        const char *fault =
            resolve_variable(&into->variables[i], into->method->input, &into->path.variables[i], &into->path);

        if (fault)
            return fault;
        for (size_t before = 0; before < i; before++)
            if (same_field(&into->variables[before], &into->variables[i]))
                return "Two variables name the same field.";
    }
    return NULL;
}

static const char *add_route(route_table *table, const method_type *method, const http_rule *rule)
{
    route *added = arena_alloc(&table->memory, sizeof *added);
    const char *fault;

    if (!added)
        return no_memory;
    if (!*rule->path)
        return "The rule has no path.";
    added->method = method;
    added->http_method = rule->http_method;
    fault = path_template_parse(&added->path, rule->path, &table->memory);
    if (fault)
        return fault;
    added->verb = added->path.verb;
    if (added->path.variable_count > ROUTE_VARIABLES_MAX || added->path.segment_count > ROUTE_SEGMENTS_MAX)
        return "The path has too many parts.";
    fault = resolve_variables(added);
    if (!fault)
        fault = resolve_bodies(added, rule);
    return fault ? fault : insert(table, added);
}

static const char *text_of(route_table *table, const protowire_field *field)
{
    return arena_copy(&table->memory, field->data, field->size);
}

/* google.api.CustomHttpPattern: kind 1, path 2. */
static void read_custom(route_table *table, http_rule *rule, const protowire_field *from)
{
    protowire_reader reader = protowire_read(from->data, from->size);
    protowire_field field;

    while (protowire_next(&reader, &field)) {
        if (field.kind == WIRE_BYTES && field.number == 1)
            rule->http_method = text_of(table, &field);
        else if (field.kind == WIRE_BYTES && field.number == 2)
            rule->path = text_of(table, &field);
    }
}

static void read_rule_field(route_table *table, http_rule *rule, const protowire_field *field)
{
    static const char *const methods[] = {
        [RULE_GET] = "GET", [RULE_PUT] = "PUT", [RULE_POST] = "POST", [RULE_DELETE] = "DELETE", [RULE_PATCH] = "PATCH",
    };

    switch (field->number) {
    case RULE_GET:
    case RULE_PUT:
    case RULE_POST:
    case RULE_DELETE:
    case RULE_PATCH:
        rule->http_method = methods[field->number];
        rule->path = text_of(table, field);
        break;
    case RULE_BODY:
        rule->body = text_of(table, field);
        break;
    case RULE_CUSTOM:
        read_custom(table, rule, field);
        break;
    case RULE_RESPONSE_BODY:
        rule->response_body = text_of(table, field);
        break;
    default:
        break;
    }
}

static const char *add_rule(route_table *table, const method_type *method, const uint8_t *bytes, size_t size,
                            bool inner);

/* They go one level deep, as the option itself says. */
static const char *add_bindings(route_table *table, const method_type *method, const uint8_t *bytes, size_t size,
                                bool inner)
{
    protowire_reader reader = protowire_read(bytes, size);
    const char *fault = NULL;
    protowire_field field;

    while (!fault && protowire_next(&reader, &field)) {
        if (field.kind != WIRE_BYTES || field.number != RULE_ADDITIONAL)
            continue;
        fault = inner ? "Additional bindings have bindings of their own."
                      : add_rule(table, method, field.data, field.size, true);
    }
    return fault;
}

static const char *add_rule(route_table *table, const method_type *method, const uint8_t *bytes, size_t size,
                            bool inner)
{
    http_rule rule = {.http_method = "", .path = "", .body = "", .response_body = ""};
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field field;
    const char *fault;

    while (protowire_next(&reader, &field))
        if (field.kind == WIRE_BYTES)
            read_rule_field(table, &rule, &field);
    if (reader.bad)
        return "The rule is malformed.";
    if (!rule.http_method || !rule.path || !rule.body || !rule.response_body)
        return no_memory;
    fault = add_route(table, method, &rule);
    return fault ? fault : add_bindings(table, method, bytes, size, inner);
}

route_table *route_table_new(const descriptor_pool *pool, char *fault, size_t fault_size)
{
    route_table *table = calloc(1, sizeof *table);
    const char *wrong = table ? NULL : no_memory;
    const method_type *method = NULL;

    if (table)
        arena_init(&table->memory, ROUTE_MEMORY_MAX);
    for (size_t i = 0; !wrong && i < descriptor_pool_method_count(pool); i++) {
        method = descriptor_pool_method(pool, i);
        if (method->http_rule)
            wrong = add_rule(table, method, method->http_rule, method->http_rule_size, false);
    }
    if (!wrong)
        return table;
    snprintf(fault, fault_size, "%s: %s", method ? method->path : "routes", wrong);
    route_table_free(table);
    return NULL;
}

const route *route_table_first(const route_table *table)
{
    return table->first;
}

void route_table_free(route_table *table)
{
    if (!table)
        return;
    arena_done(&table->memory);
    free(table);
}
