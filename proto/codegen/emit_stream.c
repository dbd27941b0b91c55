/* One streaming method on the server. The handler's events take a stream of the method's own type; the runtime knows
 * rpc_stream alone. Thunks stand between them, so that no function is ever called through a pointer of another type. */
#include <string.h>

#include "emit.h"
#include "scratch.h"
#include "writer.h"

static void emit_events_type(FILE *out, const method *m)
{
    fprintf(out, "\n/* One call of %s. */\n", m->name);
    fprintf(out, "typedef struct %s_stream %s_stream;\n\n", m->prefix, m->prefix);
    emit_method_comment(out, 0, m, TO_SERVERS);
    fputs("typedef struct {\n", out);
    if (method_takes_stream(m)) {
        fprintf(out, "    sp_status (*open)(%s_stream *stream);\n", m->prefix);
        WRITE_LIST(out, "    void (*message)", ";\n", scratch_printf("%s_stream *stream", m->prefix),
                   scratch_printf("const %s *message", m->request->type));
        fprintf(out, "    void (*half_close)(%s_stream *stream);\n", m->prefix);
    } else {
        WRITE_LIST(out, "    sp_status (*open)", ";\n", scratch_printf("%s_stream *stream", m->prefix),
                   scratch_printf("const %s *request", m->request->type));
    }
    fprintf(out, "    void (*writable)(%s_stream *stream);\n", m->prefix);
    fprintf(out, "    void (*cancel)(%s_stream *stream);\n", m->prefix);
    fprintf(out, "    void (*done)(%s_stream *stream);\n", m->prefix);
    fprintf(out, "} %s_events;\n", m->prefix);
}

/* An inline function of the typed stream over the runtime's of the same name; more is a second parameter or NULL. */
static void emit_inline(FILE *out, const method *m, const char *returns, const char *name, const char *more,
                        const char *body)
{
    const char *items[] = {scratch_printf("%s_stream *stream", m->prefix), more};

    fputc('\n', out);
    write_list(out, scratch_printf("static inline %s%s_%s", returns, m->prefix, name), items, more == NULL ? 1 : 2,
               "\n{\n");
    fprintf(out, "    %s;\n}\n", body);
}

void emit_stream_header(FILE *out, const method *m)
{
    const char *raw = scratch_printf("%s_raw(stream)", m->prefix);
    const char *type = scratch_printf("%s_stream *", m->prefix);

    emit_events_type(out, m);
    fputs("\n/* The functions of rpc.h on this stream. */", out);
    emit_inline(out, m, "rpc_stream *", "raw", NULL, "return (rpc_stream *)stream");
    emit_inline(out, m, "rpc_call *", "call", NULL, scratch_printf("return rpc_stream_call(%s)", raw));
    emit_inline(out, m, "void *", "context", NULL, scratch_printf("return rpc_stream_context(%s)", raw));
    emit_inline(out, m, "void ", "set_context", "void *context",
                scratch_printf("rpc_stream_set_context(%s, context)", raw));
    emit_inline(out, m, "rpc_written ", "write", scratch_printf("const %s *message", m->reply->type),
                scratch_printf("return rpc_stream_write(%s, &message->base)", raw));
    emit_inline(out, m, "void ", "finish", "sp_status status", scratch_printf("rpc_stream_finish(%s, status)", raw));
    if (method_takes_stream(m)) {
        emit_inline(out, m, "void ", "pause", NULL, scratch_printf("rpc_stream_pause(%s)", raw));
        emit_inline(out, m, "void ", "resume", NULL, scratch_printf("rpc_stream_resume(%s)", raw));
    }
    emit_inline(out, m, type, "hold", NULL, scratch_printf("return (%s)rpc_stream_hold(%s)", type, raw));
    emit_inline(out, m, "void ", "release", NULL, scratch_printf("rpc_stream_release(%s)", raw));
}

static void emit_open(FILE *out, const method *m)
{
    fprintf(out, "\nstatic sp_status %s_on_open(rpc_stream *stream, const ProtobufCMessage *request)\n{\n", m->prefix);
    if (method_takes_stream(m)) {
        fputs("    (void)request;\n", out);
        fprintf(out, "    return %s_handlers(stream)->open((%s_stream *)stream);\n}\n", m->prefix, m->prefix);
        return;
    }
    WRITE_LIST(out, scratch_printf("    return %s_handlers(stream)->open", m->prefix), ";\n}\n",
               scratch_printf("(%s_stream *)stream", m->prefix),
               scratch_printf("(const %s *)request", m->request->type));
}

static void emit_message(FILE *out, const method *m)
{
    fprintf(out, "\nstatic void %s_on_message(rpc_stream *stream, const ProtobufCMessage *message)\n{\n", m->prefix);
    fprintf(out, "    const %s_events *events = %s_handlers(stream);\n\n", m->prefix, m->prefix);
    fputs("    if (events->message != NULL)\n", out);
    WRITE_LIST(out, "        events->message", ";\n}\n", scratch_printf("(%s_stream *)stream", m->prefix),
               scratch_printf("(const %s *)message", m->request->type));
}

static void emit_plain(FILE *out, const method *m, const char *event)
{
    fprintf(out, "\nstatic void %s_on_%s(rpc_stream *stream)\n{\n", m->prefix, event);
    fprintf(out, "    const %s_events *events = %s_handlers(stream);\n\n", m->prefix, m->prefix);
    fprintf(out, "    if (events->%s != NULL)\n", event);
    fprintf(out, "        events->%s((%s_stream *)stream);\n", event, m->prefix);
    if (strcmp(event, "half_close") == 0)
        fputs("    else\n        rpc_stream_finish(stream, SP_DONE);\n", out);
    fputs("}\n", out);
}

void emit_stream_source(FILE *out, const service *s, const method *m)
{
    static const char *const plain[] = {"half_close", "writable", "cancel", "done"};
    size_t first = method_takes_stream(m) ? 0 : 1;

    fprintf(out, "\nstatic const %s_events *%s_handlers(const rpc_stream *stream)\n{\n", m->prefix, m->prefix);
    fprintf(out, "    const %s_service *service = rpc_stream_handlers(stream);\n\n", s->prefix);
    fprintf(out, "    return service->%s;\n}\n", m->slot);

    emit_open(out, m);
    if (method_takes_stream(m))
        emit_message(out, m);
    for (size_t i = first; i < sizeof plain / sizeof *plain; i++)
        emit_plain(out, m, plain[i]);

    fprintf(out, "\nstatic const rpc_stream_events %s_thunks = {\n", m->prefix);
    fprintf(out, "    .open = %s_on_open,\n", m->prefix);
    if (method_takes_stream(m))
        fprintf(out, "    .message = %s_on_message,\n", m->prefix);
    for (size_t i = first; i < sizeof plain / sizeof *plain; i++)
        fprintf(out, "    .%s = %s_on_%s,\n", plain[i], m->prefix, plain[i]);
    fputs("};\n", out);
}
