/* The hut's handlers. */
#include <string.h>

#include "hut_service.h"

SP_STATUS(PLAY_REFUSED, SP_FAILED_PRECONDITION, "The hut refuses, as it was asked to.");

/* ---- unary ---- */

static void note_cancel(void *arg)
{
    atomic_store((atomic_bool *)arg, true);
}

static sp_status play_wait(rpc_call *call)
{
    atomic_bool cancelled = false;

    rpc_call_on_cancel(call, note_cancel, &cancelled);
    while (!atomic_load(&cancelled))
        sleep_ms(1);
    rpc_call_on_cancel(call, NULL, NULL);
    return SP_DONE;
}

static sp_status play_refuse(rpc_call *call)
{
    rpc_call_answer_metadata(call, "x-hut", "cold");
    rpc_call_error_fact(call, "door", "north");
    return PLAY_REFUSED;
}

/* Everything that a handler can ask of its call. */
static sp_status play_ask(rpc_call *call, Note *reply)
{
    arena *a = rpc_call_arena(call);

    rpc_call_peer(call);
    rpc_call_peer_certificate(call);
    rpc_call_metadata(call, "x-note");
    rpc_call_answer_metadata(call, "x-hut", "warm");
    for (int i = 0; i < 20; i++)
        if (arena_alloc(a, 5000) == NULL)
            return OUT_OF_MEMORY;
    reply->text = arena_printf(a, "%s", "asked");
    return reply->text != NULL ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status play(rpc_call *call, const Form *form, Note *reply)
{
    if (strcmp(form->name, "wait") == 0)
        return play_wait(call);
    if (strcmp(form->name, "refuse") == 0)
        return play_refuse(call);
    if (strcmp(form->name, "ask") == 0)
        return play_ask(call, reply);
    rpc_call_violation(call, "name", "NAME_UNKNOWN", "The play is unknown.");
    return rpc_call_violation(call, "note.number", "NUMBER_ODD", "The number is odd.");
}

static sp_status unary(const void *handlers, size_t slot, rpc_call *call, const ProtobufCMessage *request,
                       ProtobufCMessage *reply)
{
    Note *note = (Note *)reply;

    (void)handlers;
    if (slot == ROOM_PLAY)
        return play(call, (const Form *)request, note);

    ProtobufCMessage base = note->base;

    *note = *(const Note *)request;
    note->base = base;
    return SP_DONE;
}

/* ---- streams ---- */

/* In the memory of the call, which lives longer than the stream. */
typedef struct {
    int64_t number;
    int64_t limit;
} tally;

static sp_status open_tally(rpc_stream *stream, const ProtobufCMessage *request)
{
    tally *t = arena_alloc(rpc_call_arena(rpc_stream_call(stream)), sizeof *t);

    (void)request;
    rpc_stream_set_context(stream, t);
    return t != NULL ? SP_DONE : OUT_OF_MEMORY;
}

static void done(rpc_stream *stream)
{
    (void)stream;
}

static rpc_written write_number(rpc_stream *stream, int64_t number)
{
    Note note = NOTE_INIT;

    note.number = number;
    note.text = "note";
    return rpc_stream_write(stream, &note.base);
}

static void collect_message(rpc_stream *stream, const ProtobufCMessage *message)
{
    tally *t = rpc_stream_context(stream);

    t->number += ((const Note *)message)->number;
}

static void collect_half_close(rpc_stream *stream)
{
    const tally *t = rpc_stream_context(stream);

    write_number(stream, t->number);
    rpc_stream_finish(stream, SP_DONE);
}

static void count_on(rpc_stream *stream)
{
    tally *t = rpc_stream_context(stream);

    for (; t->number < t->limit; t->number++)
        if (write_number(stream, t->number) != RPC_WRITTEN)
            return;
    rpc_stream_finish(stream, SP_DONE);
}

static sp_status count_open(rpc_stream *stream, const ProtobufCMessage *request)
{
    sp_status status = open_tally(stream, request);

    if (sp_failed(status))
        return status;
    ((tally *)rpc_stream_context(stream))->limit = ((const Form *)request)->note->number;
    count_on(stream);
    return SP_DONE;
}

static void chat_message(rpc_stream *stream, const ProtobufCMessage *message)
{
    if (strcmp(((const Note *)message)->text, "cut") == 0)
        rpc_stream_cut(stream, PLAY_REFUSED);
    else
        rpc_stream_write(stream, message);
}

static void chat_half_close(rpc_stream *stream)
{
    rpc_stream_finish(stream, SP_DONE);
}

static const rpc_stream_events *stream(const void *handlers, size_t slot)
{
    static const rpc_stream_events collect = {
        .open = open_tally,
        .message = collect_message,
        .half_close = collect_half_close,
        .done = done,
    };
    static const rpc_stream_events count = {.open = count_open, .writable = count_on, .done = done};
    static const rpc_stream_events chat = {
        .open = open_tally,
        .message = chat_message,
        .half_close = chat_half_close,
        .done = done,
    };

    (void)handlers;
    return slot == ROOM_COLLECT ? &collect : slot == ROOM_COUNT ? &count : &chat;
}

static bool implements(const void *handlers, size_t slot)
{
    (void)handlers;
    return slot != ROOM_ABSENT;
}

const rpc_binding hut_binding = {.unary = unary, .stream = stream, .implements = implements};

/* What a session would be: something of the call's memory that lives until its end. */
static sp_status begin(void *self, rpc_call *call)
{
    void *session = arena_alloc(rpc_call_arena(call), 100);

    (void)self;
    rpc_call_set_context(call, session);
    return session != NULL ? SP_DONE : OUT_OF_MEMORY;
}

const rpc_interceptor hut_interceptor = {.begin = begin};
