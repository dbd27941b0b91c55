#include <check.h>
#include <string.h>

#include "room.h"
#include "rpc_async.h"
#include "suite.h"

SP_STATUS(NOT_TODAY, SP_UNAVAILABLE, "Come again tomorrow.");

static room here;
static rpc_client *client;

static void open_room(void)
{
    room_open(&here, &(rpc_server_options){.workers = 4, .stream_queue = 8});
    client = room_client(&here);
}

static void close_room(void)
{
    rpc_client_free(client);
    room_close(&here);
    ck_assert_int_eq(seen.begins, seen.ends);
    ck_assert_int_eq(seen.opens, seen.dones);
}

/* What came; all of it on the client's thread. */
typedef struct {
    atomic_int messages;
    atomic_int writables;
    atomic_int dones;
    atomic_llong last;
    atomic_int code;
    char reason[40];
    int pause_at; /* 0: never */
} sight;

static void message(rpc_async *call, const ProtobufCMessage *message)
{
    sight *s = rpc_async_context(call);

    s->last = ((const Note *)message)->number;
    if (atomic_fetch_add(&s->messages, 1) + 1 == s->pause_at)
        rpc_async_pause(call);
}

static void writable(rpc_async *call)
{
    atomic_fetch_add(&((sight *)rpc_async_context(call))->writables, 1);
}

static void done(rpc_async *call, const ProtobufCMessage *reply, const rpc_answer *answer)
{
    sight *s = rpc_async_context(call);

    ck_assert_ptr_eq(rpc_async_events(call), s);
    if (reply != NULL)
        s->last = ((const Note *)reply)->number;
    s->code = answer->status.code;
    snprintf(s->reason, sizeof s->reason, "%s", answer->reason);
    atomic_fetch_add(&s->dones, 1);
}

static const rpc_async_thunks thunks = {.message = message, .writable = writable, .done = done};

static rpc_async *start(rpc_client *with, int slot, const char *name, int64_t number, const rpc_options *options,
                        sight *s)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    bool asks = name != NULL;

    form.name = (char *)name;
    form.note = &note;
    note.number = number;
    return rpc_async_start(with, &room_service.methods[slot], options, asks ? &form.base : NULL, &thunks, s, s);
}

START_TEST(many_calls_run_at_once)
{
    enum { CALLS = 500 };
    static sight sights[CALLS];
    rpc_async *calls[CALLS];

    for (int i = 0; i < CALLS; i++)
        calls[i] = start(client, ROOM_PLAY, "left", i, NULL, &sights[i]);
    for (int i = 0; i < CALLS; i++) {
        ck_assert(room_sees(&sights[i].dones, 1));
        ck_assert_int_eq(sights[i].code, SP_OK);
        ck_assert_int_eq(sights[i].last, i);
        rpc_async_release(calls[i]);
    }
}
END_TEST

START_TEST(nobody_needs_to_keep_a_call)
{
    sight s = {.dones = 0};

    for (int i = 0; i < 100; i++)
        rpc_async_release(start(client, ROOM_PLAY, "left", i, NULL, &s));
    ck_assert(room_sees(&s.dones, 100));
}
END_TEST

START_TEST(a_call_is_cancelled)
{
    sight unary = {.dones = 0};
    sight stream = {.dones = 0};
    rpc_async *first = start(client, ROOM_PLAY, "wait", 0, NULL, &unary);
    rpc_async *second = start(client, ROOM_COUNT, "count", -1, NULL, &stream);

    ck_assert(room_sees(&seen.played, 1));
    ck_assert(room_sees(&stream.messages, 100));
    rpc_async_cancel(first);
    rpc_async_cancel(second);
    ck_assert(room_sees(&unary.dones, 1));
    ck_assert(room_sees(&stream.dones, 1));
    ck_assert_int_eq(unary.code, SP_CANCELLED);
    ck_assert_int_eq(stream.code, SP_CANCELLED);
    ck_assert(room_sees(&seen.on_cancels, 1));
    rpc_async_cancel(first); /* too late */
    rpc_async_release(first);
    rpc_async_release(second);
}
END_TEST

