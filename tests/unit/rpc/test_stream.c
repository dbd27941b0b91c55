#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "room.h"
#include "suite.h"

static room here;
static rpc_client *client;

static void open_room(void)
{
    room_open(&here, &(rpc_server_options){.workers = 4, .stream_queue = 8});
    client = room_client(&here);
}

static void close_room(void)
{
    rpc_stream *held = atomic_load(&seen.held);

    rpc_client_free(client);
    room_close(&here);
    if (held != NULL)
        rpc_stream_release(held);
    ck_assert_int_eq(seen.begins, seen.ends);
    ck_assert_int_eq(seen.opens, seen.dones);
    ck_assert_int_eq(seen.finishes, 0);
}

static rpc_client_stream *open_stream(int slot, const rpc_options *options)
{
    rpc_client_stream *stream = rpc_client_stream_open(client, &room_service.methods[slot], options);

    ck_assert_ptr_nonnull(stream);
    return stream;
}

static rpc_client_stream *open_with(int slot, const char *key)
{
    const rpc_metadatum metadata[] = {{key, "1"}};

    return open_stream(slot, &(rpc_options){.metadata = metadata, .metadata_count = 1});
}

static bool say(rpc_client_stream *stream, const char *text, int64_t number)
{
    Note note = NOTE_INIT;

    note.text = (char *)text;
    note.number = number;
    return rpc_client_stream_write(stream, &note.base);
}

/* The number of the next note; -1 when there is none. */
static int64_t hear(rpc_client_stream *stream)
{
    Note *note = (Note *)rpc_client_stream_read(stream);
    int64_t number = note != NULL ? note->number : -1;

    if (note != NULL)
        room__v1__note__free_unpacked(note, NULL);
    return number;
}

static bool ask(rpc_client_stream *stream, const char *name, int64_t number)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;

    form.name = (char *)name;
    form.note = &note;
    note.number = number;
    return rpc_client_stream_write(stream, &form.base);
}

START_TEST(a_client_stream_is_summed_up)
{
    rpc_client_stream *stream = open_stream(ROOM_COLLECT, NULL);
    ProtobufCMessage *reply = NULL;

    for (int i = 1; i <= 100; i++)
        ck_assert(say(stream, "n", i));
    ck_assert_int_eq(rpc_client_stream_finish_one(stream, &reply, NULL).code, SP_OK);
    ck_assert_int_eq(((Note *)reply)->number, 5050);
    protobuf_c_message_free_unpacked(reply, NULL);
    ck_assert_int_eq(seen.messages, 100);
    ck_assert_int_eq(seen.half_closes, 1);
    ck_assert_int_eq(seen.cancels, 0);
}
END_TEST

START_TEST(a_server_stream_is_read_to_its_end)
{
    rpc_client_stream *stream = open_stream(ROOM_COUNT, NULL);

    ck_assert(ask(stream, "count", 500));
    for (int i = 0; i < 500; i++)
        ck_assert_int_eq(hear(stream), i);
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_OK);
    ck_assert_int_gt(seen.writables, 10); /* 500 through a queue of eight */
}
END_TEST

START_TEST(both_sides_talk_at_once)
{
    rpc_client_stream *stream = open_stream(ROOM_CHAT, NULL);

    for (int i = 0; i < 200; i++) {
        ck_assert(say(stream, "hello", i));
        ck_assert_int_eq(hear(stream), i);
    }
    rpc_client_stream_half_close(stream);
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_OK);
}
END_TEST

START_TEST(a_slow_reader_holds_the_writer_back)
{
    rpc_client_stream *stream = open_stream(ROOM_COUNT, NULL);
    int writables;

    ck_assert(ask(stream, "count", -1));
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(hear(stream), i);
    sleep_ms(500);
    writables = seen.writables;
    sleep_ms(300);
    ck_assert_int_eq(seen.writables, writables); /* it waits */
    for (int i = 10; i < 5000; i++)
        ck_assert_int_eq(hear(stream), i);
    ck_assert_int_gt(seen.writables, writables); /* and goes on */
    rpc_client_stream_cancel(stream);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_CANCELLED);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert_int_eq(seen.cancels, 1);
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.last_outcome, SP_CANCELLED);
}
END_TEST

START_TEST(a_refused_open_is_the_answer_and_is_done)
{
    rpc_client_stream *stream = open_with(ROOM_CHAT, "x-refuse");
    rpc_answer answer;

    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, &answer).code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(answer.reason, "PLAY_REFUSED");
    rpc_answer_done(&answer);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert_int_eq(seen.cancels, 0);
}
END_TEST

START_TEST(a_stranger_opens_nothing)
{
    rpc_client_stream *stream = open_with(ROOM_COUNT, "x-stranger");

    ask(stream, "count", 1);
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_UNAUTHENTICATED);
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.opens, 0);
    ck_assert_int_eq(seen.dones, 0);
}
END_TEST

