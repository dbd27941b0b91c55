/* TCP connections: known from their first byte to their last, so that none can dawdle unseen. */
#include <stdlib.h>

#include "clock.h"
#include "http_parts.h"

static http_connection *connection_new(const http_listener *listener, struct MHD_Connection *connection)
{
    http_server *server = listener->server;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    http_connection *peer = info ? calloc(1, sizeof *peer) : NULL;

    if (!peer)
        return NULL;
    peer->server = server;
    peer->fd = info->connect_fd;
    peer->secure = listener->secure;
    peer->deadline_ms = clock_monotonic_ms() + server->options.head_timeout_ms;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info && info->client_addr)
        socket_address_text(info->client_addr, peer->address, sizeof peer->address);

    pthread_mutex_lock(&server->lock);
    peer->next = server->connections;
    if (peer->next)
        peer->next->previous = peer;
    server->connections = peer;
    pthread_mutex_unlock(&server->lock);
    return peer;
}

static void connection_free(http_connection *peer)
{
    http_server *server = peer->server;

    pthread_mutex_lock(&server->lock);
    if (peer->next)
        peer->next->previous = peer->previous;
    if (peer->previous)
        peer->previous->next = peer->next;
    else
        server->connections = peer->next;
    pthread_mutex_unlock(&server->lock);
    free(peer);
}

void connection_changed(void *context, struct MHD_Connection *connection, void **peer,
                        enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *peer = connection_new(context, connection);
    } else if (*peer) {
        connection_free(*peer);
        *peer = NULL;
    }
}
