/* What can be set about the gateway. */
#pragma once

#include "config.h"

typedef struct {
    const char *data;                     /* folder of everything that the server keeps; only to find its socket */
    const char *rpc_socket;               /* of the server */
    const char *server;                   /* gRPC target; never NULL after loading */
    const char *server_ca;                /* PEM files for a server on another machine; NULL: no TLS */
    const char *server_cert, *server_key; /* of this gateway; NULL: it shows none */
    const char *server_name;              /* that the server's certificate must carry; NULL: the target's */
    const char *listen;
    const char *hosts;        /* further names that plain HTTP is asked for by; NULL: none */
    const char *proxies;      /* addresses of reverse proxies; NULL: none */
    const char *cors_origins; /* NULL: none */
    bool cors_credentials;
    int64_t cors_max_age_ms;
    const char *web_root;           /* NULL: the API alone */
    bool web_root_preset;           /* nobody chose the folder: it may be missing */
    const char *tls_cert, *tls_key; /* PEM files; NULL: no HTTPS */
    const char *descriptors;        /* a FileDescriptorSet file; NULL: the contract that the gateway was built with */
    const char *log_level;
    int64_t threads;
    int64_t connections;
    int64_t target_max, head_max;
    int64_t head_timeout_ms, idle_timeout_ms, stall_timeout_ms;
    int64_t min_rate;
    int64_t gzip_level; /* 0: none */
    int64_t anonymous_rate, anonymous_burst;
    bool limits_local;
    int64_t json_max, upload_max, stream_max, memory_max;
    int64_t call_timeout_ms, upload_timeout_ms;
    int64_t ping_ms;
    int64_t download_cache_ms;
    int64_t ready_fd; /* -1: nobody waits */
} gateway_config;

/* Anything but CONFIG_RUN is the process's outcome. Texts belong to ret_memory or live as long as the process. */
config_outcome gateway_config_load(int argc, char **argv, gateway_config *ret_config, config_memory **ret_memory);
