/* The contract as data: one row for each method, and the service around them. */
#include "emit.h"
#include "writer.h"

void emit_table_header(FILE *out, const service *s)
{
    fprintf(out, "extern const rpc_service %s_service_table;\n\n", s->prefix);
    fputs("/* The methods' places in the table. */\n", out);
    fputs("typedef enum {\n", out);
    for (size_t i = 0; i < s->method_count; i++)
        fprintf(out, "    %s,\n", s->methods[i].index);
    fprintf(out, "} %s_method;\n", s->prefix);
}

static const char *kind_name(method_kind kind)
{
    static const char *const names[] = {
        [METHOD_UNARY] = "RPC_UNARY",
        [METHOD_CLIENT_STREAM] = "RPC_CLIENT_STREAM",
        [METHOD_SERVER_STREAM] = "RPC_SERVER_STREAM",
        [METHOD_BIDI] = "RPC_BIDI",
    };

    return names[kind];
}

static const char *caller_name(const MethodPolicy *policy)
{
    static const char *const names[] = {
        [CALLER(ANYONE)] = "RPC_CALLER_ANYONE",
        [CALLER(SIGNED_IN)] = "RPC_CALLER_SIGNED_IN",
        [CALLER(PERMITTED)] = "RPC_CALLER_PERMITTED",
        [CALLER(TERMINAL)] = "RPC_CALLER_TERMINAL",
        [CALLER(FORMER_TERMINAL)] = "RPC_CALLER_FORMER_TERMINAL",
        [CALLER(SUPER)] = "RPC_CALLER_SUPER",
        [CALLER(ENTERPRISE_ADMIN)] = "RPC_CALLER_ENTERPRISE_ADMIN",
    };

    return policy != NULL ? names[policy->caller] : "RPC_CALLER_UNSTATED";
}

static void emit_text(FILE *out, const char *member, const char *text)
{
    fprintf(out, "        .%s = ", member);
    write_literal(out, text);
    fputs(",\n", out);
}

static void emit_row(FILE *out, const service *s, const method *m)
{
    fprintf(out, "    [%s] = {\n", m->index);
    fprintf(out, "        .path = \"/%s/%s\",\n", s->full_name, m->name);
    emit_text(out, "name", m->name);
    fprintf(out, "        .kind = %s,\n", kind_name(m->kind));
    fprintf(out, "        .caller = %s,\n", caller_name(m->policy));
    emit_text(out, "permission", m->policy != NULL ? m->policy->permission : "");
    emit_text(out, "audit", m->policy != NULL ? m->policy->audit : "");
    fprintf(out, "        .runs_inline = %s,\n", m->policy != NULL && m->policy->inline_ ? "true" : "false");
    if (m->policy != NULL && m->policy->before_password_change)
        fputs("        .before_password_change = true,\n", out);
    fprintf(out, "        .request = &%s,\n", m->request->descriptor);
    fprintf(out, "        .reply = &%s,\n", m->reply->descriptor);
    if (m->http != NULL) {
        emit_text(out, "http_verb", http_verb(m->http));
        emit_text(out, "http_path", http_path(m->http));
        emit_text(out, "http_body", m->http->body);
    }
    fputs("    },\n", out);
}

void emit_table_source(FILE *out, const service *s, size_t limit_count)
{
    fprintf(out, "static const rpc_method %s_methods[] = {\n", s->prefix);
    for (size_t i = 0; i < s->method_count; i++)
        emit_row(out, s, &s->methods[i]);
    fputs("};\n\n", out);

    fprintf(out, "const rpc_service %s_service_table = {\n", s->prefix);
    fprintf(out, "    .name = \"%s\",\n", s->full_name);
    fprintf(out, "    .methods = %s_methods,\n", s->prefix);
    fprintf(out, "    .count = %zu,\n", s->method_count);
    if (limit_count > 0)
        fprintf(out, "    .limits = %s_limits,\n", s->prefix);
    fprintf(out, "    .limit_count = %zu,\n", limit_count);
    fputs("};\n", out);
}
