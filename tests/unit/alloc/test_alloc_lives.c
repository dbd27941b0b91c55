/* Servers and clients from their beginning to their end: each allocation of theirs fails once. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_scenario.h"
#include "certificates.h"
#include "hut.h"

static char folder[] = "/tmp/alloc-test-XXXXXX";
static char socket_target[64];
static certificate authority;
static certificate identity;
static certificate own;

static void make_folder(void)
{
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(socket_target, sizeof socket_target, "unix:%s/sock", folder);
}

static void drop_folder(void)
{
    unlink(socket_target + 5);
    EXPECT(rmdir(folder) == 0);
}

static void make_certificates(void)
{
    authority = certificate_make("Test authority", NULL, -1, 10);
    identity = certificate_make("server", &authority, -1, 10);
    own = certificate_make("terminal", &authority, -1, 10);
}

static void drop_certificates(void)
{
    certificate_drop(&authority);
    certificate_drop(&identity);
    certificate_drop(&own);
}

/* ---- servers ---- */

static sp_status start_server(rpc_server *server, const rpc_listener *listeners, int count, int *ports)
{
    for (int i = 0; i < count; i++) {
        sp_status status = rpc_server_listen(server, &listeners[i], &ports[i]);

        if (sp_failed(status))
            return status;
    }
    return rpc_server_start(server);
}

/* Bound to two addresses, started and stopped again. */
static sp_code live_as_a_server(void)
{
    const rpc_listener listeners[] = {{.address = "127.0.0.1:0"}, {.id = 1, .address = socket_target}};
    int ports[2];
    rpc_server *server = hut_server_new();

    if (server == NULL)
        return SP_RESOURCE_EXHAUSTED;

    sp_code code = start_server(server, listeners, 2, ports).code;

    rpc_server_stop(server, 1000);
    hut_server_free(server);
    return code;
}

/* ---- clients ---- */

static sp_code call_with(const rpc_client_options *options)
{
    rpc_client *client = hut_client_new(options);

    if (client == NULL)
        return SP_RESOURCE_EXHAUSTED;

    sp_code code = hut_play(client, "ask", &hut_options);

    rpc_client_free(client);
    return code;
}

static sp_code live_as_a_client(void)
{
    return call_with(&(rpc_client_options){.target = hut.target});
}

/* ---- both, with certificates ---- */

static sp_code live_with_certificates(void)
{
    const rpc_listener listener = {
        .address = "127.0.0.1:0",
        .cert_pem = identity.cert_pem,
        .key_pem = identity.key_pem,
        .ask_client_cert = true,
        .client_ca_pem = authority.cert_pem,
    };
    int port;
    rpc_server *server = hut_server_new();

    if (server == NULL)
        return SP_RESOURCE_EXHAUSTED;

    sp_code code = start_server(server, &listener, 1, &port).code;

    if (code == SP_OK)
        code = rpc_server_renew_certificate(server, listener.id, identity.cert_pem, identity.key_pem).code;
    if (code == SP_OK) {
        char target[64];

        snprintf(target, sizeof target, "localhost:%d", port);
        code = call_with(&(rpc_client_options){
            .target = target,
            .tls = true,
            .ca_pem = authority.cert_pem,
            .cert_pem = own.cert_pem,
            .key_pem = own.key_pem,
        });
    }
    hut_server_free(server);
    return code;
}

static const alloc_scenario scenarios[] = {
    {
        .name = "life of a server",
        .expected = SP_OK,
        .open = make_folder,
        .close = drop_folder,
        .run = live_as_a_server,
    },
    {
        .name = "life of a client",
        .expected = SP_OK,
        .open = hut_open,
        .close = hut_close,
        .run = live_as_a_client,
        .works = hut_still_works,
    },
    {
        .name = "server and client with certificates",
        .expected = SP_OK,
        .also = SP_UNAVAILABLE, /* the connection was turned away */
        .open = make_certificates,
        .close = drop_certificates,
        .run = live_with_certificates,
    },
};

int main(void)
{
    return alloc_scenarios_run("lives without memory", scenarios, sizeof scenarios / sizeof *scenarios);
}
