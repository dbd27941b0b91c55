#include "security.h"

#include "operation.h"

bool operation_only_reads(const route *from)
{
    return strcmp(from->http_method, "GET") == 0 || strcmp(from->http_method, "HEAD") == 0;
}

const char *policy_text(document *d, const contract_note *method)
{
    const char *who = "", *audit = "";

    switch (method->caller) {
    case CALLER_UNSTATED:
        break;
    case CALLER_ANYONE:
        who = "Anyone may call this.";
        break;
    case CALLER_SIGNED_IN:
        who = "Needs a session.";
        break;
    case CALLER_PERMITTED:
        who = text_of(d, "Needs the permission `%s`.", method->permission);
        break;
    case CALLER_TERMINAL:
    case CALLER_FORMER_TERMINAL:
        who = "For terminals, by their certificate.";
        break;
    case CALLER_SUPER:
        who = "For the super administrator alone.";
        break;
    case CALLER_ENTERPRISE_ADMIN:
        who = "For administrators of the enterprise.";
        break;
    }
    if (*method->audit)
        audit = text_of(d, "%sThe audit log has it as “%s”.", *who ? " " : "", method->audit);
    return text_of(d, "%s%s", who, audit);
}

/* One of several ways that are as good: all schemes of it are needed. */
static void put_way(document *d, const char *scheme, bool writes)
{
    json_open_object(d->out);
    if (scheme)
        put_ready(d, scheme, "[]");
    if (writes)
        put_ready(d, "csrfHeader", "[]");
    json_close_object(d->out);
}

void operation_put_security(document *d, const binding *b)
{
    method_caller caller = note_of(d->notes, b->route->method->path)->caller;
    bool writes = !operation_only_reads(b->route);

    put_array(d, "security");
    if (caller == CALLER_TERMINAL || caller == CALLER_FORMER_TERMINAL) {
        put_way(d, "terminalCertificate", false);
        d->terminals = true;
    } else {
        if (caller == CALLER_UNSTATED || (caller == CALLER_ANYONE && writes))
            put_way(d, NULL, writes);
        if (caller != CALLER_ANYONE) {
            put_way(d, "sessionCookie", writes);
            put_way(d, "bearerToken", writes);
        }
    }
    json_close_array(d->out);
}

void security_schemes_write(document *d)
{
    put_object(d, "securitySchemes");
    put_ready(d, "sessionCookie",
              "{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-smartpass\",\"description\":\"The session of a "
              "browser. It is set by the answer to a sign-in and no script can read it; on plain HTTP, which is served "
              "to this machine alone, its name is `smartpass`.\"}");
    put_ready(d, "bearerToken",
              "{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The session of any other program: the token "
              "that signing in by gRPC gave it, or an API token (`spt_...`).\"}");
    put_ready(d, "csrfHeader",
              "{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Smartpass\",\"description\":\"Always `1`, with "
              "everything but GET and HEAD: no page of another host can send it unasked. An Origin header, if "
              "there is one, must name the host itself or one that is allowed.\"}");
    if (d->terminals)
        put_ready(d, "terminalCertificate", "{\"type\":\"mutualTLS\",\"description\":\"A terminal's certificate.\"}");
    json_close_object(d->out);
}
