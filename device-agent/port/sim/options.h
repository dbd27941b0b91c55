/* The command line of smartpass-agent, taken apart and checked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum { COMMAND_HELP, COMMAND_ENROL, COMMAND_SIM, COMMAND_LAUNCH, COMMAND_FLEET } agent_command;

/* Strings are borrowed from argv; NULL: not given. */
typedef struct {
    agent_command command;
    const char *version; /* of this program; main sets it */
    const char *server;  /* "host:port" */
    const char *data;    /* folder */
    const char *username;
    const char *password_file; /* NULL or "-": standard input */
    const char *serial;
    const char *name;
    const char *mac;
    const char *fingerprint;

    const char *camera;
    const char *control;
    const char *font; /* file, to paint the screen with */
    const char *weights;
    const char *trust;  /* certificates that vouch for receivers of recognitions; NULL: the machine's */
    const char *engine; /* "native", "other" or "simulated" */
    int64_t walk_s;     /* seconds between the pictures of the camera's folder; 0: only on command */
    int64_t quota_mb;   /* of pictures in the journal */
    int64_t reserve_mb; /* held back for a disk that others fill */
    int64_t capacity;   /* people */
    int64_t slow_retry_s;
    int64_t stable_s;
    int64_t trial_s;       /* of a new version: from its start until it must have shown that it works */
    int64_t quiet_s;       /* the same without a network: it has, when it runs for so long */
    bool at_boot;          /* the machine starts, nobody has asked for the program */
    int64_t reset_wait_s;  /* that a reset waits for what is not sent yet */
    int64_t clock_ahead_s; /* how wrong the clock is until the server sets it */

    const char *credentials;
    int64_t fleet;             /* terminals */
    int64_t first;             /* number of the first credentials folder */
    int64_t rate;              /* records a second, of the whole fleet; -1: not given */
    bool flood;                /* as many as the window lets through */
    int64_t batch;             /* records of one message */
    int64_t window;            /* records sent and not acknowledged, of each terminal */
    int64_t seconds;           /* to measure */
    int64_t edits;             /* settings changed at terminals a second, of the whole fleet */
    int64_t outages;           /* terminals that lose the network for a moment, a second */
    int64_t kills;             /* terminals that forget all that is not durable and start again, a second */
    int64_t skew_s;            /* how far a terminal's clock is wrong at most */
    int64_t slow;              /* percent of the terminals whose line is slow */
    int64_t seed;              /* of what happens at random; 0: another each time */
    bool stay;                 /* go on until told to end */
    const char *tell_settings; /* file for the settings of each terminal at the end; NULL: none */
} agent_options;

/* False: something is wrong with it, and standard error says what. */
bool agent_options_parse(int argc, char **argv, agent_options *ret_options);

extern const char agent_usage[];
