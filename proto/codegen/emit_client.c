/* Typed calls: one function for a unary method, a small blocking object for a streaming one. */
#include "emit.h"
#include "scratch.h"
#include "writer.h"

static void emit_unary_signature(FILE *out, const method *m, const char *tail)
{
    WRITE_LIST(out, scratch_printf("sp_status %s", m->prefix), tail, "rpc_client *client", "const rpc_options *options",
               scratch_printf("const %s *request", m->request->type), scratch_printf("%s **ret_reply", m->reply->type),
               "rpc_answer *answer");
}

static void emit_open_signature(FILE *out, const method *m, const char *tail)
{
    const char *head = scratch_printf("%s_client *%s_client_open", m->prefix, m->prefix);

    if (method_takes_stream(m))
        WRITE_LIST(out, head, tail, "rpc_client *client", "const rpc_options *options");
    else
        WRITE_LIST(out, head, tail, "rpc_client *client", "const rpc_options *options",
                   scratch_printf("const %s *request", m->request->type));
}

static void emit_write_signature(FILE *out, const method *m, const char *tail)
{
    WRITE_LIST(out, scratch_printf("bool %s_client_write", m->prefix), tail,
               scratch_printf("%s_client *call", m->prefix), scratch_printf("const %s *message", m->request->type));
}

static void emit_finish_signature(FILE *out, const method *m, const char *tail)
{
    const char *head = scratch_printf("sp_status %s_client_finish", m->prefix);
    const char *call = scratch_printf("%s_client *call", m->prefix);

    if (method_answers_stream(m))
        WRITE_LIST(out, head, tail, call, "rpc_answer *answer");
    else
        WRITE_LIST(out, head, tail, call, scratch_printf("%s **ret_reply", m->reply->type), "rpc_answer *answer");
}

static void emit_stream_declarations(FILE *out, const method *m)
{
    fprintf(out, "typedef struct %s_client %s_client;\n", m->prefix, m->prefix);
    emit_open_signature(out, m, ";\n");
    if (method_takes_stream(m))
        emit_write_signature(out, m, ";\n");
    if (m->kind == METHOD_BIDI)
        fprintf(out, "void %s_client_half_close(%s_client *call);\n", m->prefix, m->prefix);
    if (method_answers_stream(m))
        fprintf(out, "%s *%s_client_read(%s_client *call);\n", m->reply->type, m->prefix, m->prefix);
    fprintf(out, "void %s_client_cancel(%s_client *call);\n", m->prefix, m->prefix);
    emit_finish_signature(out, m, ";\n");
}

void emit_client_functions(FILE *out, const service *s)
{
    for (size_t i = 0; i < s->method_count; i++) {
        const method *m = &s->methods[i];

        if (i > 0)
            fputc('\n', out);
        emit_method_comment(out, 0, m, TO_CLIENTS);
        if (method_streams(m))
            emit_stream_declarations(out, m);
        else
            emit_unary_signature(out, m, ";\n");
        emit_async_declarations(out, m);
    }
}

static void emit_method(FILE *out, const service *s, const method *m)
{
    fprintf(out, "    const rpc_method *method = &%s_service_table.methods[%s];\n", s->prefix, m->index);
}

static void emit_unary(FILE *out, const service *s, const method *m)
{
    fputc('\n', out);
    emit_unary_signature(out, m, "\n{\n");
    emit_method(out, s, m);
    fputs("    ProtobufCMessage *reply = NULL;\n    sp_status status;\n\n", out);
    WRITE_LIST(out, "    status = rpc_client_call", ";\n", "client", "method", "options", "&request->base", "&reply",
               "answer");
    fprintf(out, "    if (!sp_failed(status))\n        *ret_reply = (%s *)reply;\n", m->reply->type);
    fputs("    return status;\n}\n", out);
}

static void emit_open(FILE *out, const service *s, const method *m)
{
    fputc('\n', out);
    emit_open_signature(out, m, "\n{\n");
    emit_method(out, s, m);
    if (method_takes_stream(m)) {
        fprintf(out, "\n    return (%s_client *)rpc_client_stream_open(client, method, options);\n}\n", m->prefix);
        return;
    }
    fputs("    rpc_client_stream *stream = rpc_client_stream_open(client, method, options);\n\n", out);
    fputs("    if (stream != NULL && rpc_client_stream_write(stream, &request->base))\n"
          "        rpc_client_stream_half_close(stream);\n",
          out);
    fprintf(out, "    return (%s_client *)stream;\n}\n", m->prefix);
}

static void emit_finish(FILE *out, const method *m)
{
    fputc('\n', out);
    emit_finish_signature(out, m, "\n{\n");
    if (method_answers_stream(m)) {
        fputs("    return rpc_client_stream_finish((rpc_client_stream *)call, answer);\n}\n", out);
        return;
    }
    fputs("    ProtobufCMessage *reply = NULL;\n    sp_status status;\n\n", out);
    fputs("    status = rpc_client_stream_finish_one((rpc_client_stream *)call, &reply, answer);\n", out);
    fprintf(out, "    if (!sp_failed(status))\n        *ret_reply = (%s *)reply;\n", m->reply->type);
    fputs("    return status;\n}\n", out);
}

static void emit_stream(FILE *out, const service *s, const method *m)
{
    emit_open(out, s, m);
    if (method_takes_stream(m)) {
        fputc('\n', out);
        emit_write_signature(out, m, "\n{\n");
        fputs("    return rpc_client_stream_write((rpc_client_stream *)call, &message->base);\n}\n", out);
    }
    if (m->kind == METHOD_BIDI) {
        fprintf(out, "\nvoid %s_client_half_close(%s_client *call)\n{\n", m->prefix, m->prefix);
        fputs("    rpc_client_stream_half_close((rpc_client_stream *)call);\n}\n", out);
    }
    if (method_answers_stream(m)) {
        fprintf(out, "\n%s *%s_client_read(%s_client *call)\n{\n", m->reply->type, m->prefix, m->prefix);
        fprintf(out, "    return (%s *)rpc_client_stream_read((rpc_client_stream *)call);\n}\n", m->reply->type);
    }
    fprintf(out, "\nvoid %s_client_cancel(%s_client *call)\n{\n", m->prefix, m->prefix);
    fputs("    rpc_client_stream_cancel((rpc_client_stream *)call);\n}\n", out);
    emit_finish(out, m);
}

void emit_client_bodies(FILE *out, const service *s)
{
    for (size_t i = 0; i < s->method_count; i++) {
        if (method_streams(&s->methods[i]))
            emit_stream(out, s, &s->methods[i]);
        else
            emit_unary(out, s, &s->methods[i]);
        emit_async_bodies(out, s, &s->methods[i]);
    }
}
