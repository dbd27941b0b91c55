/* One call as its handler sees it: who calls, how long there is, and what goes into the answer. */
#include <ctype.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <string.h>

#include "call.h"
#include "metadata.h"
#include "text.h"

const rpc_method *rpc_call_method(const rpc_call *call)
{
    return call->method->method;
}

void *rpc_call_self(const rpc_call *call)
{
    return call->method->binding.self;
}

arena *rpc_call_arena(rpc_call *call)
{
    return call->current;
}

int rpc_call_listener(const rpc_call *call)
{
    return call->port->id;
}

/* The core spells an address as a URI does, "ipv6:%5B::1%5D:5000". */
static void undo_percents(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++, to++) {
        uint8_t byte;

        if (from[0] == '%' && isxdigit((unsigned char)from[1]) && isxdigit((unsigned char)from[2]) &&
            hex_decode(from + 1, &byte, 1)) {
            *to = (char)byte;
            from += 2;
        } else {
            *to = *from;
        }
    }
    *to = '\0';
}

const char *rpc_call_peer(const rpc_call *call)
{
    rpc_call *own = (rpc_call *)call; /* learns its peer when it is asked first */

    if (own->peer == NULL && own->core != NULL) {
        char *peer = grpc_call_get_peer(own->core);
        char *copy = arena_text(&own->memory, peer);

        gpr_free(peer);
        if (copy != NULL)
            undo_percents(copy);
        own->peer = copy;
    }
    return own->peer != NULL ? own->peer : "unknown";
}

const char *rpc_call_peer_certificate(rpc_call *call)
{
    if (call->certificate_known || call->core == NULL)
        return call->certificate;

    grpc_auth_context *context = grpc_call_auth_context(call->core);
    grpc_auth_property_iterator found =
        grpc_auth_context_find_properties_by_name(context, GRPC_X509_PEM_CERT_PROPERTY_NAME);
    const grpc_auth_property *property = grpc_auth_property_iterator_next(&found);

    if (property != NULL)
        call->certificate = arena_copy(&call->memory, property->value, property->value_length);
    grpc_auth_context_release(context);
    call->certificate_known = true;
    return call->certificate;
}

const char *rpc_call_metadata(const rpc_call *call, const char *key)
{
    return metadata_find(&call->metadata, key, ((rpc_call *)call)->current);
}

static bool add_metadata(rpc_call *call, answer_metadata *list, const char *key, const char *value)
{
    size_t bytes = strlen(key) + strlen(value);

    if (list->count == ANSWER_METADATA_MAX || list->bytes + bytes > ANSWER_METADATA_BYTES_MAX ||
        !metadata_is_legal(key, value))
        return false;

    rpc_metadatum entry = {arena_text(&call->memory, key), arena_text(&call->memory, value)};

    if (entry.key == NULL || entry.value == NULL)
        return false;
    list->entries[list->count++] = entry;
    list->bytes += bytes;
    return true;
}

bool rpc_call_answer_metadata(rpc_call *call, const char *key, const char *value)
{
    return add_metadata(call, &call->trailing, key, value);
}

bool rpc_call_initial_metadata(rpc_call *call, const char *key, const char *value)
{
    return !call->headers_left && add_metadata(call, &call->initial, key, value);
}

int64_t rpc_call_time_left_ms(const rpc_call *call)
{
    return core_time_left_ms(call->deadline);
}

/* Who asks once will ask again, so from then on the core tells. */
static void watch(rpc_call *call)
{
    if (!call->method->method->runs_inline)
        call_watch_close(call);
}

bool rpc_call_cancelled(const rpc_call *call)
{
    watch((rpc_call *)call);
    return atomic_load(&((rpc_call *)call)->cancelled);
}

void rpc_call_on_cancel(rpc_call *call, void (*on_cancel)(void *arg), void *arg)
{
    bool too_late;

    if (on_cancel != NULL)
        watch(call);
    pthread_mutex_lock(&call->lock);
    too_late = on_cancel != NULL && atomic_load(&call->cancelled);
    call->on_cancel = too_late ? NULL : on_cancel;
    call->on_cancel_arg = arg;
    while (call->on_cancel_runs)
        pthread_cond_wait(&call->cancel_returned, &call->lock);
    pthread_mutex_unlock(&call->lock);

    if (too_late)
        on_cancel(arg);
}

void rpc_call_set_context(rpc_call *call, void *context)
{
    call->context = context;
}

void *rpc_call_context(const rpc_call *call)
{
    return call->context;
}

/* The texts must outlive the caller's, because they travel in the status and in the answer. */
static const char *keep_text(rpc_call *call, const char *text)
{
    const char *kept = arena_text(&call->memory, text);

    return kept != NULL ? kept : "";
}

sp_status rpc_call_violation(rpc_call *call, const char *field, const char *reason, const char *description)
{
    sp_status status = {SP_INVALID_ARGUMENT, keep_text(call, reason), keep_text(call, description)};

    details_add_violation(&call->details, &call->memory, keep_text(call, field), status.reason, status.message);
    if (!sp_failed(call->first_violation))
        call->first_violation = status;
    return call->first_violation;
}

void rpc_call_error_fact(rpc_call *call, const char *key, const char *value)
{
    details_add_fact(&call->details, &call->memory, keep_text(call, key), keep_text(call, value));
}
