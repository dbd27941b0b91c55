/* The methods that a server serves, found by path. */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "prescan.h"
#include "server.h"

enum { PACE_UNKNOWN_US = 400 }; /* slow until it is known better */

bool server_add_service(rpc_server *server, const rpc_service *service, const rpc_binding *binding, bool internal)
{
    size_t count = server->method_count + service->count;
    server_method *methods = realloc(server->methods, count * sizeof *methods);

    if (methods == NULL)
        return false;
    server->methods = methods;
    for (size_t slot = 0; slot < service->count; slot++) {
        methods[server->method_count++] = (server_method){
            .service = service,
            .method = &service->methods[slot],
            .binding = *binding,
            .slot = slot,
            .internal = internal,
        };
    }
    return true;
}

/* Tables are written by a generator; one that cannot be enforced must not be served. */
static bool tables_are_usable(const rpc_server *server)
{
    for (size_t i = 0; i < server->method_count; i++) {
        const rpc_service *service = server->methods[i].service;

        if (!prescan_takes_limits(service->limits, service->limit_count)) {
            log_write(LOG_ERROR, "too many limited fields in one message", "service", service->name, NULL);
            return false;
        }
    }
    return true;
}

/* FNV-1a. The paths are ours, so nobody can choose them to collide. */
static size_t hash_path(const char *path, size_t length)
{
    uint64_t hash = 14695981039346656037ULL;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)path[i]) * 1099511628211ULL;
    return (size_t)(hash ^ hash >> 32);
}

static bool add_paces(rpc_server *server)
{
    server->paces_us = calloc(server->method_count + 1, sizeof *server->paces_us);
    if (server->paces_us == NULL)
        return false;
    for (size_t i = 0; i < server->method_count; i++) {
        server->methods[i].pace_us = &server->paces_us[i];
        atomic_init(server->methods[i].pace_us, PACE_UNKNOWN_US);
    }
    return true;
}

bool server_index_methods(rpc_server *server)
{
    size_t size = 16;

    if (!tables_are_usable(server) || !add_paces(server))
        return false;
    while (size < server->method_count * 2)
        size *= 2;

    size_t *table = calloc(size, sizeof *table);

    if (table == NULL)
        return false;
    for (size_t i = 0; i < server->method_count; i++) {
        const char *path = server->methods[i].method->path;
        size_t at = hash_path(path, strlen(path)) & (size - 1);

        while (table[at] != 0)
            at = (at + 1) & (size - 1);
        table[at] = i + 1;
    }
    free(server->method_table);
    server->method_table = table;
    server->method_table_size = size;
    return true;
}

const server_method *server_find_method(const rpc_server *server, const char *path, size_t length)
{
    size_t mask = server->method_table_size - 1;

    for (size_t at = hash_path(path, length) & mask; server->method_table[at] != 0; at = (at + 1) & mask) {
        const server_method *found = &server->methods[server->method_table[at] - 1];

        if (strlen(found->method->path) == length && memcmp(found->method->path, path, length) == 0)
            return found;
    }
    return NULL;
}
