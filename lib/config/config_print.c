#include <string.h>

#include "config_parts.h"

static void print_help_item(FILE *out, const config_schema *schema, const config_item *item)
{
    static const char *const kinds[] = {
        [CONFIG_TEXT] = "=TEXT",   [CONFIG_PATH] = "=PATH",         [CONFIG_INT] = "=NUMBER",
        [CONFIG_BOOL] = "[=BOOL]", [CONFIG_DURATION] = "=DURATION",
    };
    char flag[CONFIG_NAME_MAX], variable[CONFIG_NAME_MAX];

    config_flag_name(item->key, flag);
    config_variable_name(schema->environment_prefix, item->key, variable);
    fprintf(out, "  %s%s\n      %s\n      %s", flag, kinds[item->type], item->help, variable);
    if (item->secret)
        fprintf(out, ", better than the flag, which every user of the machine can see");
    if (item->preset)
        fprintf(out, "; preset: %s", item->preset[0] ? item->preset : "empty");
    fprintf(out, "\n");
}

void config_print_help(const config_loading *loading)
{
    const config_schema *schema = loading->schema;
    FILE *out = loading->around->out;

    fprintf(out, "Usage: %s [FLAG]...%s%s\n", schema->program, schema->arguments ? " " : "",
            schema->arguments ? schema->arguments : "");
    if (schema->summary)
        fprintf(out, "%s\n", schema->summary);
    fprintf(out, "\nFlags win over environment variables, these over the file, the file over the presets.\n\n");
    for (size_t i = 0; i < schema->count; i++)
        print_help_item(out, schema, &schema->items[i]);

    fprintf(out, "\n  --config=FILE\n      The INI file; %sCONFIG also names it", schema->environment_prefix);
    if (schema->file)
        fprintf(out, "; preset: %s, if it exists", schema->file);
    fprintf(out, "\n  --print-config\n      Print what would be in force, as a file, and exit.\n");
    if (schema->version)
        fprintf(out, "  --version\n      Print the version and exit.\n");
    fprintf(out, "  --help\n      Print this and exit.\n");
}

static void print_origin(FILE *out, const config_origin *origin)
{
    if (origin->kind == ORIGIN_PRESET)
        fprintf(out, "# preset\n");
    else if (origin->kind == ORIGIN_FILE)
        fprintf(out, "# %s:%d\n", origin->name, origin->line);
    else
        fprintf(out, "# %s\n", origin->name);
}

/* Quoted wherever the reader would otherwise see something else. */
static void print_value(FILE *out, const char *text)
{
    size_t n = strlen(text);
    bool quoted = n == 0 || text[0] == '"' || strchr(" \t\r", text[0]) || strchr(" \t\r", text[n - 1]) ||
                  strchr(text, '\n') || strstr(text, " #") || strstr(text, " ;");

    if (!quoted) {
        fprintf(out, "%s", text);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", out);
        else if (*text == '\t')
            fputs("\\t", out);
        else if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void print_item(const config_loading *loading, const config_item *item, const char *name)
{
    const config_origin *origin = &loading->origins[item - loading->schema->items];
    FILE *out = loading->around->out;
    char buffer[32];
    const char *text;

    if (!config_get_text(loading, item, buffer, sizeof buffer, &text)) {
        fprintf(out, "# not set\n# %s =\n", name);
        return;
    }
    print_origin(out, origin);
    if (item->secret) {
        fprintf(out, "# %s = ******** (set, but secret)\n", name);
        return;
    }
    fprintf(out, "%s = ", name);
    print_value(out, text);
    fprintf(out, "\n");
}

/* The key's section as a slice: length 0 when it has none. */
static size_t section_length(const config_item *item)
{
    const char *dot = strchr(item->key, '.');

    return dot ? (size_t)(dot - item->key) : 0;
}

static bool same_section(const config_item *a, const config_item *b)
{
    size_t n = section_length(a);

    return n == section_length(b) && strncmp(a->key, b->key, n) == 0;
}

static void print_section_of(const config_loading *loading, size_t first)
{
    const config_item *items = loading->schema->items;
    size_t n = section_length(&items[first]);

    if (n > 0)
        fprintf(loading->around->out, "\n[%.*s]\n", (int)n, items[first].key);
    for (size_t i = first; i < loading->schema->count; i++)
        if (same_section(&items[i], &items[first]))
            print_item(loading, &items[i], items[i].key + n + (n > 0));
}

static bool is_first_of_section(const config_schema *schema, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_section(&schema->items[i], &schema->items[index]))
            return false;
    return true;
}

void config_print_effective(const config_loading *loading)
{
    const config_schema *schema = loading->schema;

    fprintf(loading->around->out,
            "# The configuration of %s as it would be in force; above each value, where it comes from.\n",
            schema->program);

    /* Keys without a section can only stand before the first one. */
    for (int sections = 0; sections <= 1; sections++)
        for (size_t i = 0; i < schema->count; i++)
            if ((section_length(&schema->items[i]) > 0) == sections && is_first_of_section(schema, i))
                print_section_of(loading, i);
}
