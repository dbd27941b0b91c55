/* Typed calls that do not block: the same few functions and events for every kind of method. */
#include <string.h>

#include "emit.h"
#include "scratch.h"
#include "writer.h"

static const char *handle(const method *m)
{
    return scratch_printf("%s_async *call", m->prefix);
}

static void emit_start_signature(FILE *out, const method *m, const char *tail)
{
    const char *head = scratch_printf("%s_async *%s_async_start", m->prefix, m->prefix);
    const char *events = scratch_printf("const %s_async_events *events", m->prefix);

    if (method_takes_stream(m))
        WRITE_LIST(out, head, tail, "rpc_client *client", "const rpc_options *options", events, "void *context");
    else
        WRITE_LIST(out, head, tail, "rpc_client *client", "const rpc_options *options",
                   scratch_printf("const %s *request", m->request->type), events, "void *context");
}

static void emit_events(FILE *out, const method *m)
{
    fprintf(out, "typedef struct %s_async %s_async;\n", m->prefix, m->prefix);
    fputs("typedef struct {\n", out);
    if (method_answers_stream(m))
        WRITE_LIST(out, "    void (*message)", ";\n", handle(m), scratch_printf("const %s *message", m->reply->type));
    if (method_takes_stream(m))
        fprintf(out, "    void (*writable)(%s);\n", handle(m));
    if (method_answers_stream(m))
        WRITE_LIST(out, "    void (*done)", ";\n", handle(m), "const rpc_answer *answer");
    else
        WRITE_LIST(out, "    void (*done)", ";\n", handle(m), scratch_printf("const %s *reply", m->reply->type),
                   "const rpc_answer *answer");
    fprintf(out, "} %s_async_events;\n", m->prefix);
}

/* An inline function over the runtime's of the same name; more is a second parameter or NULL. */
static void emit_inline(FILE *out, const method *m, const char *returns, const char *name, const char *more,
                        const char *argument)
{
    const char *items[] = {handle(m), more};

    fputc('\n', out);
    write_list(out, scratch_printf("static inline %s%s_async_%s", returns, m->prefix, name), items,
               more == NULL ? 1 : 2, "\n{\n");
    fprintf(out, "    %srpc_async_%s((rpc_async *)call%s);\n}\n", strcmp(returns, "void ") == 0 ? "" : "return ", name,
            argument);
}

void emit_async_declarations(FILE *out, const method *m)
{
    fputc('\n', out);
    emit_events(out, m);
    emit_start_signature(out, m, ";\n");
    emit_inline(out, m, "void *", "context", NULL, "");
    if (method_takes_stream(m)) {
        emit_inline(out, m, "rpc_written ", "write", scratch_printf("const %s *message", m->request->type),
                    ", &message->base");
        emit_inline(out, m, "void ", "half_close", NULL, "");
    }
    if (method_answers_stream(m)) {
        emit_inline(out, m, "void ", "pause", NULL, "");
        emit_inline(out, m, "void ", "resume", NULL, "");
    }
    emit_inline(out, m, "void ", "cancel", NULL, "");
    emit_inline(out, m, "void ", "release", NULL, "");
}

static void emit_events_of(FILE *out, const method *m)
{
    fprintf(out, "    const %s_async_events *events = (const %s_async_events *)rpc_async_events(call);\n\n", m->prefix,
            m->prefix);
}

static void emit_on_message(FILE *out, const method *m)
{
    fprintf(out, "\nstatic void %s_async_on_message(rpc_async *call, const ProtobufCMessage *message)\n{\n", m->prefix);
    emit_events_of(out, m);
    fputs("    if (events->message != NULL)\n", out);
    WRITE_LIST(out, "        events->message", ";\n}\n", scratch_printf("(%s_async *)call", m->prefix),
               scratch_printf("(const %s *)message", m->reply->type));
}

static void emit_on_writable(FILE *out, const method *m)
{
    fprintf(out, "\nstatic void %s_async_on_writable(rpc_async *call)\n{\n", m->prefix);
    emit_events_of(out, m);
    fputs("    if (events->writable != NULL)\n", out);
    fprintf(out, "        events->writable((%s_async *)call);\n}\n", m->prefix);
}

static void emit_on_done(FILE *out, const method *m)
{
    const char *call = scratch_printf("(%s_async *)call", m->prefix);

    fputc('\n', out);
    WRITE_LIST(out, scratch_printf("static void %s_async_on_done", m->prefix), "\n{\n", "rpc_async *call",
               "const ProtobufCMessage *reply", "const rpc_answer *answer");
    emit_events_of(out, m);
    if (method_answers_stream(m)) {
        fputs("    (void)reply;\n", out);
        WRITE_LIST(out, "    events->done", ";\n}\n", call, "answer");
    } else {
        WRITE_LIST(out, "    events->done", ";\n}\n", call, scratch_printf("(const %s *)reply", m->reply->type),
                   "answer");
    }
}

void emit_async_bodies(FILE *out, const service *s, const method *m)
{
    if (method_answers_stream(m))
        emit_on_message(out, m);
    if (method_takes_stream(m))
        emit_on_writable(out, m);
    emit_on_done(out, m);

    fputc('\n', out);
    emit_start_signature(out, m, "\n{\n");
    fputs("    static const rpc_async_thunks thunks = {\n", out);
    if (method_answers_stream(m))
        fprintf(out, "        .message = %s_async_on_message,\n", m->prefix);
    if (method_takes_stream(m))
        fprintf(out, "        .writable = %s_async_on_writable,\n", m->prefix);
    fprintf(out, "        .done = %s_async_on_done,\n    };\n", m->prefix);
    fprintf(out, "    const rpc_method *method = &%s_service_table.methods[%s];\n\n", s->prefix, m->index);
    WRITE_LIST(out, scratch_printf("    return (%s_async *)rpc_async_start", m->prefix), ";\n}\n", "client", "method",
               "options", method_takes_stream(m) ? "NULL" : "&request->base", "&thunks", "events", "context");
}
