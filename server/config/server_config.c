#include "server_config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "log.h"

enum { SERVER_ITEMS = 28, COMMAND_ITEMS = 4, TEXT_MAX = 4096, ADDRESS_MAX = 255 };

#define IN(member) offsetof(server_invocation, server.member)

static const config_item ITEMS[SERVER_ITEMS + COMMAND_ITEMS] = {
    {"data", CONFIG_PATH, IN(data), NULL, 1, TEXT_MAX, "Folder of everything that is kept.", false},
    {"listen", CONFIG_TEXT, IN(listen), "0.0.0.0:7788", 1, ADDRESS_MAX,
     "Where terminals and SDK clients connect (TLS).", false},
    {"rpc_socket", CONFIG_PATH, IN(rpc_socket), NULL, 1, 107, "Unix socket of gateways; rpc.sock in the data folder.",
     false},
    {"gateways", CONFIG_TEXT, IN(gateways), NULL, 1, TEXT_MAX,
     "SHA-256 fingerprints of certificates, with commas: gateways on other machines that show them are believed.",
     false},
    {"tls.names", CONFIG_TEXT, IN(tls_names), NULL, 1, TEXT_MAX,
     "Further names of the server's certificate, separated by commas.", false},
    {"log.level", CONFIG_TEXT, IN(log_level), "info", 1, 16, "debug, info, warning or error.", false},
    {"database.url", CONFIG_TEXT, IN(database_url), NULL, 1, TEXT_MAX,
     "PostgreSQL 15 or later; without it the server runs a cluster of its own.", true},
    {"database.port", CONFIG_INT, IN(database_port), "3306", 3000, 3999,
     "Names the socket of the own cluster; nothing listens on the network.", false},
    {"database.user", CONFIG_TEXT, IN(database_user), NULL, 1, 32,
     "As root: whom the own cluster runs as; smartpass, else postgres.", false},
    {"database.binaries", CONFIG_PATH, IN(database_binaries), NULL, 1, TEXT_MAX,
     "Folder of initdb and postgres, when they are not found.", false},
    {"database.connections", CONFIG_INT, IN(database_connections), "16", 2, 60, "Connections for calls.", false},
    {"enterprise.name", CONFIG_TEXT, IN(enterprise_name), "Smart Pass", 1, 96,
     "Name of the enterprise that the first start makes.", false},
    {"enterprise.time_zone", CONFIG_TEXT, IN(enterprise_time_zone), NULL, 1, 64,
     "Its time zone (IANA); this machine's.", false},
    {"session.default_password", CONFIG_TEXT, IN(default_password), "manual", 1, 16,
     "First password of admin: manual (123456, from this machine alone) or random (printed once).", false},
    {"reset_password", CONFIG_TEXT, IN(reset_password), "random", 1, 16,
     "What an administrator's reset gives a user: random (once, for 24 hours) or 123456 (for an hour).", false},
    {"identity.authorities", CONFIG_PATH, IN(identity_authorities), NULL, 1, TEXT_MAX,
     "PEM file of authorities that the identity provider's certificate may come from, besides the system's.", false},
    {"session.idle", CONFIG_DURATION, IN(session_idle_ms), "30min", 60000, 86400000,
     "A session that nobody used for so long is over.", false},
    {"session.total", CONFIG_DURATION, IN(session_total_ms), "12h", 60000, 604800000, "The longest life of a session.",
     false},
    {"keep.rejected", CONFIG_DURATION, IN(keep_rejected_ms), "90d", 86400000, INT64_C(315360000000),
     "How long records that the database refused are kept as they came.", false},
    {"keep.alarms", CONFIG_DURATION, IN(keep_alarms_ms), "365d", 86400000, INT64_C(315360000000),
     "How long alarms are kept.", false},
    {"keep.device_logs", CONFIG_DURATION, IN(keep_device_logs_ms), "90d", 86400000, INT64_C(315360000000),
     "How long what terminals tell of their own doings is kept.", false},
    {"workers", CONFIG_INT, IN(workers), "16", 1, 256, "Threads that serve calls.", false},
    {"worker.processes", CONFIG_INT, IN(worker_processes), "2", 1, 32, "Sandboxed processes that look at pictures.",
     false},
    {"worker.weights", CONFIG_PATH, IN(worker_weights), NULL, 1, TEXT_MAX, "The face engine's weights.", false},
    {"package_keys", CONFIG_PATH, IN(package_keys), NULL, 1, TEXT_MAX,
     "Folder of the public keys (*.pem, Ed25519) that may sign terminals' software; package-keys in the data folder.",
     false},
    {"node", CONFIG_INT, IN(node), "0", 0, 1023, "Number of this server among those of one installation.", false},
    {"drain", CONFIG_DURATION, IN(drain_ms), "2s", 0, 60000, "How long running calls may take when the server stops.",
     false},
    {"ready_fd", CONFIG_INT, IN(ready_fd), "-1", -1, 1024, "File descriptor that gets a line once the server serves.",
     false},
    /* of the commands */
    {"username", CONFIG_TEXT, offsetof(server_invocation, username), NULL, 1, 64, "add-user: the name of the account.",
     false},
    {"enterprise", CONFIG_INT, offsetof(server_invocation, enterprise), "0", 0, INT64_MAX,
     "add-user: id of its enterprise; 0: the oldest.", false},
    {"password_stdin", CONFIG_BOOL, offsetof(server_invocation, password_stdin), NULL, 0, 0,
     "add-user: the password is the first line of standard input.", false},
    {"name", CONFIG_TEXT, offsetof(server_invocation, name), NULL, 1, 96, "add-enterprise: its name.", false},
};

