#include <check.h>
#include <pthread.h>
#include <string.h>

#include "room.h"
#include "suite.h"

static room here;
static rpc_client *client;

static void open_room(void)
{
    room_open(&here, NULL);
    client = room_client(&here);
}

static void close_room(void)
{
    rpc_client_free(client);
    room_close(&here);
}

/* What came of one raw call. */
typedef struct {
    pthread_t thread; /* of its events */
    bool reads_on;    /* asks for the next message at once */
    atomic_int messages;
    atomic_int writables;
    atomic_int dones;
    int64_t last;
    int code;
    char reason[64];
} record;

static void take_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    record *r = context;
    Note *note = room__v1__note__unpack(NULL, size, bytes);

    r->thread = pthread_self();
    ck_assert_ptr_nonnull(note);
    r->last = note->number;
    room__v1__note__free_unpacked(note, NULL);
    atomic_fetch_add(&r->messages, 1);
    if (r->reads_on)
        rpc_raw_read(call);
}

static void take_writable(rpc_raw_call *call, void *context)
{
    (void)call;
    atomic_fetch_add(&((record *)context)->writables, 1);
}

static void take_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    record *r = context;

    (void)call;
    r->code = answer->status.code;
    strncpy(r->reason, answer->reason, sizeof r->reason - 1);
    atomic_fetch_add(&r->dones, 1);
}

static const rpc_raw_events events = {.message = take_message, .writable = take_writable, .done = take_done};

static rpc_raw_call *start(int slot, record *r, const rpc_options *options)
{
    rpc_raw_call *call = rpc_raw_start(client, room_service.methods[slot].path, options, &events, r);

    ck_assert_ptr_nonnull(call);
    return rpc_raw_hold(call);
}

static bool write_count(rpc_raw_call *call, int64_t number)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    uint8_t bytes[64];

    form.name = "count";
    form.note = &note;
    note.number = number;
    return rpc_raw_write(call, bytes, room__v1__form__pack(&form, bytes), true);
}

START_TEST(messages_come_one_for_each_question)
{
    record r = {.last = -1};
    rpc_raw_call *call = start(ROOM_COUNT, &r, NULL);

    ck_assert(write_count(call, 3));
    for (int i = 0; i < 3; i++) {
        sleep_ms(50);
        ck_assert_int_eq(r.messages, i);
        rpc_raw_read(call);
        ck_assert(room_sees(&r.messages, i + 1));
        ck_assert_int_eq(r.last, i);
    }
    rpc_raw_read(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_OK);
    ck_assert_int_eq(r.messages, 3);
    rpc_raw_release(call);
}
END_TEST

START_TEST(a_reader_may_ask_from_within_the_event)
{
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_COUNT, &r, NULL);

    ck_assert(write_count(call, 2000));
    rpc_raw_read(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.messages, 2000);
    ck_assert_int_eq(r.last, 1999);
    rpc_raw_release(call);
}
END_TEST

START_TEST(done_waits_for_the_first_question)
{
    record r = {.last = -1};
    rpc_client *lost = room_client_to("127.0.0.1:1");
    rpc_raw_call *call = rpc_raw_start(lost, "/room.v1.RoomService/Echo", NULL, &events, &r);

    sleep_ms(300);
    ck_assert_int_eq(r.dones, 0);
    rpc_raw_write(call, NULL, 0, true); /* the handle is good until then */
    rpc_raw_half_close(call);
    rpc_raw_cancel(call);
    rpc_raw_read(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_UNAVAILABLE);
    rpc_client_free(lost);
}
END_TEST

