/* The document as a whole: two rounds over the routes, of which the first finds the types that the second refers to. */
#include "openapi.h"

#include <ctype.h>
#include <stdio.h>

#include "component.h"
#include "error_schema.h"
#include "operation.h"
#include "security.h"

enum { DOCUMENT_MEMORY_MAX = 256 << 20 };

static const char conventions[] =
    "Calls of the gRPC services of the same contract, as REST and JSON.\n\n"
    "- JSON is proto3 JSON: names in lowerCamelCase (a request may use the contract's own names), 64-bit integers as "
    "strings, bytes as base64, times as RFC 3339 in UTC. An answer has every field that is not optional, also when it "
    "is "
    "empty. A value of an enum that the gateway does not know is its number.\n"
    "- A field or query parameter that does not exist is refused with its name.\n"
    "- Instead of JSON a body may be multipart/form-data: its parts name fields as query parameters do.\n"
    "- Errors are as AIP-193 says; programs test the `reason` of the details' `ErrorInfo`.\n"
    "- Everything but GET and HEAD needs the header `X-Smartpass: 1`.\n"
    "- `X-Request-Id` of a request is kept, or made up, and stands in the answer and in the server's logs.";

static void write_licence(document *d, const char *licence)
{
    put_object(d, "license");
    put_text(d, "name", strcmp(licence, "Apache-2.0") == 0 ? "Apache License 2.0" : licence);
    put_text(d, "identifier", licence);
    json_close_object(d->out);
}

static const char *title_of(document *d)
{
    const route *first = route_table_first(d->routes);
    const char *service = first ? service_of(d, first->method) : "", *dot = strrchr(service, '.');

    if (d->options->title)
        return d->options->title;
    return dot ? text_of(d, "%.*s", (int)(dot - service), service) : *service ? service : "Nothing";
}

static void write_info(document *d)
{
    put_object(d, "info");
    put_text(d, "title", title_of(d));
    put_text(d, "version", d->options->version ? d->options->version : "1.0.0");
    put_text(d, "description", conventions);
    if (d->options->licence)
        write_licence(d, d->options->licence);
    json_close_object(d->out);
}

static void write_server(document *d, const char *url, const char *description)
{
    json_open_object(d->out);
    put_text(d, "url", url);
    put_text_if(d, "description", description);
    json_close_object(d->out);
}

static void write_servers(document *d)
{
    put_array(d, "servers");
    for (size_t i = 0; i < d->options->server_count; i++)
        write_server(d, d->options->servers[i], "");
    if (d->options->server_count == 0)
        write_server(d, "/", "The host that this document comes from.");
    json_close_array(d->out);
}

static void write_path(document *d, const path_item *item)
{
    bool additional = false;

    put_object(d, item->path);
    for (const binding *b = item->first; b; b = b->next) {
        char method[16] = "";

        additional |= b->additional;
        for (size_t i = 0; b->route->http_method[i] && i + 1 < sizeof method; i++)
            method[i] = (char)tolower((unsigned char)b->route->http_method[i]);
        if (b->additional)
            continue;
        put_key(d, method);
        operation_write(d, b);
    }
    /* OpenAPI 3.1 has no place for methods of other names, nor for two routes that differ in their patterns alone. */
    if (additional)
        put_array(d, "x-additional-operations");
    for (const binding *b = item->first; additional && b; b = b->next) {
        if (!b->additional)
            continue;
        json_open_object(d->out);
        put_text(d, "method", b->route->http_method);
        put_key(d, "operation");
        operation_write(d, b);
        json_close_object(d->out);
    }
    if (additional)
        json_close_array(d->out);
    json_close_object(d->out);
}

static void write_components(document *d)
{
    put_object(d, "components");
    schema_write_components(d);
    error_responses_write(d);
    put_ready(d, "headers",
              "{\"RequestId\":{\"required\":true,\"description\":\"What the server's logs know this request "
              "by.\",\"schema\":{\"type\":"
              "\"string\"}}}");
    security_schemes_write(d);
    json_close_object(d->out);
}

static void write_document(document *d)
{
    json_open_object(d->out);
    put_text(d, "openapi", "3.1.0");
    write_info(d);
    write_servers(d);
    tags_write(d);
    put_object(d, "paths");
    for (const path_item *item = d->paths; item; item = item->next)
        write_path(d, item);
    json_close_object(d->out);
    write_components(d);
    json_close_object(d->out);
}

static const char *build(document *d, const uint8_t *set, size_t size)
{
    static const char no_memory[] = "Memory is out, or the document is larger than it may be.";

    d->notes = contract_notes_read(set, size, d->memory);
    if (!d->notes || !name_table_init(&d->components_by_type, contract_notes_count(d->notes), d->memory))
        return no_memory;
    paths_collect(d);
    for (const path_item *item = d->paths; item; item = item->next)
        for (const binding *b = item->first; b; b = b->next)
            operation_collect(d, b);
    schema_name_components(d);
    if (!d->failed)
        write_document(d);
    return d->failed || json_failed(d->out) ? no_memory : NULL;
}

bool openapi_write(const uint8_t *set, size_t size, const openapi_options *options, byte_buffer *out, char *fault,
                   size_t fault_size)
{
    size_t before = out->size;
    arena memory;
    json_writer writer;
    const char *wrong = NULL;
    descriptor_pool *pool = descriptor_pool_new(set, size, &wrong);
    route_table *routes = pool ? route_table_new(pool, fault, fault_size) : NULL;
    document d = {.pool = pool, .routes = routes, .options = options, .memory = &memory, .out = &writer};

    arena_init(&memory, options->memory_max ? options->memory_max : DOCUMENT_MEMORY_MAX);
    json_writer_init(&writer, out);
    if (routes)
        wrong = build(&d, set, size);
    if (wrong)
        snprintf(fault, fault_size, "%s", wrong);
    if (wrong || !routes)
        out->size = before;
    arena_done(&memory);
    route_table_free(routes);
    descriptor_pool_free(pool);
    return routes && !wrong;
}
