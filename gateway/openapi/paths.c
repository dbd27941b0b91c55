#include "paths.h"

#include <ctype.h>

const char *variable_name(document *d, const route_variable *variable)
{
    const char *name = "";

    for (size_t i = 0; i < variable->depth; i++)
        name = text_of(d, "%s%s%s", name, i ? "." : "", variable->field[i]->json_name);
    return name;
}

/* ---- Names for the parts of a path ---- */

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t tail = strlen(end);

    return length > tail && strncmp(text + length - tail, end, tail) == 0;
}

/* One of what an English plural names: what stands under "people" is a person. */
static const char *singular(document *d, const char *plural, size_t length)
{
    static const char *const irregular[][2] = {{"people", "person"}, {"children", "child"}, {"data", "item"}};

    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
        if (strlen(irregular[i][0]) == length && strncmp(irregular[i][0], plural, length) == 0)
            return irregular[i][1];
    if (ends_with(plural, length, "ies"))
        return text_of(d, "%.*sy", (int)length - 3, plural);
    if (ends_with(plural, length, "lves"))
        return text_of(d, "%.*sf", (int)length - 3, plural);
    if (ends_with(plural, length, "sses") || ends_with(plural, length, "xes") || ends_with(plural, length, "ches") ||
        ends_with(plural, length, "shes"))
        return text_of(d, "%.*s", (int)length - 2, plural);
    if (ends_with(plural, length, "s") && !ends_with(plural, length, "ss"))
        return text_of(d, "%.*s", (int)length - 1, plural);
    return text_of(d, "%.*s", (int)length, plural);
}

static bool is_version(const template_segment *segment)
{
    return segment->length > 1 && segment->text[0] == 'v' && isdigit((unsigned char)segment->text[1]);
}

/* From the literal before it, as far as that is a word. */
static const char *name_after(document *d, const path_template *path, size_t segment)
{
    const template_segment *before = segment > 0 ? &path->segments[segment - 1] : NULL;

    if (!before || before->kind != SEGMENT_LITERAL || is_version(before))
        return "part";
    for (size_t i = 0; i < before->length; i++)
        if (!isalnum((unsigned char)before->text[i]) && !strchr("_-", before->text[i]))
            return "part";
    return singular(d, before->text, before->length);
}

static bool is_taken(const path_part *parts, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].name && strcmp(parts[i].name, name) == 0)
            return true;
    return false;
}

static const route_variable *variable_at(const route *from, size_t segment)
{
    for (size_t i = 0; i < from->path.variable_count; i++) {
        const route_variable *variable = &from->variables[i];

        if (segment >= variable->first && segment < variable->first + variable->count)
            return variable;
    }
    return NULL;
}

static const char *name_part(document *d, const route *from, const path_part *parts, size_t segment)
{
    const route_variable *variable = parts[segment].variable;
    const char *base, *name;

    base = variable && variable->count == 1 && !variable->several ? variable_name(d, variable)
                                                                  : name_after(d, &from->path, segment);
    name = base;
    for (unsigned again = 2; !d->failed && is_taken(parts, segment, name); again++)
        name = text_of(d, "%s%u", base, again);
    return name;
}

static path_part *parts_of(document *d, const route *from)
{
    const path_template *path = &from->path;
    path_part *parts = arena_array(d->memory, path->segment_count, sizeof *parts);

    for (size_t i = 0; parts && i < path->segment_count; i++) {
        if (path->segments[i].kind == SEGMENT_LITERAL)
            continue;
        parts[i].variable = variable_at(from, i);
        parts[i].several = path->segments[i].kind == SEGMENT_REST;
        parts[i].name = name_part(d, from, parts, i);
    }
    d->failed |= !parts;
    return parts;
}

/* ---- Paths ---- */

static const char *path_text(document *d, const route *from, const path_part *parts, size_t first, size_t count)
{
    const char *text = "";

    for (size_t i = first; i < first + count; i++) {
        const template_segment *segment = &from->path.segments[i];
        const char *slash = i > first ? "/" : "";

        if (segment->kind == SEGMENT_LITERAL)
            text = text_of(d, "%s%s%.*s", text, slash, (int)segment->length, segment->text);
        else
            text = text_of(d, "%s%s{%s}", text, slash, parts ? parts[i].name : "");
    }
    return text;
}

static const char *whole_path(document *d, const route *from, const path_part *parts)
{
    const char *text = path_text(d, from, parts, 0, from->path.segment_count);

    return text_of(d, "/%s%s%s", text, *from->verb ? ":" : "", from->verb);
}

const char *path_of_variable(document *d, const binding *b, const route_variable *variable)
{
    return path_text(d, b->route, b->parts, variable->first, variable->count);
}

static path_item *find_or_add(document *d, const char *shape, const char *path)
{
    path_item *found = d->paths;

    while (found && strcmp(found->shape, shape) != 0)
        found = found->next;
    if (found)
        return found;
    found = arena_alloc(d->memory, sizeof *found);
    if (!found)
        return NULL;
    found->shape = shape;
    found->path = path;
    *(d->last_path ? &d->last_path->next : &d->paths) = found;
    d->last_path = found;
    return found;
}

/* Methods that a path of OpenAPI 3.1 has a place for, each once. */
static bool has_place(const path_item *item, const char *http_method)
{
    static const char *const known[] = {"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"};
    bool is_known = false;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known |= strcmp(known[i], http_method) == 0;
    for (const binding *b = item->first; b; b = b->next)
        if (strcmp(b->route->http_method, http_method) == 0)
            return false;
    return is_known;
}

/* The first route of a path names the parts for all. */
static void take_names(const path_item *item, binding *added)
{
    for (size_t i = 0; item->first && i < added->route->path.segment_count; i++)
        if (added->parts[i].name)
            added->parts[i].name = item->first->parts[i].name;
}

static void add_binding(document *d, const route *from, unsigned number)
{
    binding *added = arena_alloc(d->memory, sizeof *added);
    path_part *parts = parts_of(d, from);
    const char *path = whole_path(d, from, parts), *shape = whole_path(d, from, NULL);
    path_item *item = find_or_add(d, shape, path);

    if (!added || !parts || !item) {
        d->failed = true;
        return;
    }
    *added = (binding){NULL, from, number, parts, !has_place(item, from->http_method)};
    take_names(item, added);
    *(item->last ? &item->last->next : &item->first) = added;
    item->last = added;
}

void paths_collect(document *d)
{
    const method_type *method = NULL;
    unsigned number = 0;

    for (const route *from = route_table_first(d->routes); from; from = from->following) {
        number = from->method == method ? number + 1 : 1;
        method = from->method;
        add_binding(d, from, number);
    }
}
