/* What stands above a method in the headers: its author's words, then what its options say. */
#include "emit.h"
#include "scratch.h"
#include "writer.h"

static const char *caller_note(const MethodPolicy *policy)
{
    switch (policy->caller) {
    case CALLER(ANYONE):
        return " Anyone may call it.";
    case CALLER(SIGNED_IN):
        return " Any user who is signed in may call it.";
    case CALLER(PERMITTED):
        return scratch_printf(" Needs the permission \"%s\".", policy->permission);
    case CALLER(TERMINAL):
        return " Only a terminal may call it.";
    case CALLER(FORMER_TERMINAL):
        return " Only a terminal may call it, even one whose certificate has expired.";
    case CALLER(SUPER):
        return " Only the super administrator may call it.";
    case CALLER(ENTERPRISE_ADMIN):
        return " Only an administrator of the enterprise may call it.";
    default:
        return "";
    }
}

/* "GET /v1/articles/{id}" and the body, if any. */
static const char *route(const HttpRule *rule)
{
    const char *verb = http_verb(rule);

    if (verb == NULL)
        return "";
    if (rule->body[0] == '\0')
        return scratch_printf("%s %s", verb, http_path(rule));
    return scratch_printf("%s %s with the body \"%s\"", verb, http_path(rule), rule->body);
}

static const char *http_note(const HttpRule *rule)
{
    const char *note = scratch_printf(" HTTP: %s", route(rule));

    for (size_t i = 0; i < rule->n_additional_bindings; i++)
        note = scratch_printf("%s; also %s", note, route(rule->additional_bindings[i]));
    return scratch_printf("%s.", note);
}

void emit_method_comment(FILE *out, int indent, const method *m, reader to)
{
    const char *note = "";

    if (m->policy != NULL) {
        note = caller_note(m->policy);
        if (m->policy->audit[0] != '\0')
            note = scratch_printf("%s Audited as \"%s\".", note, m->policy->audit);
        if (m->policy->inline_ && to == TO_SERVERS)
            note = scratch_printf("%s Runs inline: the handler must not block.", note);
    }
    if (m->http != NULL)
        note = scratch_printf("%s%s", note, http_note(m->http));
    write_comment(out, indent, scratch_printf("%s%s%s", m->comment, m->comment[0] && note[0] ? "\n" : "", note));
}
