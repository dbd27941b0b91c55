#include "document.h"

const char *text_or_fail(document *d, const char *text)
{
    d->failed |= !text;
    return text ? text : "";
}

const char *text_of(document *d, const char *format, ...)
{
    const char *text;
    va_list values;

    va_start(values, format);
    text = arena_vprintf(d->memory, format, values);
    va_end(values);
    return text_or_fail(d, text);
}

const char *paragraphs(document *d, const char *one, const char *other)
{
    if (!*one || !*other)
        return *one ? one : other;
    return text_of(d, "%s\n\n%s", one, other);
}
