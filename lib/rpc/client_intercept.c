/* The client's chain of interceptors. */
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"

const char *rpc_outgoing_path(const rpc_outgoing *call)
{
    return call->path;
}

int64_t rpc_outgoing_timeout_ms(const rpc_outgoing *call)
{
    return call->options.timeout_ms;
}

void rpc_outgoing_set_timeout_ms(rpc_outgoing *call, int64_t timeout_ms)
{
    call->options.timeout_ms = timeout_ms;
}

/* The caller's list is not ours to change, so the first addition copies it. */
static bool own_metadata(rpc_outgoing *call)
{
    if (call->metadata != NULL)
        return true;
    call->metadata = arena_array(&call->memory, CLIENT_METADATA_MAX, sizeof *call->metadata);
    if (call->metadata == NULL)
        return false;
    for (size_t i = 0; i < call->options.metadata_count; i++)
        call->metadata[i] = call->options.metadata[i];
    call->options.metadata = call->metadata;
    return true;
}

bool rpc_outgoing_add(rpc_outgoing *call, const char *key, const char *value)
{
    if (call->options.metadata_count >= CLIENT_METADATA_MAX || !own_metadata(call))
        return false;

    rpc_metadatum entry = {arena_text(&call->memory, key), arena_text(&call->memory, value)};

    if (entry.key == NULL || entry.value == NULL)
        return false;
    call->metadata[call->options.metadata_count++] = entry;
    return true;
}

static sp_status begin_all(client_passage *passage, rpc_outgoing *outgoing)
{
    const rpc_client *client = passage->client;

    while (passage->begun < client->interceptor_count) {
        const rpc_client_interceptor *one = &client->interceptors[passage->begun++];
        sp_status status = one->begin != NULL ? one->begin(one->self, outgoing) : SP_DONE;

        if (sp_failed(status))
            return status;
    }
    return SP_DONE;
}

sp_status passage_begin(client_passage *passage, const rpc_client *client, rpc_outgoing *outgoing)
{
    *passage = (client_passage){.client = client};
    if (client->interceptor_count == 0)
        return SP_DONE;
    passage->path = strdup(outgoing->path);
    if (passage->path == NULL)
        return OUT_OF_MEMORY;
    passage->began_us = clock_monotonic_us();

    sp_status status = begin_all(passage, outgoing);

    if (sp_failed(status))
        passage_fail(passage, status);
    return status;
}

void passage_end(client_passage *passage, const rpc_answer *answer)
{
    while (passage->begun > 0) {
        const rpc_client_interceptor *one = &passage->client->interceptors[--passage->begun];

        if (one->end != NULL)
            one->end(one->self, passage->path, answer, clock_monotonic_us() - passage->began_us);
    }
    free(passage->path);
    passage->path = NULL;
}

void passage_fail(client_passage *passage, sp_status status)
{
    rpc_answer answer;

    if (passage->path == NULL)
        return;
    answer_from_status(&answer, status);
    passage_end(passage, &answer);
    rpc_answer_done(&answer);
}
