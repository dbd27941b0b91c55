/* What the files of this library share; nobody else includes it. */
#pragma once

#include "arena.h"
#include "config.h"

enum { CONFIG_NAME_MAX = 128 }; /* bytes of the longest flag or variable name, the NUL included */

typedef enum { ORIGIN_NONE, ORIGIN_PRESET, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_FLAG } config_origin_kind;

/* Where the text of a value stands, as errors and --print-config name it. */
typedef struct {
    config_origin_kind kind;
    const char *name; /* the file, variable or flag */
    int line;         /* in the file */
} config_origin;

typedef struct config_secret config_secret;

struct config_memory {
    arena strings;
    config_secret *secrets;
};

/* One loading in progress. */
typedef struct {
    const config_schema *schema;
    const config_surroundings *around;
    config_memory *memory;
    void *into;
    config_origin *origins; /* one an item: of the value the struct holds */
    int faults;

    /* What the arguments said. */
    const char **flag_texts; /* one an item, NULL when not given */
    const char *file;
    bool help, version, print;
    char **rest;
    int rest_count;
} config_loading;

/* Writes "program: ORIGIN: ..." and counts the fault; the origin may be NULL. */
void config_fault(config_loading *loading, const config_origin *origin, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- config_keys.c: what a key is called elsewhere ---------------------------------------------------------------- */

/* "database.url" → "--database-url"; "SMARTPASS_" and "database.url" → "SMARTPASS_DATABASE_URL". */
void config_flag_name(const char *key, char ret_name[CONFIG_NAME_MAX]);
void config_variable_name(const char *prefix, const char *key, char ret_name[CONFIG_NAME_MAX]);

/* The value of PREFIX + KEY, NULL when unset or empty. */
const char *config_variable(const config_loading *loading, const char *key);

/* The item of this key, NULL when there is none. */
const config_item *config_find(const config_schema *schema, const char *key);

/* The item whose key is spelled most like this one, NULL when none comes near. */
const config_item *config_nearest(const config_schema *schema, const char *key);

/* --- config_value.c: texts and members ---------------------------------------------------------------------------- */

/* Sets the item's member from the text, or reports a fault and leaves it. */
void config_set(config_loading *loading, const config_item *item, const char *text, const config_origin *origin);

/* The member as it would stand in a file, unquoted; false when it is unset. */
bool config_get_text(const config_loading *loading, const config_item *item, char *buffer, size_t size,
                     const char **ret_text);

/* "30s": the largest unit that leaves no rest. */
void config_duration_text(int64_t ms, char *buffer, size_t size);

/* --- the sources and the answers ---------------------------------------------------------------------------------- */

void config_read_arguments(config_loading *loading, int argc, char **argv);
void config_read_file(config_loading *loading);
void config_print_help(const config_loading *loading);
void config_print_effective(const config_loading *loading);
