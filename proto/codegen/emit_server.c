/* The handlers' table of a service and the binding that lets the runtime call it. */
#include "emit.h"
#include "scratch.h"
#include "writer.h"

static void emit_slot(FILE *out, const method *m)
{
    fputc('\n', out);
    if (method_streams(m)) {
        fprintf(out, "    const %s_events *%s;\n", m->prefix, m->slot);
        return;
    }
    emit_method_comment(out, 4, m, TO_SERVERS);
    WRITE_LIST(out, scratch_printf("    sp_status (*%s)", m->slot), ";\n", "rpc_call *call",
               scratch_printf("const %s *request", m->request->type), scratch_printf("%s *reply", m->reply->type));
}

void emit_server_header(FILE *out, const service *s)
{
    fprintf(out, "\n/* What the server does for %s. A slot beyond `size`, or NULL, answers UNIMPLEMENTED. */\n",
            s->name);
    fputs("typedef struct {\n", out);
    fprintf(out, "    size_t size; /* sizeof(%s_service) */\n", s->prefix);
    for (size_t i = 0; i < s->method_count; i++)
        emit_slot(out, &s->methods[i]);
    fprintf(out, "} %s_service;\n\n", s->prefix);

    fputs("/* Before the server starts. handlers must outlive it; self is what rpc_call_self gives. */\n", out);
    WRITE_LIST(out, scratch_printf("void %s_service_register", s->prefix), ";\n", "rpc_server *server",
               scratch_printf("const %s_service *handlers", s->prefix), "void *self");
}

static bool has_kind(const service *s, bool streams)
{
    for (size_t i = 0; i < s->method_count; i++)
        if (method_streams(&s->methods[i]) == streams)
            return true;
    return false;
}

static void emit_implements(FILE *out, const service *s)
{
    fprintf(out, "\nstatic bool %s_implements(const void *handlers, size_t slot)\n{\n", s->prefix);
    fprintf(out, "    const %s_service *service = handlers;\n\n    switch (slot) {\n", s->prefix);
    for (size_t i = 0; i < s->method_count; i++) {
        const method *m = &s->methods[i];

        fprintf(out, "    case %s:\n", m->index);
        fprintf(out, "        return RPC_HAS_SLOT(%s_service, service, %s)", s->prefix, m->slot);
        if (method_streams(m))
            fprintf(out, " && service->%s->open != NULL", m->slot);
        fputs(";\n", out);
    }
    fputs("    default:\n        return false;\n    }\n}\n", out);
}

static void emit_unary(FILE *out, const service *s)
{
    fputc('\n', out);
    WRITE_LIST(out, scratch_printf("static sp_status %s_unary", s->prefix), "\n{\n", "const void *handlers",
               "size_t slot", "rpc_call *call", "const ProtobufCMessage *request", "ProtobufCMessage *reply");
    fprintf(out, "    const %s_service *service = handlers;\n\n    switch (slot) {\n", s->prefix);
    for (size_t i = 0; i < s->method_count; i++) {
        const method *m = &s->methods[i];

        if (method_streams(m))
            continue;
        fprintf(out, "    case %s:\n", m->index);
        WRITE_LIST(out, scratch_printf("        return service->%s", m->slot), ";\n", "call",
                   scratch_printf("(const %s *)request", m->request->type),
                   scratch_printf("(%s *)reply", m->reply->type));
    }
    fputs("    default:\n"
          "        return (sp_status){SP_UNIMPLEMENTED, \"UNIMPLEMENTED\", \"The method is not served here.\"};\n"
          "    }\n}\n",
          out);
}

static void emit_events(FILE *out, const service *s)
{
    fprintf(out, "\nstatic const rpc_stream_events *%s_stream(const void *handlers, size_t slot)\n{\n", s->prefix);
    fputs("    (void)handlers;\n    switch (slot) {\n", out);
    for (size_t i = 0; i < s->method_count; i++)
        if (method_streams(&s->methods[i]))
            fprintf(out, "    case %s:\n        return &%s_thunks;\n", s->methods[i].index, s->methods[i].prefix);
    fputs("    default:\n        return NULL;\n    }\n}\n", out);
}

void emit_server_source(FILE *out, const service *s)
{
    bool unary = has_kind(s, false);
    bool streams = has_kind(s, true);

    emit_implements(out, s);
    if (unary)
        emit_unary(out, s);
    if (streams)
        emit_events(out, s);

    fputc('\n', out);
    WRITE_LIST(out, scratch_printf("void %s_service_register", s->prefix), "\n{\n", "rpc_server *server",
               scratch_printf("const %s_service *handlers", s->prefix), "void *self");
    fputs("    const rpc_binding binding = {\n        .handlers = handlers,\n        .self = self,\n", out);
    if (unary)
        fprintf(out, "        .unary = %s_unary,\n", s->prefix);
    if (streams)
        fprintf(out, "        .stream = %s_stream,\n", s->prefix);
    fprintf(out, "        .implements = %s_implements,\n    };\n\n", s->prefix);
    fprintf(out, "    rpc_server_register(server, &%s_service_table, &binding);\n}\n", s->prefix);
}