START_TEST(one_write_at_a_time)
{
    static const uint8_t note[] = {0x10, 0x05};
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_CHAT, &r, NULL);
    int written = 0;

    rpc_raw_read(call);
    while (written < 50) {
        if (!rpc_raw_write(call, note, sizeof note, false)) {
            sleep_ms(1);
            continue;
        }
        written++;
        ck_assert(room_sees(&r.writables, written));
    }
    rpc_raw_half_close(call);
    ck_assert(!rpc_raw_write(call, note, sizeof note, false));
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.messages, 50);
    ck_assert_int_eq(r.code, SP_OK);
    ck_assert(!rpc_raw_write(call, note, sizeof note, false));
    rpc_raw_cancel(call);
    rpc_raw_read(call);
    rpc_raw_half_close(call);
    sleep_ms(50);
    ck_assert_int_eq(r.dones, 1);
    rpc_raw_release(call);
}
END_TEST

START_TEST(half_close_waits_for_the_write_before_it)
{
    static const uint8_t note[] = {0x10, 0x05};
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_COLLECT, &r, NULL);

    rpc_raw_read(call);
    ck_assert(rpc_raw_write(call, note, sizeof note, false));
    rpc_raw_half_close(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_OK);
    ck_assert_int_eq(r.last, 5);
    rpc_raw_release(call);
}
END_TEST

START_TEST(a_cancelled_stream_is_done)
{
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_COUNT, &r, NULL);

    ck_assert(write_count(call, -1));
    rpc_raw_read(call);
    ck_assert(room_sees(&r.messages, 100));
    rpc_raw_cancel(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_CANCELLED);
    ck_assert(room_sees(&seen.dones, 1));
    rpc_raw_release(call);
}
END_TEST

START_TEST(the_reason_comes_with_done)
{
    static const uint8_t refuse[] = {0x0a, 6, 'r', 'e', 'f', 'u', 's', 'e'};
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_PLAY, &r, NULL);

    ck_assert(rpc_raw_write(call, refuse, sizeof refuse, true));
    rpc_raw_read(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(r.reason, "PLAY_REFUSED");
    rpc_raw_release(call);
}
END_TEST

START_TEST(a_deadline_ends_a_raw_call)
{
    record r = {.reads_on = true};
    rpc_raw_call *call = start(ROOM_CHAT, &r, &(rpc_options){.timeout_ms = 200});

    rpc_raw_read(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_DEADLINE_EXCEEDED);
    rpc_raw_release(call);
}
END_TEST

START_TEST(a_reply_of_no_sense_is_an_internal_failure)
{
    /* The room answers with a note; whoever expects a form finds a number in the place of a message. */
    const rpc_method wrong = {
        .path = "/room.v1.RoomService/Echo",
        .request = &room__v1__note__descriptor,
        .reply = &room__v1__form__descriptor,
    };
    Note note = NOTE_INIT;
    ProtobufCMessage *reply = NULL;
    rpc_answer answer;

    note.number = 1;
    ck_assert_int_eq(rpc_client_call(client, &wrong, NULL, &note.base, &reply, &answer).code, SP_INTERNAL);
    ck_assert_str_eq(answer.reason, "REPLY_MALFORMED");
    rpc_answer_done(&answer);
    ck_assert_ptr_null(reply);

    rpc_client_stream *stream = rpc_client_stream_open(client, &wrong, NULL);

    ck_assert(rpc_client_stream_write(stream, &note.base));
    rpc_client_stream_half_close(stream);
    ck_assert_ptr_null(rpc_client_stream_read(stream));
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_INTERNAL);
}
END_TEST

START_TEST(more_or_less_than_one_reply_is_an_internal_failure)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;

    form.name = "count";
    form.note = &note;
    for (int replies = 0; replies <= 2; replies += 2) {
        rpc_client_stream *stream = rpc_client_stream_open(client, &room_service.methods[ROOM_COUNT], NULL);
        ProtobufCMessage *reply = NULL;
        rpc_answer answer;

        note.number = replies;
        ck_assert(rpc_client_stream_write(stream, &form.base));
        ck_assert_int_eq(rpc_client_stream_finish_one(stream, &reply, &answer).code, SP_INTERNAL);
        ck_assert_str_eq(answer.reason, replies == 0 ? "REPLY_MISSING" : "REPLY_REPEATED");
        ck_assert_ptr_null(reply);
        rpc_answer_done(&answer);
    }
}
END_TEST

