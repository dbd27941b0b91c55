#include "collisions.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "refusal.h"
#include "scratch.h"

/* Where a name is seen: a header of the server is included by both sources, the others by their own alone. */
typedef enum { SEEN_EVERYWHERE, SEEN_BY_SERVER, SEEN_BY_CLIENT } sight;

typedef struct {
    const char *text;
    const char *owner; /* "ShopService.GetArticle" */
    const file *file;
    source_place place;
    sight sight;
    size_t order;
} name;

typedef struct {
    name *entries;
    size_t count;
    name current; /* what all names of one owner share */
} name_list;

static void add(name_list *list, sight where, const char *text)
{
    name *entry = &list->entries[list->count];

    *entry = list->current;
    entry->text = text;
    entry->sight = where;
    entry->order = list->count++;
}

static const char *const service_headers[] = {"service_table", "method", "service", "service_register"};
static const char *const service_sources[] = {"limits", "methods", "implements", "unary", "stream"};
static const char *const stream_headers[] = {"stream", "events", "raw",   "call",   "context", "set_context",
                                             "write",  "finish", "pause", "resume", "hold",    "release"};
static const char *const stream_sources[] = {"handlers",    "on_open",   "on_message", "on_half_close",
                                             "on_writable", "on_cancel", "on_done",    "thunks"};
static const char *const stream_clients[] = {"client",      "client_open",   "client_write", "client_half_close",
                                             "client_read", "client_cancel", "client_finish"};
static const char *const async_clients[] = {"async",        "async_events",  "async_start",      "async_context",
                                            "async_write",  "async_pause",   "async_resume",     "async_half_close",
                                            "async_cancel", "async_release", "async_on_message", "async_on_writable",
                                            "async_on_done"};

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum {
    NAMES_PER_SERVICE = COUNT(service_headers) + COUNT(service_sources),
    NAMES_PER_METHOD = 2 + COUNT(stream_headers) + COUNT(stream_sources) + COUNT(stream_clients) + COUNT(async_clients),
};

static void add_all(name_list *list, sight where, const char *prefix, const char *const *suffixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(list, where, scratch_printf("%s_%s", prefix, suffixes[i]));
}

static void add_method(name_list *list, const service *s, const method *m)
{
    list->current.owner = scratch_printf("%s.%s", s->name, m->name);
    list->current.place = m->place;
    add(list, SEEN_EVERYWHERE, m->index);
    add(list, SEEN_BY_CLIENT, m->prefix);
    add_all(list, SEEN_BY_CLIENT, m->prefix, async_clients, COUNT(async_clients));
    if (!method_streams(m))
        return;
    add_all(list, SEEN_EVERYWHERE, m->prefix, stream_headers, COUNT(stream_headers));
    add_all(list, SEEN_BY_SERVER, m->prefix, stream_sources, COUNT(stream_sources));
    add_all(list, SEEN_BY_CLIENT, m->prefix, stream_clients, COUNT(stream_clients));
}

static void add_service(name_list *list, const service *s)
{
    list->current = (name){.owner = s->name, .file = s->file, .place = s->place};
    add_all(list, SEEN_EVERYWHERE, s->prefix, service_headers, COUNT(service_headers));
    add_all(list, SEEN_BY_SERVER, s->prefix, service_sources, COUNT(service_sources));
    for (size_t i = 0; i < s->method_count; i++)
        add_method(list, s, &s->methods[i]);
}

static int by_text(const void *a, const void *b)
{
    const name *left = a;
    const name *right = b;
    int order = strcmp(left->text, right->text);

    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static bool meet(const name *a, const name *b)
{
    return strcmp(a->text, b->text) == 0 &&
           (a->sight == b->sight || a->sight == SEEN_EVERYWHERE || b->sight == SEEN_EVERYWHERE);
}

/* Names of two owners whose every name collides would fill the screen: one line for each pair. */
static void check_sorted(const name_list *list, FILE *refusals)
{
    const char *told_left = NULL, *told_right = NULL;

    for (size_t i = 1; i < list->count; i++) {
        const name *first = &list->entries[i - 1];
        const name *second = &list->entries[i];

        if (!meet(first, second) || (first->owner == told_left && second->owner == told_right))
            continue;
        refuse(refusals, second->file, second->place, "%s: the name %s is taken by %s of %s", second->owner,
               second->text, first->owner, first->file->name);
        told_left = first->owner;
        told_right = second->owner;
    }
}

void collisions_check(const contract *c, FILE *refusals)
{
    name_list list = {0};
    size_t room = 0;

    for (size_t i = 0; i < c->file_count; i++)
        for (size_t n = 0; n < c->files[i].service_count; n++)
            room += NAMES_PER_SERVICE + c->files[i].services[n].method_count * NAMES_PER_METHOD;
    list.entries = SCRATCH_ARRAY(room, name);

    for (size_t i = 0; i < c->file_count; i++)
        for (size_t n = 0; n < c->files[i].service_count; n++)
            add_service(&list, &c->files[i].services[n]);
    if (list.count == 0)
        return;
    qsort(list.entries, list.count, sizeof *list.entries, by_text);
    check_sorted(&list, refusals);
}
