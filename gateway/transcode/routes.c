/* The way from a URL to a route: a walk down a tree of path segments. */
#include "routes.h"

#include <string.h>

#include "route_table.h"

typedef struct {
    const char *http_method; /* NULL: any, to learn which there are */
    const char *verb;
    size_t verb_length;
    route_capture segments[ROUTE_SEGMENTS_MAX];
    size_t count;
    bool more;       /* segments than that */
    const char *end; /* of the path without its verb */
    route_match *match;
} search;

static void allow(route_match *match, const char *http_method)
{
    for (size_t i = 0; i < match->allowed_count; i++)
        if (strcmp(match->allowed[i], http_method) == 0)
            return;
    if (match->allowed_count < ROUTE_METHODS_MAX)
        match->allowed[match->allowed_count++] = http_method;
}

static bool has_verb(const route *candidate, const search *look)
{
    return strlen(candidate->verb) == look->verb_length && memcmp(candidate->verb, look->verb, look->verb_length) == 0;
}

/* With no method to look for it notes what there is and finds nothing. */
static const route *choose(search *look, const route *routes)
{
    const route *any = NULL;

    for (; routes; routes = routes->next) {
        if (!has_verb(routes, look))
            continue;
        if (!look->http_method)
            allow(look->match, routes->http_method);
        else if (strcmp(routes->http_method, look->http_method) == 0)
            return routes;
        else if (strcmp(routes->http_method, "*") == 0)
            any = routes;
    }
    return any;
}

static const route *descend(search *look, const route_node *node, size_t at)
{
    const route_capture *segment = &look->segments[at];
    const route *found;

    if (at == look->count) {
        found = look->more ? NULL : choose(look, node->ends);
        return found ? found : choose(look, node->rest);
    }
    for (const route_node *child = node->literals; child; child = child->next) {
        if (child->length == segment->length && memcmp(child->literal, segment->text, segment->length) == 0) {
            found = descend(look, child, at + 1);
            if (found)
                return found;
            break;
        }
    }
    found = node->any && segment->length > 0 ? descend(look, node->any, at + 1) : NULL;
    return found ? found : choose(look, node->rest);
}

/* "/v1/a" is two segments; a trailing slash makes an empty last one, which only ** takes. Beyond those that a template
 * can have one by one they are not told apart: only ** takes them. False when it is no path. */
static bool split(search *look, const char *path, size_t length)
{
    const char *end = path + length;

    look->end = end;
    look->count = 0;
    look->more = false;
    if (length == 0 || *path != '/')
        return false;
    while (path < end) {
        const char *first = path + 1, *stop = memchr(first, '/', (size_t)(end - first));

        if (look->count == ROUTE_SEGMENTS_MAX) {
            look->more = true;
            return true;
        }
        path = stop ? stop : end;
        look->segments[look->count++] = (route_capture){first, (size_t)(path - first)};
    }
    return true;
}

static void capture(const search *look, const route *found, route_match *match)
{
    for (size_t i = 0; i < found->path.variable_count; i++) {
        const route_variable *variable = &found->variables[i];
        size_t last = variable->first + variable->count - 1;
        const char *from = look->end, *to = look->end;

        if (variable->first < look->count)
            from = look->segments[variable->first].text;
        if (last < look->count && found->path.segments[last].kind != SEGMENT_REST)
            to = look->segments[last].text + look->segments[last].length;
        match->captures[i] = (route_capture){from, (size_t)(to - from)};
    }
}

static bool find(const route_table *table, search *look, const char *path, size_t length)
{
    const route *found = split(look, path, length) ? descend(look, &table->root, 0) : NULL;

    if (!found)
        return false;
    look->match->route = found;
    capture(look, found, look->match);
    return true;
}

/* A colon in the last segment begins a verb only where a route has that verb; else it belongs to the segment. */
static bool find_with_or_without_verb(const route_table *table, const char *http_method, const char *path,
                                      size_t length, route_match *match)
{
    search look = {.http_method = http_method, .match = match};
    const char *slash = memrchr(path, '/', length);
    const char *colon = slash ? memrchr(slash, ':', (size_t)(path + length - slash)) : NULL;

    if (colon) {
        look.verb = colon + 1;
        look.verb_length = (size_t)(path + length - look.verb);
        if (look.verb_length > 0 && find(table, &look, path, (size_t)(colon - path)))
            return true;
    }
    look.verb = "";
    look.verb_length = 0;
    return find(table, &look, path, length);
}

route_outcome route_find(const route_table *table, const char *http_method, const char *path, size_t length,
                         route_match *ret_match)
{
    ret_match->route = NULL;
    ret_match->allowed_count = 0;
    if (find_with_or_without_verb(table, http_method, path, length, ret_match))
        return ROUTE_FOUND;
    find_with_or_without_verb(table, NULL, path, length, ret_match);
    return ret_match->allowed_count ? ROUTE_OTHER_METHOD : ROUTE_NOT_FOUND;
}
