/* The room's handlers and its hand-written table. */
#include "room.h"

#include <pthread.h>
#include <string.h>

SP_STATUS(NO_SUCH_PLAY, SP_NOT_FOUND, "The room does not know the play.");
SP_STATUS(PLAY_REFUSED, SP_FAILED_PRECONDITION, "The room refuses, as it was asked to.");

/* ---- unary ---- */

static void note_cancel(void *arg)
{
    atomic_fetch_add(&seen.on_cancels, 1);
    atomic_store((atomic_bool *)arg, true);
}

static sp_status play_wait(rpc_call *call)
{
    atomic_bool cancelled = false;

    rpc_call_on_cancel(call, note_cancel, &cancelled);
    for (int i = 0; i < 500 && !atomic_load(&cancelled); i++)
        sleep_ms(10);
    rpc_call_on_cancel(call, NULL, NULL);
    EXPECT(rpc_call_cancelled(call) == atomic_load(&cancelled));
    return SP_DONE;
}

static sp_status play_refuse(rpc_call *call)
{
    EXPECT(rpc_call_answer_metadata(call, "x-room", "small"));
    EXPECT(!rpc_call_answer_metadata(call, "X-Upper", "no"));
    EXPECT(!rpc_call_answer_metadata(call, "x-line", "two\nlines"));
    EXPECT(!rpc_call_answer_metadata(call, "grpc-status", "0"));
    rpc_call_error_fact(call, "door", "north");
    return PLAY_REFUSED;
}

static sp_status play_greet(rpc_call *call)
{
    EXPECT(rpc_call_initial_metadata(call, "x-greeting", "hello"));
    EXPECT(rpc_call_answer_metadata(call, "x-farewell", "goodbye"));
    EXPECT(!rpc_call_initial_metadata(call, "grpc-encoding", "gzip"));
    return SP_DONE;
}

static sp_status tell(rpc_call *call, Note *reply, const char *text)
{
    reply->text = arena_text(rpc_call_arena(call), text != NULL ? text : "(none)");
    return SP_DONE;
}

static sp_status play(rpc_call *call, const Form *form, Note *reply)
{
    const char *name = form->name;
    char text[32];

    atomic_fetch_add(&seen.played, 1);
    if (form->note != NULL)
        reply->number = form->note->number;
    if (strcmp(name, "sleep") == 0) {
        sleep_ms((int)form->note->number);
        return SP_DONE;
    }
    if (strcmp(name, "wait") == 0)
        return play_wait(call);
    if (strcmp(name, "refuse") == 0)
        return play_refuse(call);
    if (strcmp(name, "greet") == 0)
        return play_greet(call);
    if (strcmp(name, "violate") == 0) {
        rpc_call_violation(call, "note.text", "TEXT_DULL", "The text is dull.");
        return rpc_call_violation(call, "note.number", "NUMBER_ODD", "The number is odd.");
    }
    if (strcmp(name, "context") == 0)
        return tell(call, reply, rpc_call_context(call));
    if (strcmp(name, "peer") == 0)
        return tell(call, reply, rpc_call_peer(call));
    if (strcmp(name, "certificate") == 0)
        return tell(call, reply, rpc_call_peer_certificate(call));
    if (strcmp(name, "metadata") == 0)
        return tell(call, reply, rpc_call_metadata(call, "x-note"));
    if (strcmp(name, "listener") == 0) {
        reply->number = rpc_call_listener(call);
        return SP_DONE;
    }
    if (strcmp(name, "left") == 0) {
        snprintf(text, sizeof text, "%lld", (long long)rpc_call_time_left_ms(call));
        return tell(call, reply, text);
    }
    if (strcmp(name, "lose") == 0)
        return SP_DONE; /* the interceptor changes the outcome */
    return NO_SUCH_PLAY;
}

static sp_status echo(rpc_call *call, const Note *request, Note *reply)
{
    ProtobufCMessage base = reply->base;

    (void)call;
    *reply = *request;
    reply->base = base;
    return SP_DONE;
}

