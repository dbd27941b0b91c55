#include "gateway_config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cors.h"
#include "log.h"

enum { TEXT_MAX = 4096, SOCKET_MAX = 107 };

#define IN(member) offsetof(gateway_config, member)

static const config_item items[] = {
    {"data", CONFIG_PATH, IN(data), NULL, 1, TEXT_MAX, "Folder of the server's data, where its socket is.", false},
    {"rpc_socket", CONFIG_PATH, IN(rpc_socket), NULL, 1, SOCKET_MAX,
     "Unix socket of the server; rpc.sock in the data folder.", false},
    {"gateway.server", CONFIG_TEXT, IN(server), NULL, 1, TEXT_MAX, "gRPC target of the server instead of the socket.",
     false},
    {"gateway.server_ca", CONFIG_PATH, IN(server_ca), NULL, 1, TEXT_MAX,
     "Authority of a server on another machine, PEM: it is spoken to over TLS.", false},
    {"gateway.server_cert", CONFIG_PATH, IN(server_cert), NULL, 1, TEXT_MAX,
     "This gateway's own certificate for the server, PEM.", false},
    {"gateway.server_key", CONFIG_PATH, IN(server_key), NULL, 1, TEXT_MAX, "Its private key, PEM.", false},
    {"gateway.server_name", CONFIG_TEXT, IN(server_name), NULL, 1, 255,
     "Name in the server's certificate, if it is not that of the target.", false},
    {"gateway.descriptors", CONFIG_PATH, IN(descriptors), NULL, 1, TEXT_MAX,
     "Descriptor set of another contract than the one built in.", false},
    {"gateway.json_max", CONFIG_INT, IN(json_max), "1048576", 1024, 64 << 20, "Largest JSON body, in bytes.", false},
    {"gateway.upload_max", CONFIG_INT, IN(upload_max), "16777216", 1024, INT64_C(1) << 40,
     "Largest upload that is put together before it goes on, in bytes.", false},
    {"gateway.stream_max", CONFIG_INT, IN(stream_max), "4296015872", 1024, INT64_C(1) << 40,
     "Largest upload that is passed on part by part, in bytes.", false},
    {"gateway.memory_max", CONFIG_INT, IN(memory_max), "25165824", 1 << 20, INT64_C(1) << 32,
     "What a request, and what its reply, may take in memory while they are transcoded, in bytes.", false},
    {"gateway.call_timeout", CONFIG_DURATION, IN(call_timeout_ms), "30s", 100, 3600000,
     "For calls that are no streams.", false},
    {"gateway.upload_timeout", CONFIG_DURATION, IN(upload_timeout_ms), "1h", 1000, 86400000,
     "For uploads and downloads.", false},
    {"gateway.ping", CONFIG_DURATION, IN(ping_ms), "15s", 100, 600000, "Between two signs of life of an event stream.",
     false},
    {"web.listen", CONFIG_TEXT, IN(listen), "localhost:9000", 1, 1024,
     "Addresses with commas. All but localhost and other loopback addresses need tls.cert and tls.key.", false},
    {"web.hosts", CONFIG_TEXT, IN(hosts), NULL, 1, TEXT_MAX,
     "Further host names, with commas, that a reverse proxy asks for on plain HTTP.", false},
    {"web.proxies", CONFIG_TEXT, IN(proxies), NULL, 1, TEXT_MAX,
     "Addresses of reverse proxies, with commas: their X-Forwarded-For is believed.", false},
    {"cors.origins", CONFIG_TEXT, IN(cors_origins), NULL, 1, TEXT_MAX,
     "Origins whose pages may use the API, with commas, or *. None by default.", false},
    {"cors.credentials", CONFIG_BOOL, IN(cors_credentials), "false", 0, 0,
     "Those pages may send the session's cookie; not with *.", false},
    {"cors.max_age", CONFIG_DURATION, IN(cors_max_age_ms), "10min", 0, 86400000,
     "How long browsers may keep the answer to a preflight.", false},
    {"web.root", CONFIG_PATH, IN(web_root), NULL, 1, TEXT_MAX, "Folder of the web console's build.", false},
    {"web.threads", CONFIG_INT, IN(threads), "1", 1, 64, "Threads of the HTTP server.", false},
    {"web.connections", CONFIG_INT, IN(connections), "4096", 8, 100000,
     "Connections in all; one more takes the place of one that idles.", false},
    {"web.target_max", CONFIG_INT, IN(target_max), "8192", 256, 65536, "Longest path with its query, in bytes.", false},
    {"web.head_max", CONFIG_INT, IN(head_max), "32768", 1024, 1 << 20, "Largest head of a request, in bytes.", false},
    {"web.head_timeout", CONFIG_DURATION, IN(head_timeout_ms), "15s", 100, 600000,
     "In which a client must have sent a request's head.", false},
    {"web.idle_timeout", CONFIG_DURATION, IN(idle_timeout_ms), "75s", 1000, 3600000,
     "After which a connection that waits for its next request is closed.", false},
    {"web.stall_timeout", CONFIG_DURATION, IN(stall_timeout_ms), "30s", 100, 3600000,
     "How far a client may fall behind web.min_rate with a body or an answer.", false},
    {"web.min_rate", CONFIG_INT, IN(min_rate), "1024", 1, 1 << 30, "Bytes a second that are expected of a client.",
     false},
    {"web.gzip", CONFIG_INT, IN(gzip_level), "5", 0, 9, "Level at which JSON is compressed; 0: not at all.", false},
    {"web.anonymous_rate", CONFIG_INT, IN(anonymous_rate), "20", 0, 1000000,
     "Calls a second from one address without credentials, or with wrong ones; 0: no limit.", false},
    {"web.anonymous_burst", CONFIG_INT, IN(anonymous_burst), "100", 1, 1000000, "How many of them at once.", false},
    {"web.limit_local", CONFIG_BOOL, IN(limits_local), "false", 0, 0, "The limit holds for this machine, too.", false},
    {"web.download_cache", CONFIG_DURATION, IN(download_cache_ms), "1h", 0, 31536000000,
     "How long a browser may keep photos.", false},
    {"tls.cert", CONFIG_PATH, IN(tls_cert), NULL, 1, TEXT_MAX, "HTTPS: certificate chain, PEM.", false},
    {"tls.key", CONFIG_PATH, IN(tls_key), NULL, 1, TEXT_MAX, "HTTPS: private key, PEM.", false},
    {"log.level", CONFIG_TEXT, IN(log_level), "info", 1, 16, "debug, info, warning or error.", false},
    {"ready_fd", CONFIG_INT, IN(ready_fd), "-1", -1, 1024, "File descriptor that gets a line once the gateway serves.",
     false},
};

