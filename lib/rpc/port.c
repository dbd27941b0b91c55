/* Listening addresses: what the core is told about each, and the sockets themselves. */
#include <errno.h>
#include <grpc/grpc_security.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "call.h"
#include "server.h"
#include "text.h"

SP_STATUS(ADDRESS_UNAVAILABLE, SP_UNAVAILABLE, "The address is malformed, taken or not of this machine.");

enum {
    KEEPALIVE_TIME_MS = 20000,
    KEEPALIVE_TIMEOUT_MS = 20000,
    CLIENT_PING_INTERVAL_MS = 10000, /* the most often that an idle client may ping */
    HANDSHAKE_TIMEOUT_MS = 20000,
    IDLE_CONNECTION_MS = 30 * 60000, /* one without calls is closed; its client comes back when it has some */
    METADATA_MAX = 8192,             /* bytes of one call's metadata */
    LOOKAHEAD_BYTES = 16384,         /* what a peer may send to a stream that nobody reads */
    STREAMS_TCP_MAX = 1024,          /* calls at once on one connection */
    STREAMS_UNIX_MAX = 65536,        /* all browsers of a gateway share one connection */
    IDENTITY_ONLY = 1 << GRPC_COMPRESS_NONE,
    ARMED_INLINE = 16, /* calls that the core can hand over before it is asked again, a method and queue */
    ARMED_WORKER = 4,
    ARMED_OTHER = 16,
};

static bool is_unix(const char *address)
{
    return strncmp(address, "unix:", 5) == 0;
}

static grpc_server *create_core(rpc_server *server, bool for_unix)
{
    grpc_resource_quota *memory = core_memory(server->options.max_buffered);
    grpc_arg args[] = {
        core_arg_memory(memory),
        core_arg_int(GRPC_ARG_ALLOW_REUSEPORT, 0), /* or a second server takes half of the connections unnoticed */
        core_arg_int(GRPC_ARG_HTTP2_BDP_PROBE, 0), /* or windows grow to megabytes on streams that nobody reads */
        core_arg_int(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, LOOKAHEAD_BYTES),
        core_arg_int(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0), /* or 200 KB become 200 MB before any limit */
        core_arg_int(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, IDENTITY_ONLY),
        core_arg_int(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0), /* filters and counters that nobody asks */
        core_arg_int(GRPC_ARG_ENABLE_CHANNELZ, 0),
        core_arg_int(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, -1), /* it would look too late; see call_decode */
        core_arg_tls_frame(),
        core_arg_int(GRPC_ARG_MAX_METADATA_SIZE, METADATA_MAX),
        core_arg_int(GRPC_ARG_MAX_CONCURRENT_STREAMS, for_unix ? STREAMS_UNIX_MAX : STREAMS_TCP_MAX),
        core_arg_int(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS),
        core_arg_int(GRPC_ARG_MAX_CONNECTION_IDLE_MS, IDLE_CONNECTION_MS),
        core_arg_int(GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_TIME_MS),
        core_arg_int(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS),
        core_arg_int(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1),
        core_arg_int(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0),
        core_arg_int(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, CLIENT_PING_INTERVAL_MS),
    };
    grpc_channel_args list = {sizeof args / sizeof *args, args};
    grpc_server *core = grpc_server_create(&list, NULL);

    grpc_resource_quota_unref(memory);
    for (int i = 0; i < server->options.queues; i++)
        grpc_server_register_completion_queue(core, server->queues[i].cq, NULL);
    return core;
}

/* A socket file that a killed server left behind goes; one that somebody answers on, or another kind of file, stays
 * and takes the address. (The core would remove a living server's socket.) */
static bool clear_unix_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat found;

    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return false;
    if (lstat(path, &found) != 0)
        return errno == ENOENT;
    if (!S_ISSOCK(found.st_mode))
        return false;

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    strcpy(address.sun_path, path);

    bool abandoned = connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED;

    close(fd);
    return abandoned && unlink(path) == 0;
}

