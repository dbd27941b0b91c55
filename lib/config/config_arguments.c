#include <string.h>

#include "config_parts.h"

typedef struct {
    int argc;
    char **argv;
    int at;            /* the argument being read */
    const char *flag;  /* without what follows '=' */
    const char *value; /* after '=', NULL when there is none */
} argument_reader;

/* What follows '=' or stands in the next argument; NULL when neither exists. */
static const char *take_value(config_loading *loading, argument_reader *reader)
{
    if (reader->value)
        return reader->value;
    if (reader->at + 1 < reader->argc)
        return reader->argv[++reader->at];
    config_fault(loading, NULL, "%s needs a value", reader->flag);
    return NULL;
}

/* The flags every program has; false when this is none of them. */
static bool read_common_flag(config_loading *loading, argument_reader *reader)
{
    if (strcmp(reader->flag, "--config") == 0) {
        loading->file = take_value(loading, reader);
        return true;
    }
    if (strcmp(reader->flag, "--help") == 0 || strcmp(reader->flag, "-h") == 0)
        loading->help = true;
    else if (strcmp(reader->flag, "--print-config") == 0)
        loading->print = true;
    else if (strcmp(reader->flag, "--version") == 0 && loading->schema->version)
        loading->version = true;
    else
        return false;
    if (reader->value)
        config_fault(loading, NULL, "%s takes no value", reader->flag);
    return true;
}

/* --no-NAME of a BOOL. */
static bool denies(const char *flag, const config_item *item, const char *name)
{
    return item->type == CONFIG_BOOL && strncmp(flag, "--no-", 5) == 0 && strcmp(flag + 5, name + 2) == 0;
}

static bool read_item_flag(config_loading *loading, argument_reader *reader)
{
    for (size_t i = 0; i < loading->schema->count; i++) {
        const config_item *item = &loading->schema->items[i];
        char name[CONFIG_NAME_MAX];

        config_flag_name(item->key, name);
        if (strcmp(reader->flag, name) == 0) {
            if (item->type == CONFIG_BOOL)
                loading->flag_texts[i] = reader->value ? reader->value : "true";
            else
                loading->flag_texts[i] = take_value(loading, reader);
            return true;
        }
        if (denies(reader->flag, item, name)) {
            if (reader->value)
                config_fault(loading, NULL, "%s takes no value", reader->flag);
            loading->flag_texts[i] = "false";
            return true;
        }
    }
    return false;
}

static void refuse_flag(config_loading *loading, const char *flag)
{
    const config_item *nearest = flag[1] == '-' ? config_nearest(loading->schema, flag + 2) : NULL;
    char name[CONFIG_NAME_MAX];

    if (!nearest) {
        config_fault(loading, NULL, "%s is no flag; --help lists them", flag);
        return;
    }
    config_flag_name(nearest->key, name);
    config_fault(loading, NULL, "%s is no flag; did you mean %s?", flag, name);
}

static void read_flag(config_loading *loading, argument_reader *reader)
{
    const char *argument = reader->argv[reader->at];
    const char *equals = strchr(argument, '=');

    reader->value = equals ? equals + 1 : NULL;
    reader->flag = argument;
    if (equals)
        reader->flag = arena_copy(&loading->memory->strings, argument, (size_t)(equals - argument));
    if (!reader->flag)
        config_fault(loading, NULL, "memory is exhausted");
    else if (!read_common_flag(loading, reader) && !read_item_flag(loading, reader))
        refuse_flag(loading, reader->flag);
}

void config_read_arguments(config_loading *loading, int argc, char **argv)
{
    argument_reader reader = {.argc = argc, .argv = argv, .at = 1};
    bool flags_ended = false;

    for (; reader.at < argc; reader.at++) {
        char *argument = argv[reader.at];
        bool is_flag = !flags_ended && argument[0] == '-' && argument[1] != '\0';

        if (is_flag && strcmp(argument, "--") == 0)
            flags_ended = true;
        else if (is_flag)
            read_flag(loading, &reader);
        else
            loading->rest[loading->rest_count++] = argument;
    }
    if (loading->rest_count > 0 && !loading->schema->arguments)
        config_fault(loading, NULL, "\"%s\" is one argument too many; --help lists the flags", loading->rest[0]);
}
