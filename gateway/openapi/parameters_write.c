/* The parameters of an operation: the parts of its path, and every field that neither path nor body gives. */
#include "operation.h"
#include "parameters.h"
#include "schema.h"

typedef struct {
    const binding *from;
    const field_type *chain[PARAMETER_DEPTH_MAX];
    size_t depth;
} query_walk;

static const contract_note *note_of_field(document *d, const message_type *message, const field_type *field)
{
    const contract_note *note = note_of(d->notes, message->full_name);

    return note->members ? &note->members[field->index] : note_of(d->notes, "");
}

static const contract_note *note_of_last(document *d, const route *from, const field_type *const *chain, size_t depth)
{
    const message_type *holder = depth > 1 ? chain[depth - 2]->message : from->method->input;

    return note_of_field(d, holder, chain[depth - 1]);
}

static void open_parameter(document *d, const char *name, const char *in, bool required)
{
    json_open_object(d->out);
    put_text(d, "name", name);
    put_text(d, "in", in);
    put_true_if(d, "required", required);
}

/* ---- Path ---- */

static const char *part_text(document *d, const binding *b, const path_part *part, const contract_note *note)
{
    const route_variable *variable = part->variable;
    const char *text = "";

    if (!variable)
        return "Matches anything and is not looked at.";
    if (variable->count > 1 || part->several)
        text = text_of(d, "With the path around it, the value of `%s`: `%s`.%s", variable_name(d, variable),
                       path_of_variable(d, b, variable),
                       part->several ? " It may be several segments with slashes between them." : "");
    return paragraphs(d, note->comment, text);
}

static void put_path_part(document *d, const binding *b, const path_part *part)
{
    const route_variable *variable = part->variable;
    const contract_note *note = note_of(d->notes, "");
    bool whole = variable && variable->count == 1 && !part->several;

    if (variable)
        note = note_of_last(d, b->route, variable->field, variable->depth);
    open_parameter(d, part->name, "path", true);
    put_text_if(d, "description", part_text(d, b, part, note));
    put_true_if(d, "deprecated", note->deprecated);
    put_key(d, "schema");
    if (whole)
        schema_of_parameter(d, variable->field[variable->depth - 1], note);
    else
        json_ready(d->out, "{\"type\":\"string\",\"minLength\":1}", 31);
    if (variable && strcmp(part->name, variable_name(d, variable)) != 0)
        put_text(d, "x-field", variable_name(d, variable));
    put_true_if(d, "x-several-segments", part->several);
    json_close_object(d->out);
}

/* ---- Query ---- */

static bool is_in_path(const query_walk *walk)
{
    const route *from = walk->from->route;

    for (size_t i = 0; i < from->path.variable_count; i++) {
        const route_variable *variable = &from->variables[i];

        if (variable->depth == walk->depth &&
            memcmp(variable->field, walk->chain, walk->depth * sizeof *walk->chain) == 0)
            return true;
    }
    return false;
}

static bool is_recursive(const query_walk *walk, const message_type *message)
{
    if (message == walk->from->route->method->input)
        return true;
    for (size_t i = 0; i + 1 < walk->depth; i++)
        if (walk->chain[i]->message == message)
            return true;
    return false;
}

static const char *chain_name(document *d, const query_walk *walk)
{
    const char *name = "";

    for (size_t i = 0; i < walk->depth; i++)
        name = text_of(d, "%s%s%s", name, i ? "." : "", walk->chain[i]->json_name);
    return name;
}

static void put_query_field(document *d, const query_walk *walk, bool required)
{
    const field_type *field = walk->chain[walk->depth - 1];
    const contract_note *note = note_of_last(d, walk->from->route, walk->chain, walk->depth);

    open_parameter(d, chain_name(d, walk), "query", required);
    put_text_if(d, "description",
                paragraphs(d, schema_field_text(d, field, note),
                           field == walk->from->route->mask_field ? "Without it, every field that the body has." : ""));
    put_true_if(d, "deprecated", note->deprecated);
    put_key(d, "schema");
    schema_of_parameter(d, field, note);
    json_close_object(d->out);
}

typedef void query_visitor(document *d, const query_walk *walk, bool required);

/* Gives each field that the query may name to the visitor. */
static void walk_query(document *d, query_walk *walk, const message_type *message, bool required, query_visitor *visit)
{
    for (size_t i = 0; i < message->count; i++) {
        const field_type *field = &message->fields[i];
        const contract_note *note = note_of_field(d, message, field);

        if (walk->depth == 0 && field == walk->from->route->body_field)
            continue;
        walk->chain[walk->depth++] = field;
        if (parameter_fits(field) && !is_in_path(walk) && !note->read_only)
            visit(d, walk, required && note->required);
        else if (field->message && !field->repeated && field->message->form == MESSAGE_PLAIN &&
                 walk->depth < PARAMETER_DEPTH_MAX && !is_recursive(walk, field->message))
            walk_query(d, walk, field->message, required && note->required, visit);
        walk->depth--;
    }
}

/* ---- Headers ---- */

static void put_last_event(document *d, const route *from)
{
    static const char name[] = "last_event_id";
    const field_type *field = message_field_by_name(from->method->input, name, sizeof name - 1);

    if (!from->method->server_streaming || from->raw_out || !field || field->repeated || field->kind != FIELD_STRING)
        return;
    open_parameter(d, "Last-Event-ID", "header", false);
    put_text(d, "description",
             "The id of the last event that a client saw before it lost the stream; browsers send it by themselves.");
    put_ready(d, "schema", "{\"type\":\"string\"}");
    json_close_object(d->out);
}

/* Downloads may be asked for in parts, and only when they have changed. */
static void put_conditions(document *d, const route *from)
{
    if (!route_answers_raw(from) || !operation_only_reads(from))
        return;
    open_parameter(d, "Range", "header", false);
    put_text(d, "description", "The bytes that are wanted: `bytes=0-1023`.");
    put_ready(d, "schema", "{\"type\":\"string\"}");
    json_close_object(d->out);
    open_parameter(d, "If-None-Match", "header", false);
    put_text(d, "description", "ETags of what the caller has already.");
    put_ready(d, "schema", "{\"type\":\"string\"}");
    json_close_object(d->out);
}

static bool has_query(const route *from)
{
    return from->body != BODY_WHOLE;
}

static void collect_query_field(document *d, const query_walk *walk, bool required)
{
    (void)required;
    schema_use_field(d, walk->chain[walk->depth - 1], USED_IN_REQUEST);
}

void operation_collect_parameters(document *d, const binding *b)
{
    const route *from = b->route;
    query_walk walk = {.from = b};

    for (size_t i = 0; i < from->path.variable_count; i++)
        schema_use_field(d, from->variables[i].field[from->variables[i].depth - 1], USED_IN_REQUEST);
    if (has_query(from))
        walk_query(d, &walk, from->method->input, true, collect_query_field);
}

void operation_put_parameters(document *d, const binding *b)
{
    const route *from = b->route;
    query_walk walk = {.from = b};

    put_array(d, "parameters");
    for (size_t i = 0; i < from->path.segment_count; i++)
        if (b->parts[i].name)
            put_path_part(d, b, &b->parts[i]);
    if (has_query(from))
        walk_query(d, &walk, from->method->input, true, put_query_field);
    put_last_event(d, from);
    put_conditions(d, from);
    json_close_array(d->out);
}
