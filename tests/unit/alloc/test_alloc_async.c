/* Calls that do not block, of all kinds; as in test_alloc_calls.c. */
#include <pthread.h>
#include <string.h>

#include "alloc_scenario.h"
#include "hut.h"
#include "rpc_async.h"

/* What a call tells whoever waits for its end. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
    sp_code code;
    int64_t sum; /* of the numbers that came */
    int notes;
} waiting;

static void take(waiting *w, const ProtobufCMessage *message)
{
    w->sum += ((const Note *)message)->number;
    w->notes++;
}

static void take_message(rpc_async *call, const ProtobufCMessage *message)
{
    take(rpc_async_context(call), message);
}

static void take_done(rpc_async *call, const ProtobufCMessage *reply, const rpc_answer *answer)
{
    waiting *w = rpc_async_context(call);

    if (reply != NULL)
        take(w, reply);
    pthread_mutex_lock(&w->lock);
    w->code = answer->status.code;
    w->done = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static rpc_async *start(waiting *w, int slot, const ProtobufCMessage *request)
{
    static const rpc_async_thunks thunks = {.message = take_message, .done = take_done};

    *w = (waiting){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    return rpc_async_start(hut.client, &room_service.methods[slot], &hut_options, request, &thunks, NULL, w);
}

static void write_note(rpc_async *call, int64_t number)
{
    Note note = NOTE_INIT;

    note.number = number;
    note.text = "note";
    rpc_async_write(call, &note.base);
}

/* Releases the call. The notes are what must have come when all went well. */
static sp_code end_of(rpc_async *call, waiting *w, int notes, int64_t sum)
{
    if (call == NULL)
        return SP_RESOURCE_EXHAUSTED;
    pthread_mutex_lock(&w->lock);
    while (!w->done)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
    rpc_async_release(call);
    return w->code == SP_OK && (w->notes != notes || w->sum != sum) ? SP_DATA_LOSS : w->code;
}

static sp_code echo(void)
{
    Note note = NOTE_INIT;
    waiting w;

    note.number = 7;
    note.text = "hello";

    rpc_async *call = start(&w, ROOM_ECHO, &note.base);

    return end_of(call, &w, 1, 7);
}

static sp_code collect(void)
{
    waiting w;
    rpc_async *call = start(&w, ROOM_COLLECT, NULL);

    for (int64_t i = 1; call != NULL && i <= 4; i++)
        write_note(call, i);
    if (call != NULL)
        rpc_async_half_close(call);
    return end_of(call, &w, 1, 10);
}

static sp_code count(void)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    waiting w;

    form.name = "count";
    form.note = &note;
    note.number = 10;

    rpc_async *call = start(&w, ROOM_COUNT, &form.base);

    return end_of(call, &w, 10, 45);
}

static sp_code chat(void)
{
    waiting w;
    rpc_async *call = start(&w, ROOM_CHAT, NULL);

    for (int64_t i = 1; call != NULL && i <= 4; i++)
        write_note(call, i);
    if (call != NULL)
        rpc_async_half_close(call);
    return end_of(call, &w, 4, 10);
}

static sp_code cancel(void)
{
    waiting w;
    rpc_async *call = start(&w, ROOM_CHAT, NULL);

    if (call != NULL)
        rpc_async_cancel(call);
    return end_of(call, &w, 0, 0);
}

static const alloc_scenario scenarios[] = {
    HUT_CALL("unary call that does not block", SP_OK, echo),
    HUT_CALL("client stream that does not block", SP_OK, collect),
    HUT_CALL("server stream that does not block", SP_OK, count),
    HUT_CALL("bidirectional stream that does not block", SP_OK, chat),
    HUT_CALL("stream that is cancelled at once", SP_CANCELLED, cancel),
};

int main(void)
{
    return alloc_scenarios_run("calls that do not block, without memory", scenarios,
                               sizeof scenarios / sizeof *scenarios);
}