START_TEST(a_handler_finishes_when_it_likes)
{
    rpc_client_stream *stream = open_stream(ROOM_CHAT, NULL);
    rpc_answer answer;

    ck_assert(say(stream, "one", 1));
    ck_assert(say(stream, "finish", 2));
    ck_assert_int_eq(hear(stream), 1);
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, &answer).code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(answer.reason, "PLAY_REFUSED");
    rpc_answer_done(&answer);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.last_outcome, SP_FAILED_PRECONDITION);
}
END_TEST

START_TEST(a_broken_limit_ends_the_stream_with_a_violation)
{
    rpc_client_stream *stream = open_stream(ROOM_CHAT, NULL);
    char text[300];
    rpc_answer answer;

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert(say(stream, "fine", 1));
    ck_assert_int_eq(hear(stream), 1);
    say(stream, text, 2);
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, &answer).code, SP_INVALID_ARGUMENT);
    ck_assert_str_eq(answer.reason, "FIELD_TOO_LONG");
    rpc_answer_done(&answer);
    ck_assert_int_eq(seen.messages, 1);
    ck_assert(room_sees(&seen.dones, 1));
}
END_TEST

START_TEST(cancelling_reaches_the_handler_once_and_never_as_a_half_close)
{
    enum { ROUNDS = 100 };

    for (int i = 0; i < ROUNDS; i++) {
        rpc_client_stream *stream = open_stream(i % 2 ? ROOM_CHAT : ROOM_COLLECT, NULL);

        if (i % 3 > 0) {
            ck_assert(say(stream, "hello", 1));
            ck_assert(room_sees(&seen.messages, 1));
        }
        ck_assert(room_sees(&seen.opens, i + 1));
        rpc_client_stream_cancel(stream);
        ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_CANCELLED);
        atomic_store(&seen.messages, 0);
    }
    ck_assert(room_sees(&seen.dones, ROUNDS));
    ck_assert_int_eq(seen.cancels, ROUNDS);
    ck_assert_int_eq(seen.half_closes, 0);
}
END_TEST

/* In a process of its own, which is killed while its streams are open. */
static void open_streams_and_hang(const char *target, int count)
{
    rpc_client *other = room_client_to(target);

    for (int i = 0; i < count; i++) {
        rpc_client_stream *stream = rpc_client_stream_open(other, &room_service.methods[ROOM_CHAT], NULL);

        say(stream, "hello", i);
        hear(stream);
    }
    for (;;)
        pause();
}

START_TEST(a_killed_peer_is_a_cancel)
{
    enum { STREAMS = 20 };

    /* Forked before gRPC has threads in this process. */
    int target[2];
    ck_assert_int_eq(pipe(target), 0);

    pid_t child = fork();

    if (child == 0) {
        char text[64] = "";

        if (read(target[0], text, sizeof text) > 0)
            open_streams_and_hang(text, STREAMS);
        _exit(1);
    }
    open_room();
    ck_assert_int_eq(write(target[1], here.target, sizeof here.target), sizeof here.target);
    ck_assert(room_sees(&seen.messages, STREAMS));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert(room_sees(&seen.dones, STREAMS));
    ck_assert_int_eq(seen.cancels, STREAMS);
    ck_assert_int_eq(seen.half_closes, 0);
    close_room();
}
END_TEST

START_TEST(a_deadline_ends_a_stream)
{
    rpc_client_stream *stream = open_stream(ROOM_COUNT, &(rpc_options){.timeout_ms = 300});

    ck_assert(ask(stream, "silent", 0));
    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_DEADLINE_EXCEEDED);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert_int_eq(seen.cancels, 1);
}
END_TEST

START_TEST(reading_pauses_and_goes_on)
{
    rpc_client_stream *stream = open_stream(ROOM_CHAT, NULL);

    ck_assert(say(stream, "pause", 1));
    ck_assert_int_eq(hear(stream), 1);
    ck_assert(say(stream, "after", 2));
    sleep_ms(100);
    ck_assert_int_eq(seen.messages, 1);
    ck_assert_int_eq(hear(stream), 2);
    ck_assert_int_eq(seen.messages, 2);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_OK);
}
END_TEST

static void *write_from_afar(void *arg)
{
    rpc_stream *stream = atomic_load(&seen.held);
    Note note = NOTE_INIT;

    note.number = *(int *)arg;
    for (int sent = 0; sent < 200;) {
        rpc_written written = rpc_stream_write(stream, &note.base);

        ck_assert_int_ne(written, RPC_CLOSED);
        if (written == RPC_WRITTEN)
            sent++;
        else
            sleep_ms(1);
    }
    return NULL;
}

START_TEST(any_thread_writes_to_a_held_stream)
{
    rpc_client_stream *stream = open_with(ROOM_COUNT, "x-hold");
    pthread_t threads[4];
    int numbers[4] = {1, 10, 100, 1000};
    int64_t sum = 0;
    Note note = NOTE_INIT;

    ck_assert(ask(stream, "silent", 0));
    ck_assert(room_sees(&seen.opens, 1));
    sleep_ms(50);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_from_afar, &numbers[i]), 0);
    for (int i = 0; i < 800; i++)
        sum += hear(stream);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(sum, 200 * 1111);

    rpc_stream_finish(atomic_load(&seen.held), SP_DONE);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_OK);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert_int_eq(rpc_stream_write(atomic_load(&seen.held), &note.base), RPC_CLOSED);
    rpc_stream_finish(atomic_load(&seen.held), SP_DONE);
    rpc_stream_resume(atomic_load(&seen.held));
}
END_TEST

