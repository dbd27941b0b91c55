#include "path_template.h"

#include <stdbool.h>
#include <string.h>

static const char no_memory[] = "Memory is out.";

typedef struct {
    const char *at;
    path_template *into;
    arena *memory;
} parsing;

static bool is_literal(char c)
{
    return c && !strchr("/{}*=:", c);
}

static const char *add_segment(parsing *parse, segment_kind kind, const char *text, size_t length)
{
    path_template *into = parse->into;

    if (into->segment_count > 0 && into->segments[into->segment_count - 1].kind == SEGMENT_REST)
        return "Nothing may follow ** but a verb.";
    into->segments[into->segment_count++] = (template_segment){kind, text, length};
    return NULL;
}

static const char *parse_plain_segment(parsing *parse)
{
    const char *first = parse->at;

    if (*parse->at == '*') {
        parse->at += parse->at[1] == '*' ? 2 : 1;
        return add_segment(parse, parse->at - first == 2 ? SEGMENT_REST : SEGMENT_ANY, NULL, 0);
    }
    while (is_literal(*parse->at))
        parse->at++;
    if (parse->at == first)
        return "A path segment is empty or has a character that must not stand there.";
    return add_segment(parse, SEGMENT_LITERAL, first, (size_t)(parse->at - first));
}

/* The inside of {field} or {field=a/b}. */
static const char *parse_variable(parsing *parse)
{
    path_template *into = parse->into;
    template_variable *variable = &into->variables[into->variable_count++];
    const char *name = ++parse->at, *fault = NULL;

    while (is_literal(*parse->at))
        parse->at++;
    if (parse->at == name)
        return "A variable has no name.";
    variable->field = arena_copy(parse->memory, name, (size_t)(parse->at - name));
    variable->first = into->segment_count;
    if (!variable->field)
        return no_memory;

    if (*parse->at == '=') {
        do {
            parse->at++;
            fault = parse_plain_segment(parse);
        } while (!fault && *parse->at == '/');
    } else {
        fault = add_segment(parse, SEGMENT_ANY, NULL, 0);
    }
    variable->count = into->segment_count - variable->first;
    if (!fault && *parse->at++ != '}')
        return "A variable is not closed.";
    return fault;
}

static const char *parse_segments(parsing *parse)
{
    const char *fault;

    do {
        if (*parse->at++ != '/')
            return "A path begins with a slash.";
        fault = *parse->at == '{' ? parse_variable(parse) : parse_plain_segment(parse);
    } while (!fault && *parse->at == '/');
    return fault;
}

const char *path_template_parse(path_template *ret, const char *text, arena *memory)
{
    parsing parse = {text, ret, memory};
    size_t most = strlen(text) + 1; /* no template has more parts than characters */
    const char *fault;

    *ret = (path_template){.verb = ""};
    ret->segments = arena_array(memory, most, sizeof *ret->segments);
    ret->variables = arena_array(memory, most, sizeof *ret->variables);
    if (!ret->segments || !ret->variables)
        return no_memory;
    fault = parse_segments(&parse);
    if (fault)
        return fault;
    if (*parse.at == ':') {
        ret->verb = ++parse.at;
        while (is_literal(*parse.at))
            parse.at++;
        if (parse.at == ret->verb)
            return "A verb is empty.";
    }
    return *parse.at == '\0' ? NULL : "Something follows the path's end.";
}
