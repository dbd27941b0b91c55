#include "http_accept.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* "0.5", "1", "0.123" in thousandths; what is malformed counts as 1. */
static unsigned weight_of(const char *text, size_t length)
{
    unsigned weight = 0, scale = 100;

    if (length == 0 || (text[0] != '0' && text[0] != '1'))
        return 1000;
    if (text[0] == '1')
        return 1000;
    for (size_t i = 2; i < length && scale > 0 && text[i] >= '0' && text[i] <= '9'; i++, scale /= 10)
        weight += (unsigned)(text[i] - '0') * scale;
    return weight;
}

static size_t trimmed(const char **text, size_t length)
{
    while (length > 0 && (**text == ' ' || **text == '\t')) {
        (*text)++;
        length--;
    }
    while (length > 0 && ((*text)[length - 1] == ' ' || (*text)[length - 1] == '\t'))
        length--;
    return length;
}

typedef struct {
    const char *name;
    size_t length;
    unsigned weight;
} preference;

/* The q parameter among those that follow a name. */
static unsigned read_weight(const char *parameters, size_t length)
{
    const char *end = parameters + length;

    while (parameters < end) {
        const char *semicolon = memchr(parameters, ';', (size_t)(end - parameters)),
                   *stop = semicolon ? semicolon : end;
        const char *one = parameters;
        size_t size = trimmed(&one, (size_t)(stop - parameters));

        if (size > 2 && (one[0] == 'q' || one[0] == 'Q') && one[1] == '=')
            return weight_of(one + 2, size - 2);
        parameters = stop + 1;
    }
    return 1000;
}

/* The next of a list with commas; NULL at the end, else where the list goes on. */
static const char *next_preference(const char *list, preference *ret)
{
    size_t length, name;

    list += strspn(list, " \t,");
    if (*list == '\0')
        return NULL;
    length = strcspn(list, ",");
    name = strcspn(list, ";,");
    ret->name = list;
    ret->weight = name < length ? read_weight(list + name + 1, length - name - 1) : 1000;
    ret->length = trimmed(&ret->name, name);
    return list + length;
}

static bool is_name(const preference *one, const char *name, size_t length)
{
    return one->length == length && strncasecmp(one->name, name, length) == 0;
}

/* How exactly a media range fits: 3 the type itself, 2 its family, 1 everything, 0 not at all. */
static unsigned fit(const preference *one, const char *type)
{
    size_t family = strcspn(type, "/");

    if (is_name(one, type, strlen(type)))
        return 3;
    if (one->length == family + 2 && strncasecmp(one->name, type, family + 1) == 0 && one->name[family + 1] == '*')
        return 2;
    return is_name(one, "*/*", 3) ? 1 : 0;
}

unsigned http_accept_type(const char *header, const char *type)
{
    unsigned best_fit = 0, weight = 0;
    preference one;

    if (!header)
        return 1000;
    while ((header = next_preference(header, &one)) != NULL) {
        unsigned its = fit(&one, type);

        if (its > best_fit) {
            best_fit = its;
            weight = one.weight;
        }
    }
    return weight;
}

unsigned http_accept_coding(const char *header, const char *coding)
{
    unsigned others = 0;
    preference one;

    while (header && (header = next_preference(header, &one)) != NULL) {
        if (is_name(&one, coding, strlen(coding)))
            return one.weight;
        if (is_name(&one, "*", 1))
            others = one.weight;
    }
    return others;
}
