/* The command line of smartpass-agent, taken apart and checked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum { COMMAND_HELP, COMMAND_ENROL, COMMAND_SIM, COMMAND_FLEET } agent_command;

/* Strings are borrowed from argv; NULL: not given. */
typedef struct {
    agent_command command;
    const char *server; /* "host:port" */
    const char *data;   /* folder */
    const char *username;
    const char *password_file; /* NULL or "-": standard input */
    const char *serial;
    const char *name;
    const char *mac;
    const char *fingerprint;

    const char *camera;
    const char *control;
    const char *weights;
    const char *engine; /* "native", "other" or "simulated" */
    int64_t walk_s;     /* seconds between the pictures of the camera's folder; 0: only on command */
    int64_t quota_mb;   /* of pictures in the journal */
    int64_t reserve_mb; /* held back for a disk that others fill */
    int64_t capacity;   /* people */
    int64_t slow_retry_s;
    int64_t stable_s;
    int64_t reset_wait_s;  /* that a reset waits for what is not sent yet */
    int64_t clock_ahead_s; /* how wrong the clock is until the server sets it */

    const char *credentials;
    int64_t fleet;   /* terminals */
    int64_t first;   /* number of the first credentials folder */
    int64_t rate;    /* records a second, of the whole fleet */
    bool flood;      /* as many as the window lets through */
    int64_t batch;   /* records of one message */
    int64_t window;  /* records sent and not acknowledged, of each terminal */
    int64_t seconds; /* to measure */
} agent_options;

/* False: something is wrong with it, and standard error says what. */
bool agent_options_parse(int argc, char **argv, agent_options *ret_options);

extern const char agent_usage[];