/* Where things lie when nobody says so; NULL when nothing tells. */
static const char *data_folder_default(char room[TEXT_MAX])
{
    const char *home = getenv("HOME"), *share = getenv("XDG_DATA_HOME");

    if (geteuid() == 0)
        return "/var/lib/smartpass";
    if (share && *share == '/')
        snprintf(room, TEXT_MAX, "%s/smartpass", share);
    else if (home && *home == '/')
        snprintf(room, TEXT_MAX, "%s/.local/share/smartpass", home);
    else
        return NULL;
    return room;
}

static config_outcome complain(const char *what)
{
    fprintf(stderr, "smartpass-server: %s\n", what);
    return CONFIG_EXIT_ERROR;
}

static config_outcome complete(server_invocation *invocation)
{
    server_config *config = &invocation->server;

    if (!config->data)
        config->data = data_folder_default(invocation->data_room);
    if (!config->data)
        return complain("no data folder: set --data");
    if (config->data[0] != '/') {
        char here[TEXT_MAX];
        int n = getcwd(here, sizeof here) ? snprintf(invocation->data_room, TEXT_MAX, "%s/%s", here, config->data) : -1;

        if (n < 0 || n >= TEXT_MAX)
            return complain("the path of the data folder is too long");
        config->data = invocation->data_room;
    }
    if (!config->rpc_socket) {
        snprintf(invocation->socket_room, TEXT_MAX, "%.*s/rpc.sock", TEXT_MAX - 16, config->data);
        config->rpc_socket = invocation->socket_room;
    }
    if (!config->package_keys) {
        snprintf(invocation->keys_room, TEXT_MAX, "%.*s/package-keys", TEXT_MAX - 16, config->data);
        config->package_keys = invocation->keys_room;
    }
    if (strlen(config->rpc_socket) > 107)
        return complain("the path of the socket is too long: set --rpc-socket");
    if (log_level_from_name(config->log_level) < 0)
        return complain("log.level is debug, info, warning or error");
    if (config->gateways && !fingerprint_list_is_legal(config->gateways))
        return complain("gateways are SHA-256 fingerprints, 64 hex digits each, with commas");
    if (strcmp(config->default_password, "manual") != 0 && strcmp(config->default_password, "random") != 0)
        return complain("session.default_password is manual or random");
    if (strcmp(config->reset_password, "random") != 0 && strcmp(config->reset_password, "123456") != 0)
        return complain("reset_password is random or 123456");
    return CONFIG_RUN;
}

static config_outcome command_read(const config_loaded *loaded, server_invocation *invocation)
{
    const char *word = loaded->argument_count > 0 ? loaded->arguments[0] : "serve";

    if (loaded->argument_count > 1)
        return complain("one command at a time");
    if (strcmp(word, "serve") == 0) {
        invocation->command = COMMAND_SERVE;
    } else if (strcmp(word, "add-user") == 0) {
        invocation->command = COMMAND_ADD_USER;
        if (!invocation->username || !invocation->password_stdin)
            return complain("add-user needs --username NAME and --password-stdin");
    } else if (strcmp(word, "add-enterprise") == 0) {
        invocation->command = COMMAND_ADD_ENTERPRISE;
        if (!invocation->name)
            return complain("add-enterprise needs --name NAME");
    } else {
        return complain("the commands are serve, add-user and add-enterprise");
    }
    return CONFIG_RUN;
}

config_outcome server_config_load(int argc, char **argv, server_invocation *ret_invocation, config_memory **ret_memory)
{
    const config_schema schema = {
        .program = "smartpass-server",
        .version = SMARTPASS_VERSION,
        .summary = "Serves terminals, SDK clients and gateways.",
        .arguments = "[serve | add-user | add-enterprise]",
        .environment_prefix = "SMARTPASS_",
        .file = "/etc/smartpass/server.conf",
        .items = ITEMS,
        .count = SERVER_ITEMS + COMMAND_ITEMS,
    };
    config_loaded loaded;
    config_outcome outcome = config_load(&schema, NULL, argc, argv, ret_invocation, &loaded);

    if (outcome != CONFIG_RUN)
        return outcome;
    outcome = command_read(&loaded, ret_invocation);
    if (outcome == CONFIG_RUN)
        outcome = complete(ret_invocation);
    if (outcome == CONFIG_RUN)
        *ret_memory = loaded.memory;
    else
        config_memory_free(loaded.memory);
    return outcome;
}
