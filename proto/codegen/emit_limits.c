/* The limits of every message that a service can receive, message by message, fields in the order of their numbers. */
#include "emit.h"
#include "rules.h"
#include "scratch.h"

static bool has_limit(const field *f)
{
    return f->limit != NULL && (f->limit->max_bytes > 0 || f->limit->max_items > 0 || f->limit->required);
}

static void emit_limit(FILE *out, const message *m, const field *f, const FieldLimit *limit)
{
    fprintf(out, "    {&%s, %d, %u, %u, %s}, /* %s */\n", m->descriptor, f->proto->number, limit->max_bytes,
            limit->max_items, limit->required ? "true" : "false", f->proto->name);
}

/* A map's byte limit holds for its keys and for its values, which are fields of the entry message. */
static size_t emit_entry(FILE *out, const field *map)
{
    const message *entry = field_map_entry(map);
    const FieldLimit limit = {.max_bytes = map->limit->max_bytes};
    size_t rows = 0;

    for (size_t i = 0; i < entry->field_count; i++)
        if (field_has_bytes(&entry->fields[i])) {
            emit_limit(out, entry, &entry->fields[i], &limit);
            rows++;
        }
    return rows;
}

static size_t emit_message(FILE *out, const message *m)
{
    size_t rows = 0;

    for (size_t i = 0; i < m->field_count; i++) {
        const field *f = &m->fields[i];
        FieldLimit limit;

        if (!has_limit(f))
            continue;
        limit = *f->limit;
        if (field_map_entry(f) != NULL)
            limit.max_bytes = 0;
        emit_limit(out, m, f, &limit);
        rows++;
    }
    for (size_t i = 0; i < m->field_count; i++)
        if (has_limit(&m->fields[i]) && field_map_entry(&m->fields[i]) != NULL)
            rows += emit_entry(out, &m->fields[i]);
    return rows;
}

static bool any_limit(const message *const *messages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < messages[i]->field_count; n++)
            if (has_limit(&messages[i]->fields[n]))
                return true;
    return false;
}

size_t emit_limits(FILE *out, const contract *c, const service *s)
{
    const message **received = SCRATCH_ARRAY(c->message_count, const message *);
    bool *seen = SCRATCH_ARRAY(c->message_count, bool);
    size_t count = 0;
    size_t rows = 0;

    for (size_t i = 0; i < s->method_count; i++)
        count = message_closure(s->methods[i].request, received, count, seen);
    if (!any_limit(received, count))
        return 0;

    fprintf(out, "static const rpc_limit %s_limits[] = {\n", s->prefix);
    for (size_t i = 0; i < count; i++)
        rows += emit_message(out, received[i]);
    fputs("};\n\n", out);
    return rows;
}