static sp_status unary(const void *handlers, size_t slot, rpc_call *call, const ProtobufCMessage *request,
                       ProtobufCMessage *reply)
{
    EXPECT(handlers == &room_service);
    EXPECT(rpc_call_self(call) == &seen);
    if (slot == ROOM_PLAY)
        return play(call, (const Form *)request, (Note *)reply);
    return echo(call, (const Note *)request, (Note *)reply);
}

/* ---- streams ---- */

typedef struct {
    int64_t number;
    int64_t limit;
    bool silent; /* somebody else writes */
} tally;

static sp_status open_any(rpc_stream *stream)
{
    tally *t = calloc(1, sizeof *t);

    atomic_fetch_add(&seen.opens, 1);
    EXPECT(t != NULL);
    EXPECT(rpc_stream_handlers(stream) == &room_service);
    rpc_stream_set_context(stream, t);
    if (rpc_call_metadata(rpc_stream_call(stream), "x-refuse") != NULL)
        return PLAY_REFUSED;
    if (rpc_call_metadata(rpc_stream_call(stream), "x-hold") != NULL)
        atomic_store(&seen.held, rpc_stream_hold(stream));
    if (rpc_call_metadata(rpc_stream_call(stream), "x-greet") != NULL)
        play_greet(rpc_stream_call(stream));
    if (rpc_call_metadata(rpc_stream_call(stream), "x-cut") != NULL)
        rpc_stream_cut(stream, PLAY_REFUSED);
    return SP_DONE;
}

static void done_any(rpc_stream *stream)
{
    atomic_fetch_add(&seen.dones, 1);
    free(rpc_stream_context(stream));
}

static void cancel_any(rpc_stream *stream)
{
    Note note = NOTE_INIT;

    atomic_fetch_add(&seen.cancels, 1);
    EXPECT(rpc_stream_write(stream, &note.base) == RPC_CLOSED);
}

static rpc_written write_number(rpc_stream *stream, int64_t number, const char *text)
{
    Note note = NOTE_INIT;

    note.number = number;
    note.text = (char *)text;
    return rpc_stream_write(stream, &note.base);
}

static sp_status collect_open(rpc_stream *stream, const ProtobufCMessage *request)
{
    EXPECT(request == NULL);
    return open_any(stream);
}

static void collect_message(rpc_stream *stream, const ProtobufCMessage *message)
{
    tally *t = rpc_stream_context(stream);

    atomic_fetch_add(&seen.messages, 1);
    t->number += ((const Note *)message)->number;
}

static void collect_half_close(rpc_stream *stream)
{
    tally *t = rpc_stream_context(stream);

    atomic_fetch_add(&seen.half_closes, 1);
    write_number(stream, t->number, "sum");
    rpc_stream_finish(stream, SP_DONE);
}

static void count_on(rpc_stream *stream)
{
    tally *t = rpc_stream_context(stream);
    char filler[201];

    if (t->silent)
        return;
    memset(filler, 'x', 200);
    filler[200] = '\0';
    while (t->limit < 0 || t->number < t->limit) {
        if (write_number(stream, t->number, filler) != RPC_WRITTEN)
            return;
        t->number++;
    }
    rpc_stream_finish(stream, SP_DONE);
}

static sp_status count_open(rpc_stream *stream, const ProtobufCMessage *request)
{
    const Form *form = (const Form *)request;
    sp_status status = open_any(stream);

    if (sp_failed(status))
        return status;
    ((tally *)rpc_stream_context(stream))->silent = strcmp(form->name, "silent") == 0;
    ((tally *)rpc_stream_context(stream))->limit = form->note->number;
    count_on(stream);
    return SP_DONE;
}

static void count_writable(rpc_stream *stream)
{
    atomic_fetch_add(&seen.writables, 1);
    count_on(stream);
}

static void *resume_later(void *arg)
{
    sleep_ms(300);
    rpc_stream_resume(arg);
    rpc_stream_release(arg);
    return NULL;
}

