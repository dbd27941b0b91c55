/* A small program's configuration, loaded from whatever a test says, with what was printed caught. */
#pragma once

#include "config.h"

typedef struct {
    const char *name;
    const char *url;
    int64_t port;
    bool embedded;
    const char *folder;
    int64_t idle_ms;
    const char *pepper;
    int64_t weight;
} sample;

typedef struct {
    sample config;
    config_loaded loaded;
    char *out;
    char *errors;
} sample_run;

/* Every test has a folder of its own. */
void sample_begin(void);
void sample_end(void);

/* The path of the file that sample_write wrote, in the test's folder. */
extern char sample_path[64];
void sample_write(const char *content);

/* Loads with these arguments (split at blanks) and these variables (likewise); frees what the last load left. */
config_outcome sample_load(const char *arguments, const char *environment);

/* The same with the file of sample_write. */
config_outcome sample_load_file(const char *content);

extern sample_run run;
