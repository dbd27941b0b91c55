/* The configuration of one program: a table says what there is, config_load fills the program's struct from it.
 *
 * An item "database.url" of a program with the prefix "SMARTPASS_" is set by, the first that exists winning:
 *   the flag --database-url=X or --database-url X; a BOOL also by --name alone and --no-name,
 *   the variable SMARTPASS_DATABASE_URL, unless it is empty,
 *   the key url in the section [database] of the file named by --config, SMARTPASS_CONFIG or the schema,
 *   the preset.
 * Keys are lower-case words joined by '_', after an optional section and a dot.
 *
 * The file: "key = value" lines under "[section]" lines; keys without a section come first. Comments have lines of
 * their own and begin with # or ;. A value in double quotes may contain \" \\ \n \t. Not thread-safe: load before
 * threads start; the loaded struct is then only read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
    CONFIG_TEXT,     /* const char *; min and max are bytes */
    CONFIG_PATH,     /* const char *; as TEXT, and a relative one in the file is relative to the file's folder */
    CONFIG_INT,      /* int64_t */
    CONFIG_BOOL,     /* bool: true, false, yes, no, on, off, 1, 0 */
    CONFIG_DURATION, /* int64_t in milliseconds, as are min and max: 250ms, 30s, 5min, 12h, 90d */
} config_type;

typedef struct {
    const char *key;
    config_type type;
    size_t offset;      /* of the member in the program's struct */
    const char *preset; /* as it would stand in the file; NULL leaves the member NULL, 0 or false */
    int64_t min, max;   /* both 0: no range */
    const char *help;   /* one sentence */
    bool secret;        /* never shown, not in errors either */
} config_item;

typedef struct {
    const char *program;
    const char *version;            /* what --version prints; NULL when there is no such flag */
    const char *summary;            /* one sentence for --help */
    const char *arguments;          /* what may follow the flags, e.g. "COMMAND [ID]"; NULL when nothing may */
    const char *environment_prefix; /* "SMARTPASS_" */
    const char *file;               /* read when no file is named and this one exists; may be NULL */
    const config_item *items;
    size_t count;
} config_schema;

typedef enum {
    CONFIG_RUN,
    CONFIG_EXIT_OK,    /* --help, --version or --print-config was answered */
    CONFIG_EXIT_ERROR, /* every fault found was written to the errors stream */
} config_outcome;

/* Owns the strings of the struct. */
typedef struct config_memory config_memory;

typedef struct {
    config_memory *memory; /* to be freed by the caller when the struct is no longer used */
    char **arguments;      /* those that are not flags, borrowed from argv; ended by NULL and owned by memory */
    int argument_count;
} config_loaded;

/* Where the program stands; tests bring their own. */
typedef struct {
    char **environment; /* NAME=value, ended by NULL */
    FILE *out;
    FILE *errors;
} config_surroundings;

/* Fills the struct at into; surroundings NULL means the process's own. On any outcome but CONFIG_RUN nothing is left
 * to free, and the struct must not be used. */
config_outcome config_load(const config_schema *schema, const config_surroundings *surroundings, int argc, char **argv,
                           void *into, config_loaded *ret_loaded);

/* Overwrites the secrets' copies, then frees. Accepts NULL. */
void config_memory_free(config_memory *memory);