static void chat_message(rpc_stream *stream, const ProtobufCMessage *message)
{
    const Note *note = (const Note *)message;
    pthread_t thread;

    atomic_fetch_add(&seen.messages, 1);
    EXPECT(!rpc_call_initial_metadata(rpc_stream_call(stream), "x-late", "1")); /* headers have left */
    EXPECT(arena_alloc(rpc_call_arena(rpc_stream_call(stream)), 1000) != NULL);
    if (strcmp(note->text, "finish") == 0) {
        rpc_stream_finish(stream, PLAY_REFUSED);
        rpc_stream_finish(stream, SP_DONE); /* too late */
        EXPECT(rpc_stream_write(stream, message) == RPC_CLOSED);
        return;
    }
    if (strcmp(note->text, "pause") == 0) {
        rpc_stream_pause(stream);
        EXPECT(pthread_create(&thread, NULL, resume_later, rpc_stream_hold(stream)) == 0);
        pthread_detach(thread);
    }
    rpc_stream_write(stream, message);
}

static void chat_half_close(rpc_stream *stream)
{
    atomic_fetch_add(&seen.half_closes, 1);
    rpc_stream_finish(stream, SP_DONE);
}

static const rpc_stream_events *stream(const void *handlers, size_t slot)
{
    static const rpc_stream_events collect = {
        .open = collect_open,
        .message = collect_message,
        .half_close = collect_half_close,
        .cancel = cancel_any,
        .done = done_any,
    };
    static const rpc_stream_events count = {
        .open = count_open,
        .writable = count_writable,
        .cancel = cancel_any,
        .done = done_any,
    };
    static const rpc_stream_events chat = {
        .open = collect_open,
        .message = chat_message,
        .half_close = chat_half_close,
        .cancel = cancel_any,
        .done = done_any,
    };

    (void)handlers;
    return slot == ROOM_COLLECT ? &collect : slot == ROOM_COUNT ? &count : &chat;
}

static bool implements(const void *handlers, size_t slot)
{
    (void)handlers;
    return slot != ROOM_ABSENT;
}

/* ---- table ---- */

#define METHOD(name_, kind_, request_, inline_)                                                                        \
    {                                                                                                                  \
        .path = "/room.v1.RoomService/" name_, .name = name_, .kind = kind_, .caller = RPC_CALLER_ANYONE,              \
        .permission = "", .audit = "", .runs_inline = inline_, .request = &room__v1__##request_##__descriptor,         \
        .reply = &room__v1__note__descriptor,                                                                          \
    }

static const rpc_method methods[] = {
    [ROOM_ECHO] = METHOD("Echo", RPC_UNARY, note, false),
    [ROOM_ECHO_INLINE] = METHOD("EchoInline", RPC_UNARY, note, true),
    [ROOM_PLAY] = METHOD("Play", RPC_UNARY, form, false),
    [ROOM_ABSENT] = METHOD("Absent", RPC_UNARY, note, false),
    [ROOM_COLLECT] = METHOD("Collect", RPC_CLIENT_STREAM, note, false),
    [ROOM_COUNT] = METHOD("Count", RPC_SERVER_STREAM, form, false),
    [ROOM_CHAT] = METHOD("Chat", RPC_BIDI, note, false),
};

static const rpc_limit limits[] = {
    {.message = &room__v1__note__descriptor, .field = 1, .max_bytes = 256},
    {.message = &room__v1__note__descriptor, .field = 4, .max_bytes = 8, .max_items = 3},
    {.message = &room__v1__form__descriptor, .field = 1, .max_bytes = 16, .required = true},
    {.message = &room__v1__note__descriptor, .field = 6, .max_items = 4},
};

const rpc_service room_service = {
    .name = "room.v1.RoomService",
    .methods = methods,
    .count = ROOM_METHODS,
    .limits = limits,
    .limit_count = sizeof limits / sizeof *limits,
};

const rpc_binding room_binding = {
    .handlers = &room_service,
    .self = &seen,
    .unary = unary,
    .stream = stream,
    .implements = implements,
};
