/* Makes and drops the connection of a terminal's link: look-up, then one address after the other. */
#include <stdlib.h>

#include "terminal_link_parts.h"
#include "tls_client.h"

#define CONNECT_PATH "/smartpass.link.v1.LinkService/Connect"

enum { RENEW_WAIT_MS = 30000, LOOKUP_WAIT_MS = 30000 };

void link_hang_up(terminal_link *l)
{
    bool connected = l->call || l->lookup;

    grpc_call_free(l->call);
    endpoint_lookup_free(l->lookup);
    SSL_CTX_free(l->context);
    free(l->unary);
    renewal_done(&l->renewal);
    l->call = NULL;
    l->lookup = NULL;
    l->context = NULL;
    l->unary = NULL;
    l->connection++;
    l->retry_ms = NEVER;
    l->welcome_ms = NEVER;
    l->stable_ms = NEVER;
    link_conversation_begin(l);
    if (connected)
        l->owner.hung_up(l->owner.self);
}

static bool begin_renewal(terminal_link *l)
{
    l->unary = malloc(sizeof *l->unary);
    return l->unary && renewal_begin(&l->renewal);
}

bool link_dial_next(terminal_link *l)
{
    grpc_patience patience = grpc_patience_usual();
    grpc_traffic traffic = {.self = l, .next = link_outbox_next, .message = link_inbox_take};
    size_t i = l->next_address;

    if (i >= l->addresses.count)
        return false;
    l->next_address++;
    if (l->renewing) {
        patience.whole_ms = RENEW_WAIT_MS;
        grpc_unary_init(l->unary, l->renewal.request, l->renewal.request_size);
        traffic = grpc_unary_traffic(l->unary);
    }
    grpc_call_free(l->call);
    l->call = grpc_call_new(l->context, (const struct sockaddr *)&l->addresses.address[i], l->addresses.size[i],
                            l->server.authority, l->server.host, l->renewing ? RENEW_PATH : CONNECT_PATH, &patience,
                            traffic, l->now_ms);
    l->connection++;
    return l->call != NULL;
}

const char *link_dial(terminal_link *l, bool renewing)
{
    const char *why = NULL;

    link_hang_up(l);
    l->renewing = renewing;
    l->next_address = 0;
    l->context = tls_client_enrolled(l->credentials.authority, l->credentials.certificate, l->credentials.key, &why);
    if (!l->context)
        return why;
    if (renewing && !begin_renewal(l))
        return "a key cannot be made";
    l->lookup = endpoint_lookup_start(&l->server);
    l->welcome_ms = l->now_ms + LOOKUP_WAIT_MS;
    return l->lookup ? NULL : "memory is out";
}

bool link_take_lookup(terminal_link *l)
{
    if (!endpoint_lookup_take(l->lookup, &l->addresses))
        return true;
    endpoint_lookup_free(l->lookup);
    l->lookup = NULL;
    l->welcome_ms = NEVER;
    return link_dial_next(l);
}
