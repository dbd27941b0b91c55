/* What can be set about the server. */
#pragma once

#include "config.h"

typedef struct {
    const char *data;       /* never NULL: the folder of everything that is kept */
    const char *listen;     /* terminals and SDK clients */
    const char *rpc_socket; /* gateways; never NULL */
    const char *gateways;   /* fingerprints of certificates of gateways on other machines; NULL: none */
    const char *tls_names;  /* further names of the server's certificate, separated by commas; NULL: none */
    const char *log_level;
    const char *database_url;         /* NULL: a private cluster */
    int64_t database_port;            /* of the private cluster; names its socket */
    const char *database_user;        /* as root: whom the private cluster runs as; NULL: found */
    const char *database_binaries;    /* NULL: looked for */
    int64_t database_connections;     /* for handlers */
    const char *enterprise_name;      /* of the first start */
    const char *enterprise_time_zone; /* NULL: this machine's */
    const char *default_password;     /* "manual" or "random" */
    const char *reset_password;       /* "random" or "123456" */
    const char *identity_authorities; /* PEM file, for the identity provider; NULL: the system's alone */
    int64_t session_idle_ms, session_total_ms;
    int64_t keep_rejected_ms, keep_alarms_ms, keep_device_logs_ms;
    int64_t workers;            /* threads for calls */
    int64_t worker_processes;   /* that look at pictures */
    const char *worker_weights; /* NULL: where the build put them */
    const char *package_keys;   /* folder; never NULL */
    int64_t node;               /* 0–1023, different for each server of an installation */
    int64_t drain_ms;           /* for running calls when the server stops */
    int64_t ready_fd;           /* -1: nobody waits */
} server_config;

/* One of the maintenance commands, or serving. */
typedef enum { COMMAND_SERVE, COMMAND_ADD_USER, COMMAND_ADD_ENTERPRISE } server_command;

typedef struct {
    server_config server;
    server_command command;
    const char *username;
    int64_t enterprise; /* id; 0: the oldest */
    const char *name;
    bool password_stdin;
    char data_room[4096], socket_room[4096], keys_room[4096]; /* of texts that were put together */
} server_invocation;

/* Reads everything that says how to run. CONFIG_EXIT_OK or CONFIG_EXIT_ERROR when there is nothing to run, and all is
 * said. Texts belong to ret_memory and to the invocation, which must not move. */
config_outcome server_config_load(int argc, char **argv, server_invocation *ret_invocation, config_memory **ret_memory);
