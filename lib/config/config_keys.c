#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "config_parts.h"

void config_flag_name(const char *key, char ret_name[CONFIG_NAME_MAX])
{
    snprintf(ret_name, CONFIG_NAME_MAX, "--%s", key);
    for (char *c = ret_name; *c; c++)
        if (*c == '.' || *c == '_')
            *c = '-';
}

void config_variable_name(const char *prefix, const char *key, char ret_name[CONFIG_NAME_MAX])
{
    snprintf(ret_name, CONFIG_NAME_MAX, "%s%s", prefix, key);
    for (char *c = ret_name; *c; c++)
        *c = *c == '.' || *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

const char *config_variable(const config_loading *loading, const char *key)
{
    char name[CONFIG_NAME_MAX];
    size_t length;

    config_variable_name(loading->schema->environment_prefix, key, name);
    length = strlen(name);
    for (char **entry = loading->around->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return (*entry)[length + 1] ? *entry + length + 1 : NULL;
    return NULL;
}

const config_item *config_find(const config_schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->count; i++)
        if (strcmp(schema->items[i].key, key) == 0)
            return &schema->items[i];
    return NULL;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to add, remove or change between the two; words too long to be a slip of the finger are far apart. */
static size_t spelling_distance(const char *a, const char *b)
{
    size_t row[CONFIG_NAME_MAX];
    size_t length = strlen(b);

    if (length >= CONFIG_NAME_MAX || strlen(a) >= CONFIG_NAME_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            row[j] = smaller(change, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

const config_item *config_nearest(const config_schema *schema, const char *key)
{
    size_t nearest = strlen(key) / 3 + 2; /* from here on it is another word, not a slip */
    const config_item *found = NULL;

    for (size_t i = 0; i < schema->count; i++) {
        size_t distance = spelling_distance(key, schema->items[i].key);

        if (distance < nearest) {
            nearest = distance;
            found = &schema->items[i];
        }
    }
    return found;
}
