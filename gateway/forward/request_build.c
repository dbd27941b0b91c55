/* From an HTTP request to the message of a call. */
#include <string.h>

#include "forward.h"
#include "http_body.h"
#include "percent.h"
#include "protowire.h"

static const char too_large[] = "The request is too large.";

bool is_http_body(const message_type *message)
{
    return message && strcmp(message->full_name, "google.api.HttpBody") == 0;
}

const field_type *request_raw_field(const route *found)
{
    const field_type *field = found->body == BODY_FIELD ? found->body_field : NULL;

    return field && !field->repeated && is_http_body(field->message) ? field : NULL;
}

static bool add_captures(const forward *f, parameter_tree *tree)
{
    const route *found = f->match.route;

    for (size_t i = 0; i < found->path.variable_count; i++) {
        const route_variable *variable = &found->variables[i];
        const route_capture *capture = &f->match.captures[i];
        size_t length;
        const char *text = percent_decode(tree->memory, variable->several ? PERCENT_RESERVED : PERCENT_PATH,
                                          capture->text, capture->length, &length);

        if (!text)
            return percent_is_malformed(capture->text, capture->length)
                       ? fault_set(tree->fault, FAULT_INVALID_VALUE, "The path has a malformed percent escape.")
                       : fault_set(tree->fault, FAULT_TOO_LARGE, "The request needs more memory than it may take.");
        if (!parameter_add_captured(tree, variable->field, variable->depth, text, length))
            return false;
    }
    return true;
}

/* A browser that resumes a stream names the last event in a header; the query is still that of its first request. */
static bool add_last_event_id(const forward *f, parameter_tree *tree)
{
    const field_type *field;

    if (!f->last_event_id || !f->match.route->method->server_streaming)
        return true;
    field = message_field_by_name(f->match.route->method->input, "last_event_id", 13);
    if (!field || field->kind != FIELD_STRING || field->repeated)
        return true;
    return parameter_replace(tree, field, f->last_event_id, strlen(f->last_event_id));
}

static bool add_query(const forward *f, parameter_tree *tree)
{
    const route *found = f->match.route;
    size_t length;
    const char *query = http_query(f->x, &length);

    /* Where the body is the whole message, nothing is left for the query. */
    if (found->body == BODY_WHOLE && length > 0) {
        fault_set(tree->fault, FAULT_UNKNOWN_PARAMETER, "This method takes no query parameters.");
        return fault_in_field(tree->fault, query, strcspn(query, "=&"));
    }
    return parameters_add_query(tree, found->method->input, found->body_field, query, length);
}

bool request_parameters(forward *f, parameter_tree *tree)
{
    return add_captures(f, tree) && add_query(f, tree) && add_last_event_id(f, tree);
}

bool request_from_json(forward *f, const parameter_tree *tree, const void *json, size_t size, byte_buffer *wire)
{
    const route *found = f->match.route;
    wire_request request = {
        .message = found->method->input,
        .body = found->body,
        .body_field = found->body_field,
        .mask = found->mask_field,
        .json = json,
        .json_size = size,
        .parameters = tree->first,
    };

    return json_to_wire(f->gateway->options.pool, &request, tree->memory, wire, tree->fault);
}

bool request_without_body(forward *f, const parameter_tree *tree, byte_buffer *wire)
{
    (void)f;
    return parameters_to_wire(wire, tree->first, tree->fault) || fault_set(tree->fault, FAULT_TOO_LARGE, too_large);
}

bool request_add_raw(byte_buffer *wire, const field_type *field, const raw_head *head, const void *bytes, size_t size)
{
    const char *type = head ? head->type : NULL;
    const http_body body = {
        .content_type = type ? type : "",
        .content_type_length = type ? strlen(type) : 0,
        .data = bytes,
        .size = size,
        .file_name = head ? head->file_name : NULL,
    };
    size_t opened;

    if (!field)
        return http_body_append(wire, &body);
    opened = protowire_open(wire, field->number);
    return opened != SIZE_MAX && http_body_append(wire, &body) && protowire_close(wire, opened);
}