START_TEST(a_deadline_and_a_reason_come_with_done)
{
    sight late = {.dones = 0};
    sight refused = {.dones = 0};

    rpc_async_release(start(client, ROOM_PLAY, "wait", 0, &(rpc_options){.timeout_ms = 200}, &late));
    rpc_async_release(start(client, ROOM_PLAY, "refuse", 0, NULL, &refused));
    ck_assert(room_sees(&late.dones, 1));
    ck_assert(room_sees(&refused.dones, 1));
    ck_assert_int_eq(late.code, SP_DEADLINE_EXCEEDED);
    ck_assert_str_eq(refused.reason, "PLAY_REFUSED");
}
END_TEST

START_TEST(a_paused_reader_holds_the_server_back)
{
    sight s = {.pause_at = 10};
    rpc_async *call = start(client, ROOM_COUNT, "count", 3000, NULL, &s);
    int writables;

    ck_assert(room_sees(&s.messages, 10));
    sleep_ms(300);
    ck_assert_int_eq(s.messages, 10);
    writables = seen.writables;
    sleep_ms(200);
    ck_assert_int_eq(seen.writables, writables);
    rpc_async_resume(call);
    ck_assert(room_sees(&s.dones, 1));
    ck_assert_int_eq(s.code, SP_OK);
    ck_assert_int_eq(s.messages, 3000);
    ck_assert_int_eq(s.last, 2999);
    rpc_async_release(call);
}
END_TEST

START_TEST(the_write_queue_is_bounded)
{
    sight s = {.dones = 0};
    rpc_async *call = start(client, ROOM_COLLECT, NULL, 0, NULL, &s);
    static uint8_t data[1000];
    Note note = NOTE_INIT;
    int written = 0;
    int full = 0;

    note.number = 1;
    note.data = (ProtobufCBinaryData){sizeof data, data};
    while (written < 20000) {
        rpc_written result = rpc_async_write(call, &note.base);

        ck_assert_int_ne(result, RPC_CLOSED);
        if (result == RPC_WRITTEN) {
            written++;
            continue;
        }
        full++;
        ck_assert(room_sees(&s.writables, full));
    }
    ck_assert_int_gt(full, 0); /* a busy loop is faster than any network */
    ck_assert_int_eq(s.writables, full);
    rpc_async_half_close(call);
    ck_assert_int_eq(rpc_async_write(call, &note.base), RPC_CLOSED);
    ck_assert(room_sees(&s.dones, 1));
    ck_assert_int_eq(s.code, SP_OK);
    ck_assert_int_eq(s.last, 20000);
    rpc_async_release(call);
}
END_TEST

static sp_status refuse(void *self, rpc_outgoing *call)
{
    (void)self;
    (void)call;
    return NOT_TODAY;
}

START_TEST(a_call_that_cannot_leave_is_done_at_once)
{
    const rpc_client_interceptor refuses = {.begin = refuse};
    rpc_client *other =
        rpc_client_new(&(rpc_client_options){.target = here.target, .interceptors = &refuses, .interceptor_count = 1});
    sight s = {.dones = 0};

    rpc_async *unary = start(other, ROOM_PLAY, "left", 0, NULL, &s);
    ck_assert_int_eq(s.dones, 1);
    ck_assert_str_eq(s.reason, "NOT_TODAY");

    rpc_async *stream = start(other, ROOM_CHAT, NULL, 0, NULL, &s);
    Note note = NOTE_INIT;

    ck_assert_int_eq(s.dones, 2);
    ck_assert_int_eq(rpc_async_write(stream, &note.base), RPC_CLOSED);
    rpc_async_half_close(stream);
    rpc_async_resume(stream);
    rpc_async_cancel(stream);
    rpc_async_release(unary);
    rpc_async_release(stream);
    rpc_client_free(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls that do not block");
    TCase *cases = tcase_create("room");

    tcase_add_checked_fixture(cases, open_room, close_room);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, many_calls_run_at_once);
    tcase_add_test(cases, nobody_needs_to_keep_a_call);
    tcase_add_test(cases, a_call_is_cancelled);
    tcase_add_test(cases, a_deadline_and_a_reason_come_with_done);
    tcase_add_test(cases, a_paused_reader_holds_the_server_back);
    tcase_add_test(cases, the_write_queue_is_bounded);
    tcase_add_test(cases, a_call_that_cannot_leave_is_done_at_once);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