/* A call of one step, with these bytes; its number of messages is checked when it is done. */
static void ask_at_once(rpc_client *whom, int slot, const uint8_t *bytes, size_t size, record *r)
{
    ck_assert_ptr_nonnull(rpc_raw_unary(whom, room_service.methods[slot].path, NULL, bytes, size, &events, r));
    ck_assert(room_sees(&r->dones, 1));
}

START_TEST(a_call_of_one_step_brings_its_reply_and_is_done)
{
    record records[50] = {{.last = 0}};
    Note note = NOTE_INIT;
    uint8_t bytes[64];
    size_t size;

    note.number = 42;
    size = room__v1__note__pack(&note, bytes);
    for (size_t i = 0; i < 50; i++) {
        records[i].reads_on = i % 2; /* which is of no use here, and does no harm */
        ask_at_once(client, ROOM_ECHO, bytes, size, &records[i]);
        ck_assert_int_eq(records[i].code, SP_OK);
        ck_assert_int_eq(records[i].messages, 1);
        ck_assert_int_eq(records[i].last, 42);
    }
}
END_TEST

START_TEST(a_call_of_one_step_fails_without_a_message)
{
    static const uint8_t refuse[] = {0x0a, 6, 'r', 'e', 'f', 'u', 's', 'e'};
    rpc_client *lost = room_client_to("127.0.0.1:1");
    const rpc_metadatum bad = {"no good", "x"};
    record refused = {.last = 0}, unreached = {.last = 0};

    ask_at_once(client, ROOM_PLAY, refuse, sizeof refuse, &refused);
    ck_assert_int_eq(refused.code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(refused.reason, "PLAY_REFUSED");
    ck_assert_int_eq(refused.messages, 0);
    ask_at_once(lost, ROOM_ECHO, NULL, 0, &unreached);
    ck_assert_int_eq(unreached.code, SP_UNAVAILABLE);
    ck_assert_ptr_null(
        rpc_raw_unary(client, "/x/y", &(rpc_options){.metadata = &bad, .metadata_count = 1}, NULL, 0, &events, NULL));
    rpc_client_free(lost);
}
END_TEST

START_TEST(a_call_of_one_step_can_be_cancelled)
{
    static const uint8_t wait[] = {0x0a, 4, 'w', 'a', 'i', 't'};
    record r = {.last = 0};
    rpc_raw_call *call =
        rpc_raw_unary(client, room_service.methods[ROOM_PLAY].path, NULL, wait, sizeof wait, &events, &r);

    ck_assert_ptr_nonnull(call);
    sleep_ms(100);
    ck_assert_int_eq(r.dones, 0); /* so the handle is good */
    rpc_raw_cancel(call);
    ck_assert(room_sees(&r.dones, 1));
    ck_assert_int_eq(r.code, SP_CANCELLED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("raw calls");
    TCase *cases = tcase_create("room");

    tcase_add_checked_fixture(cases, open_room, close_room);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, messages_come_one_for_each_question);
    tcase_add_test(cases, a_reader_may_ask_from_within_the_event);
    tcase_add_test(cases, done_waits_for_the_first_question);
    tcase_add_test(cases, one_write_at_a_time);
    tcase_add_test(cases, half_close_waits_for_the_write_before_it);
    tcase_add_test(cases, a_cancelled_stream_is_done);
    tcase_add_test(cases, the_reason_comes_with_done);
    tcase_add_test(cases, a_deadline_ends_a_raw_call);
    tcase_add_test(cases, a_reply_of_no_sense_is_an_internal_failure);
    tcase_add_test(cases, more_or_less_than_one_reply_is_an_internal_failure);
    tcase_add_test(cases, a_call_of_one_step_brings_its_reply_and_is_done);
    tcase_add_test(cases, a_call_of_one_step_fails_without_a_message);
    tcase_add_test(cases, a_call_of_one_step_can_be_cancelled);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
