/* smartpass-gateway: reads the configuration, loads contract and console, serves until told to stop. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "file.h"
#include "gateway.h"
#include "gateway_config.h"
#include "gateway_contract.h"
#include "http_server.h"
#include "log.h"
#include "openapi_page.h"

enum { FAULT_MAX = 512, FILE_LIMIT = 64 << 20, STOP_GRACE_MS = 2000, REPLY_MAX = 4 << 20 };

/* Everything that runs; all of it may be NULL. */
typedef struct {
    descriptor_pool *pool;
    route_table *routes;
    assets *console;
    openapi_page *documentation;
    rpc_client *client;
    gateway *forwarding;
    http_server *http;
} program;

static bool complain(const char *what)
{
    fprintf(stderr, "smartpass-gateway: %s\n", what);
    return false;
}

/* Every thread inherits the mask, so that the signals wait for sigwait below. */
static void block_signals(sigset_t *ret_set)
{
    sigemptyset(ret_set);
    sigaddset(ret_set, SIGINT);
    sigaddset(ret_set, SIGTERM);
    sigaddset(ret_set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ret_set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool read_text(const char *path, char **ret_text)
{
    char fault[FAULT_MAX];
    sp_status status = file_read(path, FILE_LIMIT, ret_text, NULL);

    snprintf(fault, sizeof fault, "%s: %s", path, status.message);
    return !sp_failed(status) || complain(fault);
}

/* Of another contract than our own nothing is known but what it says itself. */
static bool document_contract(program *p, const gateway_config *config, const uint8_t *set, size_t size)
{
    static const openapi_options ours = {.title = "Smart Pass", .version = SMARTPASS_VERSION, .licence = "Apache-2.0"};
    char fault[FAULT_MAX];

    p->documentation = openapi_page_new(set, size, config->descriptors ? &(openapi_options){0} : &ours,
                                        config->tls_cert != NULL, fault, sizeof fault);
    return p->documentation != NULL || complain(fault);
}

static bool load_contract(program *p, const gateway_config *config)
{
    const uint8_t *set = gateway_contract;
    size_t size = gateway_contract_size;
    char *bytes = NULL, fault[FAULT_MAX];
    const char *wrong;
    bool documented;

    if (config->descriptors) {
        if (sp_failed(file_read(config->descriptors, FILE_LIMIT, &bytes, &size)))
            return complain("the file of gateway.descriptors cannot be read");
        set = (const uint8_t *)bytes;
    }
    p->pool = descriptor_pool_new(set, size, &wrong);
    p->routes = p->pool ? route_table_new(p->pool, fault, sizeof fault) : NULL;
    documented = p->routes && document_contract(p, config, set, size);
    free(bytes);
    if (!p->routes)
        complain(p->pool ? fault : wrong);
    return documented;
}

static bool load_console(program *p, const gateway_config *config)
{
    char fault[FAULT_MAX];

    p->console = assets_load(config->web_root, config->tls_cert != NULL, fault, sizeof fault);
    if (p->console)
        return true;
    if (!config->web_root_preset)
        return complain(fault);
    log_write(LOG_WARNING, "the web console is not built, so only the API is served", "folder", config->web_root, NULL);
    return true;
}

/* Reads two files, of which none, the first or both are named. */
static bool read_pair(const char *first, const char *second, char **ret_first, char **ret_second)
{
    *ret_first = *ret_second = NULL;
    return (!first || read_text(first, ret_first)) && (!second || read_text(second, ret_second));
}

static bool connect_server(program *p, const gateway_config *config)
{
    rpc_client_options options = {
        .target = config->server,
        .tls = config->server_ca != NULL,
        .server_name = config->server_name,
        .max_message = REPLY_MAX,
    };
    char *ca = NULL, *cert = NULL, *key = NULL;
    bool read = (!config->server_ca || read_text(config->server_ca, &ca)) &&
                read_pair(config->server_cert, config->server_key, &cert, &key);

    options.ca_pem = ca;
    options.cert_pem = cert;
    options.key_pem = key;
    if (read)
        p->client = rpc_client_new(&options);
    free(ca);
    free(cert);
    free(key);
    return p->client || (read && complain("the server's address is malformed, or memory is out"));
}

static bool make_forwarding(program *p, const gateway_config *config)
{
    const gateway_options options = {
        .pool = p->pool,
        .routes = p->routes,
        .client = p->client,
        .assets = p->console,
        .documentation = p->documentation,
        .hosts = config->hosts,
        .proxies = config->proxies,
        .cors = {config->cors_origins, config->cors_credentials, config->cors_max_age_ms / 1000},
        .json_max = (size_t)config->json_max,
        .upload_max = (size_t)config->upload_max,
        .stream_max = (size_t)config->stream_max,
        .memory_max = (size_t)config->memory_max,
        .call_timeout_ms = config->call_timeout_ms,
        .upload_timeout_ms = config->upload_timeout_ms,
        .ping_ms = config->ping_ms,
        .download_cache_s = config->download_cache_ms / 1000,
        .gzip_level = (int)config->gzip_level,
        .anonymous_rate = (double)config->anonymous_rate,
        .anonymous_burst = (double)config->anonymous_burst,
        .limits_local = config->limits_local,
    };

    p->forwarding = gateway_new(&options);
    return p->forwarding != NULL || complain("memory is out");
}

static bool make_http(program *p, const gateway_config *config)
{
    http_server_options options = {
        .threads = (unsigned)config->threads,
        .connections = (unsigned)config->connections,
        .memory_max = (size_t)config->memory_max,
        .target_max = (size_t)config->target_max,
        .head_max = (size_t)config->head_max,
        .head_timeout_ms = config->head_timeout_ms,
        .idle_timeout_ms = config->idle_timeout_ms,
        .stall_timeout_ms = config->stall_timeout_ms,
        .min_rate = (unsigned)config->min_rate,
    };
    char fault[FAULT_MAX] = "", *cert, *key;
    bool read = read_pair(config->tls_cert, config->tls_key, &cert, &key) && make_forwarding(p, config);

    options.tls_cert = cert;
    options.tls_key = key;
    if (read) {
        options.events = gateway_events(p->forwarding);
        p->http = http_server_new(&options, fault, sizeof fault);
    }
    free(cert);
    free(key);
    return p->http || (read && complain(fault));
}

/* The files of the certificate again; if they are of no use, the one at hand goes on. */
static void reload_certificate(program *p, const gateway_config *config)
{
    char fault[FAULT_MAX] = "its files cannot be read", *cert, *key;

    if (!config->tls_cert)
        return;
    if (read_pair(config->tls_cert, config->tls_key, &cert, &key) &&
        http_server_set_certificate(p->http, cert, key, fault, sizeof fault))
        log_write(LOG_INFO, "the certificate was read again", "file", config->tls_cert, NULL);
    else
        log_write(LOG_ERROR, "the certificate could not be read again", "file", config->tls_cert, "why", fault, NULL);
    free(cert);
    free(key);
}

static void announce(const gateway_config *config, const listen_address *address)
{
    char text[LISTEN_TEXT_MAX];
    const char *scheme = config->tls_cert ? "https" : "http";

    listen_address_text(address, text);
    printf("Smart Pass serves the web console and the REST API on %s://%s\n", scheme, text);
    fflush(stdout);
    if (config->ready_fd >= 0)
        dprintf((int)config->ready_fd, "ready port=%u address=%s\n", listen_address_port(address), text);
}

/* A machine without IPv6 does without the second address of localhost; a port of 0 is chosen once for both. */
static bool listen_all(program *p, const gateway_config *config)
{
    listen_address addresses[LISTEN_ADDRESSES_MAX];
    size_t count, open = 0;
    unsigned port = 0;
    char fault[FAULT_MAX];
    const char *wrong = listen_addresses_parse(config->listen, addresses, &count);

    if (wrong)
        return complain(wrong);
    for (size_t i = 0; i < count; i++) {
        if (addresses[i].optional && listen_address_port(&addresses[i]) == 0)
            listen_address_set_port(&addresses[i], port);
        if (http_server_listen(p->http, &addresses[i], fault, sizeof fault)) {
            port = listen_address_port(&addresses[i]);
            open++;
            announce(config, &addresses[i]);
        } else if (!addresses[i].optional || !listen_address_unsupported(&addresses[i])) {
            return complain(fault);
        }
    }
    return open > 0 || complain(fault);
}

static void close_all(program *p)
{
    if (p->http)
        http_server_stop(p->http, STOP_GRACE_MS);
    http_server_free(p->http);
    gateway_free(p->forwarding);
    rpc_client_free(p->client);
    assets_free(p->console);
    openapi_page_free(p->documentation);
    route_table_free(p->routes);
    descriptor_pool_free(p->pool);
}

static int serve(const gateway_config *config, const sigset_t *signals)
{
    program p = {0};
    int number;
    bool running = load_contract(&p, config) && load_console(&p, config) && connect_server(&p, config) &&
                   make_http(&p, config) && listen_all(&p, config);

    if (running) {
        if (config->ready_fd >= 0)
            close((int)config->ready_fd);
        while (sigwait(signals, &number) == 0 && number == SIGHUP)
            reload_certificate(&p, config);
        log_write(LOG_INFO, "stopping", "signal", number == SIGINT ? "SIGINT" : "SIGTERM", NULL);
    }
    close_all(&p);
    return running ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    gateway_config config;
    config_memory *memory = NULL;
    sigset_t signals;
    int outcome;

    switch (gateway_config_load(argc, argv, &config, &memory)) {
    case CONFIG_EXIT_OK:
        return EXIT_SUCCESS;
    case CONFIG_EXIT_ERROR:
        return EXIT_FAILURE;
    case CONFIG_RUN:
        break;
    }
    log_set_level((log_level)log_level_from_name(config.log_level));
    block_signals(&signals);
    raise_descriptor_limit();
    outcome = serve(&config, &signals);
    config_memory_free(memory);
    return outcome;
}