/* "host:port" or "[v6]:port" with a port that exists: the core takes only the low bits of a larger one. */
static bool is_tcp_address(const char *address)
{
    const char *colon = strrchr(address, ':');
    int64_t number;

    if (colon == NULL || colon == address || !int64_parse(colon + 1, 0, UINT16_MAX, &number))
        return false;
    return strchr(address, ':') == colon || (address[0] == '[' && colon[-1] == ']');
}

/* Port number, 1 for a unix socket, 0 when it failed. */
static int bind_address(grpc_server *core, const char *address, grpc_server_credentials *credentials)
{
    if (!is_unix(address))
        return is_tcp_address(address) ? grpc_server_add_http2_port(core, address, credentials) : 0;
    if (!clear_unix_path(address + 5))
        return 0;

    mode_t before = umask(0177); /* the file must never be open to others, not even for a moment */
    int number = grpc_server_add_http2_port(core, address, credentials);

    umask(before);
    return number;
}

static sp_status bind_port(server_port *port, const rpc_listener *listener, int *ret_number)
{
    grpc_server_credentials *credentials = identity_credentials(&port->identity);

    if (credentials == NULL)
        return CERTIFICATE_UNUSABLE;

    int number = bind_address(port->core, listener->address, credentials);

    grpc_server_credentials_release(credentials);
    if (number > 0) {
        *ret_number = number;
        return SP_DONE;
    }
    if (listener->cert_pem == NULL)
        return ADDRESS_UNAVAILABLE;

    /* The core has one answer for two mistakes: an address that can be bound without TLS tells which it was. */
    grpc_server_credentials *plain = grpc_insecure_server_credentials_create();

    number = bind_address(port->core, listener->address, plain);
    grpc_server_credentials_release(plain);
    return number > 0 ? CERTIFICATE_UNUSABLE : ADDRESS_UNAVAILABLE;
}

static void port_is_down(core_tag *tag, bool ok)
{
    server_port *port = CORE_OWNER(tag, server_port, down);
    rpc_server *server = port->server;

    (void)ok;
    pthread_mutex_lock(&server->lock);
    server->ports_down++;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

/* The port belongs to the server even when binding failed, because the core can only be destroyed by the long way. */
sp_status server_port_open(rpc_server *server, const rpc_listener *listener, server_port **ret_port, int *ret_number)
{
    server_port *port = calloc(1, sizeof *port);

    if (port == NULL)
        return OUT_OF_MEMORY;
    port->server = server;
    port->id = listener->id;
    port->down.run = port_is_down;
    port->core = create_core(server, is_unix(listener->address));
    *ret_port = port;

    sp_status status = identity_init(&port->identity, listener);

    if (!sp_failed(status))
        status = bind_port(port, listener, ret_number);

    port->usable = !sp_failed(status);
    return status;
}

bool server_port_register_methods(server_port *port)
{
    const rpc_server *server = port->server;

    port->methods = calloc(server->method_count + 1, sizeof *port->methods);
    if (port->methods == NULL)
        return false;
    for (size_t i = 0; i < server->method_count; i++) {
        const rpc_method *method = server->methods[i].method;

        /* The core reads a unary call's message by itself, so that the call arrives with it in one event. */
        if (method->kind == RPC_UNARY)
            port->methods[i] = grpc_server_register_method(port->core, method->path, NULL,
                                                           GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
    }
    return true;
}

static bool arm_queue(server_port *port, core_queue *queue)
{
    const rpc_server *server = port->server;

    for (size_t i = 0; i < server->method_count; i++) {
        int count = server->methods[i].method->runs_inline ? ARMED_INLINE : ARMED_WORKER;

        for (int n = 0; port->methods[i] != NULL && n < count; n++)
            if (!call_arm(port, queue, &server->methods[i]))
                return false;
    }
    for (int n = 0; n < ARMED_OTHER; n++)
        if (!call_arm(port, queue, NULL))
            return false;
    return true;
}

bool server_port_start(server_port *port)
{
    grpc_server_start(port->core);
    for (int q = 0; q < port->server->options.queues; q++)
        if (!arm_queue(port, &port->server->queues[q]))
            return false;
    return true;
}

void server_port_free(server_port *port)
{
    grpc_server_destroy(port->core);
    identity_done(&port->identity);
    free(port->methods);
    free(port);
}
