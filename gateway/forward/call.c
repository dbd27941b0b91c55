/* From an HTTP request to a gRPC call. */
#include <string.h>

#include "forward.h"
#include "percent.h"
#include "text.h"

enum { METADATA_FIELDS = 5 };

static bool refuse_memory(forward *f)
{
    const refusal why = {500, SP_INTERNAL, "NO_MEMORY", "The gateway has no memory left.", "", NULL};

    answer_refusal(f, &why);
    return false;
}

static size_t fill_metadata(const forward *f, rpc_metadatum *metadata)
{
    size_t count = 0;

    metadata[count++] = (rpc_metadatum){"x-request-id", f->request_id};
    metadata[count++] = (rpc_metadatum){"smartpass-client-address", http_client_address(f->x)};
    if (f->by_cookie)
        metadata[count++] = (rpc_metadatum){"smartpass-session-transport", "cookie"};
    if (f->authorization)
        metadata[count++] = (rpc_metadatum){"authorization", f->authorization};
    if (f->user_agent)
        metadata[count++] = (rpc_metadatum){"smartpass-user-agent", f->user_agent};
    return count;
}

/* Locked, so that no event of the call gets on before the call is held. */
static bool start(forward *f, call_kind kind, const char *path, const rpc_options *options,
                  const rpc_raw_events *events, const byte_buffer *wire)
{
    rpc_client *client = f->gateway->options.client;
    const uint8_t *bytes = wire && wire->data ? wire->data : (const uint8_t *)"";

    http_hold(f->x);
    f->call = kind == CALL_UNARY ? rpc_raw_unary(client, path, options, bytes, wire->size, events, f)
                                 : rpc_raw_start(client, path, options, events, f);
    if (!f->call) {
        http_release(f->x);
        return false;
    }
    rpc_raw_hold(f->call);
    if (kind == CALL_ANSWERS)
        rpc_raw_write(f->call, bytes, wire->size, true);
    if (kind != CALL_UNARY)
        rpc_raw_read(f->call);
    return true;
}

bool forward_start(forward *f, call_kind kind, const char *path, int64_t timeout_ms, const rpc_raw_events *events,
                   const byte_buffer *wire)
{
    rpc_metadatum metadata[METADATA_FIELDS];
    rpc_options options = {.timeout_ms = timeout_ms, .metadata = metadata};
    bool started, left;

    options.metadata_count = fill_metadata(f, metadata);
    pthread_mutex_lock(&f->lock);
    left = f->left;
    started = !left && start(f, kind, path, &options, events, wire);
    pthread_mutex_unlock(&f->lock);
    return started || left || refuse_memory(f);
}

void forward_call_ended(forward *f)
{
    pthread_mutex_lock(&f->lock);
    f->ended = true;
    pthread_mutex_unlock(&f->lock);
    http_release(f->x);
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
            return fault_set(tree->fault, FAULT_INVALID_VALUE, "The path has a malformed percent escape.");
        if (!parameter_add_captured(tree, variable->field, variable->depth, text, length))
            return false;
    }
    return true;
}

/* A browser that resumes a stream names the last event in a header; the query is still that of its first request. */
static bool add_last_event_id(const forward *f, parameter_tree *tree)
{
    const field_type *field = message_field_by_name(f->match.route->method->input, "last_event_id", 13);

    if (!field || field->kind != FIELD_STRING || field->repeated || !f->last_event_id)
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

bool forward_build_request(forward *f, byte_buffer *ret_wire)
{
    const route *found = f->match.route;
    wire_request request = {
        .message = found->method->input,
        .body = found->body,
        .body_field = found->body_field,
        .mask = found->mask_field,
        .json = (const char *)f->body.data,
        .json_size = f->body.size,
    };
    transcode_fault fault = {.kind = FAULT_NONE};
    arena *memory = http_arena(f->x);
    parameter_tree tree;

    parameter_tree_init(&tree, memory, &fault);
    if (add_captures(f, &tree) && add_query(f, &tree) && add_last_event_id(f, &tree)) {
        request.parameters = tree.first;
        if (json_to_wire(f->gateway->options.pool, &request, memory, ret_wire, &fault))
            return true;
    }
    answer_fault(f, &fault);
    return false;
}
