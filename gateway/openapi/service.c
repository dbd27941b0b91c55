/* Services are the tags of a document, and the first part of an operation's identifier. */
#include "operation.h"

const char *name_of_method(const method_type *method)
{
    return strrchr(method->path, '/') + 1;
}

static size_t service_length(const method_type *method)
{
    return (size_t)(name_of_method(method) - method->path) - 2;
}

static bool same_service(const method_type *one, const method_type *other)
{
    size_t length = service_length(one);

    return length == service_length(other) && memcmp(one->path, other->path, length + 1) == 0;
}

const char *service_of(document *d, const method_type *method)
{
    return text_of(d, "%.*s", (int)service_length(method), method->path + 1);
}

static const char *last_part(const char *dotted)
{
    const char *dot = strrchr(dotted, '.');

    return dot ? dot + 1 : dotted;
}

const char *service_tag(document *d, const method_type *method)
{
    const char *full = service_of(d, method), *name = last_part(full);

    for (const route *other = route_table_first(d->routes); other; other = other->following)
        if (!same_service(other->method, method) && strcmp(last_part(service_of(d, other->method)), name) == 0)
            return full;
    return name;
}

void tags_write(document *d)
{
    const method_type *previous = NULL;

    put_array(d, "tags");
    for (const route *from = route_table_first(d->routes); from; from = from->following) {
        if (previous && same_service(previous, from->method))
            continue;
        previous = from->method;
        json_open_object(d->out);
        put_text(d, "name", service_tag(d, from->method));
        put_text_if(d, "description", note_of(d->notes, service_of(d, from->method))->comment);
        json_close_object(d->out);
    }
    json_close_array(d->out);
}
