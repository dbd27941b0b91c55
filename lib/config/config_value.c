#include <inttypes.h>
#include <stdlib.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "config_parts.h"
#include "text.h"

static const struct {
    const char *suffix;
    int64_t ms;
} duration_units[] = {
    {"d", INT64_C(86400000)}, {"h", INT64_C(3600000)}, {"min", INT64_C(60000)},
    {"s", INT64_C(1000)},     {"ms", INT64_C(1)},
};

static const struct {
    const char *word;
    bool value;
} bool_words[] = {
    {"true", true}, {"false", false}, {"yes", true}, {"no", false},
    {"on", true},   {"off", false},   {"1", true},   {"0", false},
};

struct config_secret {
    config_secret *next;
    char *text;
};

void config_duration_text(int64_t ms, char *buffer, size_t size)
{
    size_t unit = 0;

    while (ms % duration_units[unit].ms != 0)
        unit++;
    if (ms == 0)
        snprintf(buffer, size, "0");
    else
        snprintf(buffer, size, "%" PRId64 "%s", ms / duration_units[unit].ms, duration_units[unit].suffix);
}

static bool duration_parse(const char *text, int64_t *ret_ms)
{
    size_t digits = strspn(text, "0123456789");
    char number[20];
    int64_t count;

    if (digits == 0 || digits >= sizeof number)
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    if (!int64_parse(number, 0, INT64_MAX, &count))
        return false;
    if (count == 0 && text[digits] == '\0') {
        *ret_ms = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof duration_units / sizeof *duration_units; i++)
        if (strcmp(text + digits, duration_units[i].suffix) == 0)
            return !__builtin_mul_overflow(count, duration_units[i].ms, ret_ms);
    return false;
}

static bool bool_parse(const char *text, bool *ret_value)
{
    for (size_t i = 0; i < sizeof bool_words / sizeof *bool_words; i++)
        if (strcasecmp(text, bool_words[i].word) == 0) {
            *ret_value = bool_words[i].value;
            return true;
        }
    return false;
}

static bool has_range(const config_item *item)
{
    return item->min != 0 || item->max != 0;
}

static bool in_range(const config_item *item, int64_t value)
{
    return !has_range(item) || (value >= item->min && value <= item->max);
}

/* What the item takes, to follow "must be". */
static void describe_allowed(const config_item *item, char *buffer, size_t size)
{
    char min[32], max[32];

    switch (item->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        snprintf(buffer, size, "%s of %" PRId64 " to %" PRId64 " bytes",
                 item->type == CONFIG_PATH ? "a path" : "a text", item->min, item->max);
        break;
    case CONFIG_INT:
        if (has_range(item))
            snprintf(buffer, size, "a whole number from %" PRId64 " to %" PRId64, item->min, item->max);
        else
            snprintf(buffer, size, "a whole number");
        break;
    case CONFIG_BOOL:
        snprintf(buffer, size, "true or false");
        break;
    case CONFIG_DURATION:
        config_duration_text(item->min, min, sizeof min);
        config_duration_text(item->max, max, sizeof max);
        if (has_range(item))
            snprintf(buffer, size, "a duration from %s to %s, such as 250ms, 30s, 5min, 12h or 90d", min, max);
        else
            snprintf(buffer, size, "a duration such as 250ms, 30s, 5min, 12h or 90d");
        break;
    }
}

static void refuse(config_loading *loading, const config_item *item, const char *text, const config_origin *origin)
{
    char allowed[160];

    describe_allowed(item, allowed, sizeof allowed);
    if (item->secret)
        config_fault(loading, origin, "%s must be %s (the value is secret and not shown)", item->key, allowed);
    else
        config_fault(loading, origin, "%s must be %s, not \"%s\"", item->key, allowed, text);
}

/* Noted, to be overwritten before its memory goes back. */
static bool remember_secret(config_memory *memory, char *text)
{
    config_secret *secret = arena_alloc(&memory->strings, sizeof *secret);

    if (!secret)
        return false;
    *secret = (config_secret){memory->secrets, text};
    memory->secrets = secret;
    return true;
}

/* NULL when memory is out. */
static char *own_text(config_loading *loading, const config_item *item, const char *text, const config_origin *origin)
{
    arena *strings = &loading->memory->strings;
    const char *slash = origin->kind == ORIGIN_FILE ? strrchr(origin->name, '/') : NULL;
    char *copy;

    if (item->type == CONFIG_PATH && slash && text[0] != '/' && text[0] != '\0')
        copy = arena_printf(strings, "%.*s/%s", (int)(slash - origin->name), origin->name, text);
    else
        copy = arena_text(strings, text);
    if (copy && item->secret && !remember_secret(loading->memory, copy))
        return NULL;
    return copy;
}

static bool set_text(config_loading *loading, const config_item *item, const char *text, const config_origin *origin)
{
    size_t length = strlen(text);
    char *copy;

    if (length > INT_MAX || !in_range(item, (int64_t)length))
        return false;
    copy = own_text(loading, item, text, origin);
    if (!copy)
        config_fault(loading, origin, "%s: memory is exhausted", item->key);
    else
        *(const char **)((char *)loading->into + item->offset) = copy;
    return true;
}

static bool set_value(config_loading *loading, const config_item *item, const char *text, const config_origin *origin)
{
    void *member = (char *)loading->into + item->offset;
    int64_t number;

    switch (item->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        return set_text(loading, item, text, origin);
    case CONFIG_INT:
        if (!int64_parse(text, INT64_MIN, INT64_MAX, &number) || !in_range(item, number))
            return false;
        *(int64_t *)member = number;
        return true;
    case CONFIG_BOOL:
        return bool_parse(text, member);
    case CONFIG_DURATION:
        if (!duration_parse(text, &number) || !in_range(item, number))
            return false;
        *(int64_t *)member = number;
        return true;
    }
    return false;
}

void config_set(config_loading *loading, const config_item *item, const char *text, const config_origin *origin)
{
    if (set_value(loading, item, text, origin))
        loading->origins[item - loading->schema->items] = *origin;
    else
        refuse(loading, item, text, origin);
}

bool config_get_text(const config_loading *loading, const config_item *item, char *buffer, size_t size,
                     const char **ret_text)
{
    const void *member = (const char *)loading->into + item->offset;

    if (loading->origins[item - loading->schema->items].kind == ORIGIN_NONE)
        return false;
    *ret_text = buffer;
    switch (item->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        *ret_text = *(const char *const *)member;
        break;
    case CONFIG_INT:
        snprintf(buffer, size, "%" PRId64, *(const int64_t *)member);
        break;
    case CONFIG_BOOL:
        snprintf(buffer, size, "%s", *(const bool *)member ? "true" : "false");
        break;
    case CONFIG_DURATION:
        config_duration_text(*(const int64_t *)member, buffer, size);
        break;
    }
    return true;
}

void config_memory_free(config_memory *memory)
{
    if (!memory)
        return;
    for (config_secret *secret = memory->secrets; secret; secret = secret->next)
        explicit_bzero(secret->text, strlen(secret->text));
    arena_done(&memory->strings);
    free(memory);
}
