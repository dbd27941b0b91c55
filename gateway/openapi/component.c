#include "component.h"

#include <stdlib.h>

#include "error_schema.h"
#include "schema_type.h"

static component *find(document *d, const char *full_name)
{
    return (component *)name_table_find(&d->components_by_type, full_name, strlen(full_name));
}

static component *find_or_add(document *d, const char *full_name)
{
    component *found = find(d, full_name);

    if (found)
        return found;
    found = arena_alloc(d->memory, sizeof *found);
    if (!found || !name_table_add(&d->components_by_type, full_name, found)) {
        d->failed = true;
        return NULL;
    }
    found->full_name = full_name;
    found->next = d->components;
    d->components = found;
    return found;
}

void schema_use_message(document *d, const message_type *message, schema_use use)
{
    component *found;

    if (!schema_is_component(message))
        return;
    found = find_or_add(d, message->full_name);
    if (!found || (found->use & use))
        return;
    found->message = message;
    found->use |= use;
    for (size_t i = 0; i < message->count; i++)
        schema_use_field(d, &message->fields[i], use);
}

void schema_use_field(document *d, const field_type *field, schema_use use)
{
    if (field->enumeration && !field->enumeration->null_value) {
        component *found = find_or_add(d, field->enumeration->full_name);

        if (found)
            found->enumeration = field->enumeration;
    } else if (field->map) {
        for (size_t i = 0; i < field->message->count; i++)
            schema_use_field(d, &field->message->fields[i], use);
    } else if (field->message) {
        schema_use_message(d, field->message, use);
    }
}

/* ---- Names ---- */

/* "Shelf" of "library.v1.Shelf". What Google defines keeps its full name, so that it is known for what it is. */
static const char *short_name(document *d, const char *full_name)
{
    const char *package = note_of(d->notes, full_name)->package;
    size_t length = strlen(package);

    if (strncmp(full_name, "google.", 7) == 0 || length == 0)
        return full_name;
    return full_name + length + 1;
}

static int by_name(const void *a, const void *b)
{
    const component *one = *(const component *const *)a, *other = *(const component *const *)b;
    int order = strcmp(one->name, other->name);

    return order ? order : strcmp(one->full_name, other->full_name);
}

static void relink(document *d, component **sorted, size_t count)
{
    d->components = NULL;
    while (count-- > 0) {
        sorted[count]->next = d->components;
        d->components = sorted[count];
    }
}

static void sort_components(document *d, component **sorted, size_t count)
{
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, by_name);
    relink(d, sorted, count);
}

/* Short names that several types would share are given up by all of them. */
static void part_namesakes(component **sorted, size_t count)
{
    for (size_t first = 0, next; first < count; first = next) {
        const char *name = sorted[first]->name;
        bool taken = error_schema_has(name);

        for (next = first + 1; next < count && strcmp(sorted[next]->name, name) == 0; next++)
            taken = true;
        for (size_t i = first; i < next && taken; i++)
            sorted[i]->name = sorted[i]->full_name;
    }
}

void schema_name_components(document *d)
{
    component **sorted;
    size_t count = 0;

    for (component *c = d->components; c; c = c->next)
        count++;
    sorted = arena_array(d->memory, count, sizeof *sorted);
    if (!sorted) {
        d->failed = true;
        return;
    }
    count = 0;
    for (component *c = d->components; c; c = c->next) {
        c->name = short_name(d, c->full_name);
        sorted[count++] = c;
    }
    sort_components(d, sorted, count);
    part_namesakes(sorted, count);
    sort_components(d, sorted, count);
}

const char *schema_name(document *d, const char *full_name)
{
    const component *found = find(d, full_name);

    return found && found->name ? found->name : full_name;
}

/* ---- Writing them ---- */

static void write_message(document *d, const component *from)
{
    const contract_note *note = note_of(d->notes, from->full_name);

    json_open_object(d->out);
    put_text(d, "type", "object");
    put_text_if(d, "description", note->comment);
    put_true_if(d, "deprecated", note->deprecated);
    schema_put_members(d, from->message, from->use == USED_IN_ANSWER);
    json_close_object(d->out);
}

/* The enum's own words, then a list of those values that have some. */
static const char *enum_text(document *d, const enum_type *type, const contract_note *note)
{
    const char *list = "";

    for (size_t i = 0; i < type->count && note->members; i++)
        if (*note->members[i].comment)
            list =
                text_of(d, "%s%s- `%s`: %s", list, *list ? "\n" : "", type->values[i].name, note->members[i].comment);
    return paragraphs(d, note->comment, list);
}

static void write_enum(document *d, const component *from)
{
    const contract_note *note = note_of(d->notes, from->full_name);
    const enum_type *type = from->enumeration;

    json_open_object(d->out);
    put_text(d, "type", "string");
    put_array(d, "enum");
    for (size_t i = 0; i < type->count; i++)
        put_value(d, type->values[i].name);
    json_close_array(d->out);
    put_text_if(d, "description", enum_text(d, type, note));
    put_true_if(d, "deprecated", note->deprecated);
    json_close_object(d->out);
}

void schema_write_components(document *d)
{
    put_object(d, "schemas");
    for (const component *c = d->components; c; c = c->next) {
        put_key(d, c->name);
        if (c->message)
            write_message(d, c);
        else
            write_enum(d, c);
    }
    error_schema_write(d);
    json_close_object(d->out);
}