/* Texts that are put together live as long as the process. */
typedef struct {
    char text[PATH_MAX];
} made_text;

/* NULL when it is too long. */
static const char *text_of(made_text *room, const char *before, const char *after)
{
    int size = snprintf(room->text, sizeof room->text, "%s%s", before, after);

    return size >= 0 && (size_t)size < sizeof room->text ? room->text : NULL;
}

/* Where the server keeps its data when nobody says otherwise. */
static const char *data_folder_default(void)
{
    static made_text folder;
    const char *home = getenv("HOME"), *share = getenv("XDG_DATA_HOME");

    if (geteuid() == 0)
        return "/var/lib/smartpass";
    if (share && *share == '/')
        return text_of(&folder, share, "/smartpass");
    return home && *home == '/' ? text_of(&folder, home, "/.local/share/smartpass") : NULL;
}

/* Beside an installed program, else in the tree that it was built from; lives as long as the program. */
static const char *web_root_default(void)
{
    static char folder[PATH_MAX + sizeof "/../share/smartpass/web"];
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    folder[n > 0 ? n : 0] = 0;
    slash = strrchr(folder, '/');
    if (!slash)
        return SMARTPASS_WEB_ROOT;
    strcpy(slash, "/../share/smartpass/web");
    return access(folder, R_OK | X_OK) == 0 ? folder : SMARTPASS_WEB_ROOT;
}

static config_outcome complain(const char *what)
{
    fprintf(stderr, "smartpass-gateway: %s\n", what);
    return CONFIG_EXIT_ERROR;
}

static config_outcome find_server(gateway_config *config)
{
    static made_text socket, server;

    if (config->server)
        return CONFIG_RUN;
    if (!config->data)
        config->data = data_folder_default();
    if (!config->rpc_socket && config->data)
        config->rpc_socket = text_of(&socket, config->data, "/rpc.sock");
    if (!config->rpc_socket)
        return complain("no server: set --data, --rpc-socket or --gateway-server");
    config->server = text_of(&server, "unix:", config->rpc_socket);
    return config->server ? CONFIG_RUN : complain("the path of the server's socket is too long");
}

static config_outcome complete(gateway_config *config)
{
    const cors_rules cors = {.origins = config->cors_origins, .credentials = config->cors_credentials};

    if (log_level_from_name(config->log_level) < 0)
        return complain("log.level is debug, info, warning or error");
    if (!config->tls_cert != !config->tls_key)
        return complain("HTTPS needs both tls.cert and tls.key");
    if (!config->server_cert != !config->server_key || (config->server_cert && !config->server_ca))
        return complain("a certificate for the server needs gateway.server_ca, gateway.server_cert and "
                        "gateway.server_key");
    if (cors_check(&cors))
        return complain(cors_check(&cors));
    if (!config->web_root) {
        config->web_root = web_root_default();
        config->web_root_preset = true;
    }
    return find_server(config);
}

config_outcome gateway_config_load(int argc, char **argv, gateway_config *ret_config, config_memory **ret_memory)
{
    const config_schema schema = {
        .program = "smartpass-gateway",
        .version = SMARTPASS_VERSION,
        .summary = "Serves the web console and the REST API.",
        .environment_prefix = "SMARTPASS_",
        .file = "/etc/smartpass/gateway.conf",
        .items = items,
        .count = sizeof items / sizeof *items,
    };
    config_loaded loaded;
    config_outcome outcome;

    *ret_config = (gateway_config){0};
    outcome = config_load(&schema, NULL, argc, argv, ret_config, &loaded);
    if (outcome != CONFIG_RUN)
        return outcome;
    outcome = complete(ret_config);
    if (outcome == CONFIG_RUN)
        *ret_memory = loaded.memory;
    else
        config_memory_free(loaded.memory);
    return outcome;
}
