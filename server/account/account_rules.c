#include "account_rules.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_SIZE_MOST = 100 };

static const int64_t YEAR_MS = INT64_C(366) * 24 * 60 * 60 * 1000; /* the longest */

static const account_fault FINE = {.reason = NULL};

static account_fault fault(const char *field, const char *sentence)
{
    account_fault f = {.reason = "VALUE_INVALID", .sentence = sentence};

    snprintf(f.field, sizeof f.field, "%s", field);
    return f;
}

static account_fault fault_at(size_t list, const char *field, const char *sentence)
{
    account_fault f = {.reason = "VALUE_INVALID", .sentence = sentence};

    snprintf(f.field, sizeof f.field, "lists[%zu].%s", list, field);
    return f;
}

/* ---- Preferences ------------------------------------------------------------------------------------------------- */

static bool is_one_of(const char *text, const char *a, const char *b)
{
    return *text == '\0' || strcmp(text, a) == 0 || strcmp(text, b) == 0;
}

/* Names that the console itself gives: of its lists and their columns. */
static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

    return *text && text[strspn(text, letters)] == '\0';
}

static bool columns_are_names(const Smartpass__V1__ListColumns *list)
{
    for (size_t i = 0; i < list->n_columns; i++) {
        if (!is_name(list->columns[i]))
            return false;
        for (size_t earlier = 0; earlier < i; earlier++)
            if (strcmp(list->columns[earlier], list->columns[i]) == 0)
                return false;
    }
    return true;
}

static bool is_named_before(const Smartpass__V1__Preferences *preferences, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(preferences->lists[i]->list, preferences->lists[at]->list) == 0)
            return true;
    return false;
}

account_fault preferences_fault(const Smartpass__V1__Preferences *preferences)
{
    if (!is_one_of(preferences->language, "en", "zh"))
        return fault("language", "The console speaks en and zh.");
    if (!is_one_of(preferences->theme, "light", "dark"))
        return fault("theme", "A theme is light or dark.");
    if (!is_one_of(preferences->temperature_unit, "C", "F"))
        return fault("temperature_unit", "A temperature is shown in C or F.");
    for (size_t i = 0; i < preferences->n_lists; i++) {
        const Smartpass__V1__ListColumns *list = preferences->lists[i];

        if (!is_name(list->list) || is_named_before(preferences, i))
            return fault_at(i, "list", "This is no list's name, or it comes twice.");
        if (!columns_are_names(list))
            return fault_at(i, "columns", "One of these is no column's name, or comes twice.");
        if (list->page_size < 0 || list->page_size > PAGE_SIZE_MOST)
            return fault_at(i, "page_size", "A page has 1 to 100 rows.");
    }
    return FINE;
}

/* ---- Second factor ----------------------------------------------------------------------------------------------- */

/* Of a URI (RFC 3986): whatever is not unreserved becomes %XX. */
static char *escaped(arena *a, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, 3 * strlen(text) + 1), *at = out;

    if (!out)
        return NULL;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (strchr("-._~", c) || (c < 0x80 && isalnum(c))) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = digits[c >> 4];
        *at++ = digits[c & 15];
    }
    return out;
}

char *totp_uri(arena *a, const char *username, const char *secret)
{
    char *name = escaped(a, username);

    return name ? arena_printf(a,
                               "otpauth://totp/Smart%%20Pass:%s?secret=%s&issuer=Smart%%20Pass&algorithm=SHA1&digits=6"
                               "&period=30",
                               name, secret)
                : NULL;
}

/* ---- Tokens ------------------------------------------------------------------------------------------------------ */

account_fault token_expiry_fault(int64_t expires_ms, int64_t now_ms)
{
    if (expires_ms <= now_ms)
        return fault("expire_time", "A token ends in the future.");
    if (expires_ms > now_ms + YEAR_MS)
        return fault("expire_time", "A token ends within a year.");
    return FINE;
}