START_TEST(a_queue_of_long_messages_is_full_early)
{
    enum { LONG = 200000 };
    rpc_client_stream *stream = open_with(ROOM_COUNT, "x-hold");
    uint8_t *data = calloc(1, LONG);
    Note note = NOTE_INIT;
    int written = 0;

    ck_assert(ask(stream, "silent", 0));
    ck_assert(room_sees(&seen.opens, 1));
    sleep_ms(50);
    note.data = (ProtobufCBinaryData){LONG, data};
    while (written < 100 && rpc_stream_write(atomic_load(&seen.held), &note.base) == RPC_WRITTEN)
        written++;
    ck_assert_int_ge(written, 5);
    ck_assert_int_le(written, 8); /* the queue itself holds eight; a mebibyte comes first */
    for (int i = 0; i < written; i++)
        ck_assert_int_eq(hear(stream), 0);
    ck_assert(room_sees(&seen.writables, 1));
    rpc_stream_finish(atomic_load(&seen.held), SP_DONE);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_OK);
    free(data);
}
END_TEST

START_TEST(a_cut_reaches_even_a_peer_that_does_not_read)
{
    SP_STATUS(REVOKED, SP_PERMISSION_DENIED, "You must go.");
    rpc_client_stream *stream = open_with(ROOM_COUNT, "x-hold");
    rpc_answer answer;

    ck_assert(ask(stream, "count", -1));
    ck_assert(room_sees(&seen.opens, 1));
    sleep_ms(200);
    rpc_stream_finish(atomic_load(&seen.held), REVOKED);
    sleep_ms(200);
    ck_assert_int_eq(seen.dones, 0); /* finishing waits for what is queued */
    rpc_stream_cut(atomic_load(&seen.held), REVOKED);
    ck_assert(room_sees(&seen.dones, 1));
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.last_outcome, SP_PERMISSION_DENIED);
    ck_assert_int_eq(seen.cancels, 0);
    rpc_stream_cut(atomic_load(&seen.held), SP_DONE);
    ck_assert_int_eq(rpc_client_stream_finish(stream, &answer).code, SP_PERMISSION_DENIED);
    ck_assert_str_eq(answer.message, "You must go.");
    rpc_answer_done(&answer);
}
END_TEST

START_TEST(a_stream_cut_while_it_opens_is_over)
{
    rpc_client_stream *stream = open_with(ROOM_CHAT, "x-cut");

    ck_assert_int_eq(hear(stream), -1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_FAILED_PRECONDITION);
    ck_assert(room_sees(&seen.dones, 1));
}
END_TEST

START_TEST(many_streams_share_one_connection)
{
    enum { STREAMS = 300 };
    rpc_client_stream *streams[STREAMS];

    for (int i = 0; i < STREAMS; i++)
        streams[i] = open_stream(ROOM_CHAT, NULL);
    for (int i = 0; i < STREAMS; i++)
        ck_assert(say(streams[i], "hello", i));
    for (int i = 0; i < STREAMS; i++)
        ck_assert_int_eq(hear(streams[i]), i);
    for (int i = 0; i < STREAMS; i++)
        ck_assert_int_eq(rpc_client_stream_finish(streams[i], NULL).code, SP_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("streams");
    TCase *cases = tcase_create("room");
    TCase *alone = tcase_create("alone");

    tcase_add_checked_fixture(cases, open_room, close_room);
    tcase_set_timeout(cases, 60);
    tcase_set_timeout(alone, 60);
    tcase_add_test(cases, a_client_stream_is_summed_up);
    tcase_add_test(cases, a_server_stream_is_read_to_its_end);
    tcase_add_test(cases, both_sides_talk_at_once);
    tcase_add_test(cases, a_slow_reader_holds_the_writer_back);
    tcase_add_test(cases, a_refused_open_is_the_answer_and_is_done);
    tcase_add_test(cases, a_stranger_opens_nothing);
    tcase_add_test(cases, a_handler_finishes_when_it_likes);
    tcase_add_test(cases, a_broken_limit_ends_the_stream_with_a_violation);
    tcase_add_test(cases, cancelling_reaches_the_handler_once_and_never_as_a_half_close);
    tcase_add_test(cases, a_deadline_ends_a_stream);
    tcase_add_test(cases, reading_pauses_and_goes_on);
    tcase_add_test(cases, any_thread_writes_to_a_held_stream);
    tcase_add_test(cases, a_queue_of_long_messages_is_full_early);
    tcase_add_test(cases, a_cut_reaches_even_a_peer_that_does_not_read);
    tcase_add_test(cases, a_stream_cut_while_it_opens_is_over);
    tcase_add_test(cases, many_streams_share_one_connection);
    tcase_add_test(alone, a_killed_peer_is_a_cancel);
    suite_add_tcase(suite, cases);
    suite_add_tcase(suite, alone);
    return suite_run(suite);
}
