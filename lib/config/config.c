#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_parts.h"

enum { CONFIG_MEMORY_MAX = 8 << 20 };

void config_fault(config_loading *loading, const config_origin *origin, const char *format, ...)
{
    FILE *errors = loading->around->errors;
    va_list args;

    fprintf(errors, "%s: ", loading->schema->program);
    if (origin && origin->kind == ORIGIN_FILE && origin->line)
        fprintf(errors, "%s:%d: ", origin->name, origin->line);
    else if (origin && origin->name)
        fprintf(errors, "%s: ", origin->name);
    va_start(args, format);
    vfprintf(errors, format, args);
    va_end(args);
    fputc('\n', errors);
    loading->faults++;
}

static bool loading_begin(config_loading *loading, int argc)
{
    size_t count = loading->schema->count;
    arena *strings;

    loading->memory = calloc(1, sizeof *loading->memory);
    if (!loading->memory)
        return false;
    strings = &loading->memory->strings;
    arena_init(strings, CONFIG_MEMORY_MAX);
    loading->origins = arena_array(strings, count, sizeof *loading->origins);
    loading->flag_texts = arena_array(strings, count, sizeof *loading->flag_texts);
    loading->rest = arena_array(strings, (size_t)argc + 1, sizeof *loading->rest);
    return loading->origins && loading->flag_texts && loading->rest;
}

static void set_presets(config_loading *loading)
{
    static const config_origin preset = {ORIGIN_PRESET, "preset", 0};

    for (size_t i = 0; i < loading->schema->count; i++)
        if (loading->schema->items[i].preset)
            config_set(loading, &loading->schema->items[i], loading->schema->items[i].preset, &preset);
}

/* The origin outlives this call, so its name moves into the arena. */
static void set_named(config_loading *loading, const config_item *item, const char *text, config_origin_kind kind,
                      const char *name)
{
    config_origin origin = {kind, arena_text(&loading->memory->strings, name), 0};

    if (!origin.name)
        config_fault(loading, NULL, "%s: memory is exhausted", name);
    else
        config_set(loading, item, text, &origin);
}

static void set_from_environment(config_loading *loading)
{
    char name[CONFIG_NAME_MAX];

    for (size_t i = 0; i < loading->schema->count; i++) {
        const config_item *item = &loading->schema->items[i];
        const char *text = config_variable(loading, item->key);

        config_variable_name(loading->schema->environment_prefix, item->key, name);
        if (text)
            set_named(loading, item, text, ORIGIN_ENVIRONMENT, name);
    }
}

static void set_from_flags(config_loading *loading)
{
    char name[CONFIG_NAME_MAX];

    for (size_t i = 0; i < loading->schema->count; i++) {
        const config_item *item = &loading->schema->items[i];

        config_flag_name(item->key, name);
        if (loading->flag_texts[i])
            set_named(loading, item, loading->flag_texts[i], ORIGIN_FLAG, name);
    }
}

static config_outcome run(config_loading *loading, int argc, char **argv)
{
    config_read_arguments(loading, argc, argv);
    if (loading->help) {
        config_print_help(loading);
        return CONFIG_EXIT_OK;
    }
    if (loading->version) {
        fprintf(loading->around->out, "%s %s\n", loading->schema->program, loading->schema->version);
        return CONFIG_EXIT_OK;
    }
    if (loading->faults > 0)
        return CONFIG_EXIT_ERROR;

    set_presets(loading);
    config_read_file(loading);
    set_from_environment(loading);
    set_from_flags(loading);
    if (loading->faults > 0)
        return CONFIG_EXIT_ERROR;
    if (loading->print) {
        config_print_effective(loading);
        return CONFIG_EXIT_OK;
    }
    return CONFIG_RUN;
}

config_outcome config_load(const config_schema *schema, const config_surroundings *surroundings, int argc, char **argv,
                           void *into, config_loaded *ret_loaded)
{
    const config_surroundings own = {environ, stdout, stderr};
    config_loading loading = {.schema = schema, .around = surroundings ? surroundings : &own, .into = into};
    config_outcome outcome = CONFIG_EXIT_ERROR;

    if (loading_begin(&loading, argc))
        outcome = run(&loading, argc, argv);
    else
        config_fault(&loading, NULL, "memory is exhausted");
    if (outcome != CONFIG_RUN) {
        config_memory_free(loading.memory);
        return outcome;
    }
    *ret_loaded = (config_loaded){loading.memory, loading.rest, loading.rest_count};
    return CONFIG_RUN;
}
