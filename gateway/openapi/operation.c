#include "operation.h"

#include <ctype.h>

#include "comment_text.h"
#include "schema.h"

static void collect_body(document *d, const route *from)
{
    const message_type *input = from->method->input;

    if (route_takes_raw(from) || from->body == BODY_NONE)
        return;
    if (from->body == BODY_FIELD)
        schema_use_field(d, from->body_field, USED_IN_REQUEST);
    else if (!operation_body_is_partial(from))
        schema_use_message(d, input, USED_IN_REQUEST);
    else
        for (size_t i = 0; i < input->count; i++)
            if (operation_body_has(from, &input->fields[i]))
                schema_use_field(d, &input->fields[i], USED_IN_REQUEST);
}

void operation_collect(document *d, const binding *b)
{
    const route *from = b->route;

    operation_collect_parameters(d, b);
    collect_body(d, from);
    if (route_answers_raw(from))
        return;
    if (from->reply_field)
        schema_use_field(d, from->reply_field, USED_IN_ANSWER);
    else
        schema_use_message(d, from->method->output, USED_IN_ANSWER);
}

/* "List employees" of "ListEmployees". */
static const char *words_of(document *d, const char *name)
{
    char *words = arena_alloc(d->memory, 2 * strlen(name) + 1), *at = words;

    for (size_t i = 0; words && name[i]; i++) {
        bool begins = i > 0 && isupper((unsigned char)name[i]) &&
                      (islower((unsigned char)name[i - 1]) || islower((unsigned char)name[i + 1]));

        if (begins)
            *at++ = ' ';
        *at++ = begins && islower((unsigned char)name[i + 1]) ? (char)tolower((unsigned char)name[i]) : name[i];
    }
    return text_or_fail(d, words);
}

static const char *summary_of(document *d, const binding *b)
{
    const char *comment = note_of(d->notes, b->route->method->path)->comment;

    return *comment ? text_or_fail(d, comment_first_sentence(comment, d->memory))
                    : words_of(d, name_of_method(b->route->method));
}

static const char *identifier_of(document *d, const binding *b)
{
    const char *service = service_tag(d, b->route->method), *name = name_of_method(b->route->method);
    char *id = b->number > 1 ? arena_printf(d->memory, "%s_%s_%u", service, name, b->number)
                             : arena_printf(d->memory, "%s_%s", service, name);

    for (char *at = id; at && *at; at++)
        if (*at == '.')
            *at = '_';
    return text_or_fail(d, id);
}

static const char *description_of(document *d, const binding *b)
{
    const contract_note *note = note_of(d->notes, b->route->method->path);

    return paragraphs(d, note->comment, policy_text(d, note));
}

static void put_policy(document *d, const contract_note *note)
{
    static const char *const callers[] = {
        [CALLER_UNSTATED] = "",           [CALLER_ANYONE] = "anyone",
        [CALLER_SIGNED_IN] = "signed-in", [CALLER_PERMITTED] = "permitted",
        [CALLER_TERMINAL] = "terminal",   [CALLER_FORMER_TERMINAL] = "former-terminal",
        [CALLER_SUPER] = "super",         [CALLER_ENTERPRISE_ADMIN] = "enterprise-admin",
    };

    if ((size_t)note->caller < sizeof callers / sizeof *callers)
        put_text_if(d, "x-caller", callers[note->caller]);
    put_text_if(d, "x-permission", note->permission);
    put_text_if(d, "x-audit", note->audit);
}

void operation_write(document *d, const binding *b)
{
    const contract_note *note = note_of(d->notes, b->route->method->path);

    json_open_object(d->out);
    put_array(d, "tags");
    put_value(d, service_tag(d, b->route->method));
    json_close_array(d->out);
    put_text(d, "summary", summary_of(d, b));
    put_text_if(d, "description", description_of(d, b));
    put_text(d, "operationId", identifier_of(d, b));
    put_true_if(d, "deprecated", note->deprecated);
    operation_put_parameters(d, b);
    operation_put_body(d, b);
    operation_put_responses(d, b);
    operation_put_security(d, b);
    put_policy(d, note);
    put_text(d, "x-grpc-method", b->route->method->path + 1);
    json_close_object(d->out);
}
