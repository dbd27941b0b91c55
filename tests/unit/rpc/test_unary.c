#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
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
    ck_assert_int_eq(seen.begins, seen.ends);
}

static sp_status echo(int slot, Note *note, Note **ret_reply)
{
    ProtobufCMessage *reply = NULL;
    sp_status status = rpc_client_call(client, &room_service.methods[slot], NULL, &note->base, &reply, NULL);

    *ret_reply = (Note *)reply;
    return status;
}

static void check_echo(int slot, size_t bytes)
{
    Note note = NOTE_INIT;
    Note *reply = NULL;
    uint8_t *data = malloc(bytes + 1);

    for (size_t i = 0; i < bytes; i++)
        data[i] = (uint8_t)(i * 7);
    note.text = "grüezi";
    note.number = -5;
    note.data = (ProtobufCBinaryData){bytes, data};
    ck_assert_int_eq(echo(slot, &note, &reply).code, SP_OK);
    ck_assert_str_eq(reply->text, "grüezi");
    ck_assert_int_eq(reply->number, -5);
    ck_assert_uint_eq(reply->data.len, bytes);
    ck_assert_mem_eq(reply->data.data, data, bytes);
    room__v1__note__free_unpacked(reply, NULL);
    free(data);
}

START_TEST(a_reply_comes_back_from_worker_and_queue_thread)
{
    check_echo(ROOM_ECHO, 10);
    check_echo(ROOM_ECHO_INLINE, 10);
}
END_TEST

START_TEST(messages_of_several_slices_are_put_together)
{
    check_echo(ROOM_ECHO, 100000);
    check_echo(ROOM_ECHO_INLINE, 3000000);
}
END_TEST

START_TEST(an_empty_message_is_a_message)
{
    Note note = NOTE_INIT;
    Note *reply = NULL;

    ck_assert_int_eq(echo(ROOM_ECHO, &note, &reply).code, SP_OK);
    ck_assert_str_eq(reply->text, "");
    room__v1__note__free_unpacked(reply, NULL);
}
END_TEST

START_TEST(an_unknown_method_is_refused_at_once)
{
    const rpc_method unknown = {
        .path = "/room.v1.RoomService/Nothing",
        .request = &room__v1__note__descriptor,
        .reply = &room__v1__note__descriptor,
    };
    Note note = NOTE_INIT;
    ProtobufCMessage *reply = NULL;
    rpc_answer answer;
    int64_t before_ms = clock_monotonic_ms();
    sp_status status =
        rpc_client_call(client, &unknown, &(rpc_options){.timeout_ms = 5000}, &note.base, &reply, &answer);

    ck_assert_int_eq(status.code, SP_UNIMPLEMENTED);
    ck_assert_str_eq(status.reason, "METHOD_UNKNOWN");
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 2000);
    rpc_answer_done(&answer);
    ck_assert_int_eq(seen.begins, 0);
}
END_TEST

START_TEST(an_empty_slot_is_unimplemented)
{
    Note note = NOTE_INIT;
    Note *reply = NULL;

    ck_assert_int_eq(echo(ROOM_ABSENT, &note, &reply).code, SP_UNIMPLEMENTED);
    ck_assert_ptr_null(reply);
}
END_TEST

START_TEST(interceptor_runs_around_the_handler)
{
    char *text = NULL;

    ck_assert_int_eq(room_play(client, "context", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_str_eq(text, "Play");
    free(text);
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.begins, 1);
    ck_assert_int_eq(seen.finishes, 1);
}
END_TEST

START_TEST(whoever_is_not_admitted_never_reaches_handler_or_parser)
{
    const rpc_metadatum stranger[] = {{"x-stranger", "1"}};
    const rpc_options options = {.metadata = stranger, .metadata_count = 1};
    rpc_answer answer;

    /* The name is too long as well; only who is admitted is told. */
    ck_assert_int_eq(room_play(client, "a name far beyond its limit", 0, &options, NULL, &answer).code,
                     SP_UNAUTHENTICATED);
    ck_assert_str_eq(answer.status.reason, "NOT_ADMITTED");
    ck_assert_str_eq(answer.status.message, "The room is closed to you.");
    rpc_answer_done(&answer);
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.last_outcome, SP_UNAUTHENTICATED);
    ck_assert_int_eq(seen.played, 0);
    ck_assert_int_eq(seen.finishes, 0);
}
END_TEST

START_TEST(the_interceptor_has_the_last_word)
{
    const rpc_metadatum lose[] = {{"x-lose", "1"}};
    const rpc_options options = {.metadata = lose, .metadata_count = 1};
    sp_status status = room_play(client, "lose", 0, &options, NULL, NULL);

    ck_assert_int_eq(status.code, SP_ABORTED);
    ck_assert_str_eq(status.reason, "ABORTED"); /* without an answer the texts are static */
}
END_TEST

START_TEST(reason_facts_and_metadata_travel_with_a_failure)
{
    rpc_answer answer;

    ck_assert_int_eq(room_play(client, "refuse", 0, NULL, NULL, &answer).code, SP_FAILED_PRECONDITION);
    ck_assert_str_eq(answer.reason, "PLAY_REFUSED");
    ck_assert_str_eq(answer.message, "The room refuses, as it was asked to.");
    ck_assert_uint_eq(answer.trailing_count, 1);
    ck_assert_str_eq(answer.trailing[0].key, "x-room");
    ck_assert_str_eq(answer.trailing[0].value, "small");

    Google__Rpc__Status *status = google__rpc__status__unpack(NULL, answer.details_size, answer.details);
    ck_assert_ptr_nonnull(status);
    ck_assert_int_eq(status->code, SP_FAILED_PRECONDITION);
    ck_assert_uint_eq(status->n_details, 1);

    Google__Rpc__ErrorInfo *info =
        google__rpc__error_info__unpack(NULL, status->details[0]->value.len, status->details[0]->value.data);
    ck_assert_str_eq(info->domain, "room");
    ck_assert_uint_eq(info->n_metadata, 1);
    ck_assert_str_eq(info->metadata[0]->key, "door");
    ck_assert_str_eq(info->metadata[0]->value, "north");
    google__rpc__error_info__free_unpacked(info, NULL);
    google__rpc__status__free_unpacked(status, NULL);
    rpc_answer_done(&answer);
}
END_TEST

/* The BadRequest of an answer: "field|reason|description" of each violation, one a line. */
static void check_violations(const rpc_answer *answer, const char *expected)
{
    char found[1024] = "";
    Google__Rpc__Status *status = google__rpc__status__unpack(NULL, answer->details_size, answer->details);

    ck_assert_ptr_nonnull(status);
    ck_assert_uint_eq(status->n_details, 2);
    ck_assert_str_eq(status->details[1]->type_url, "type.googleapis.com/google.rpc.BadRequest");

    Google__Rpc__BadRequest *request =
        google__rpc__bad_request__unpack(NULL, status->details[1]->value.len, status->details[1]->value.data);
    ck_assert_ptr_nonnull(request);
    for (size_t i = 0; i < request->n_field_violations; i++) {
        const Google__Rpc__BadRequest__FieldViolation *v = request->field_violations[i];

        ck_assert_uint_eq(v->base.n_unknown_fields, 1);
        ck_assert_uint_eq(v->base.unknown_fields[0].tag, 3);
        strcat(found, v->field);
        strcat(found, "|");
        strncat(found, (const char *)v->base.unknown_fields[0].data + 1, v->base.unknown_fields[0].len - 1);
        strcat(found, "|");
        strcat(found, v->description);
        strcat(found, "\n");
    }
    ck_assert_str_eq(found, expected);
    google__rpc__bad_request__free_unpacked(request, NULL);
    google__rpc__status__free_unpacked(status, NULL);
}

START_TEST(violations_of_a_handler_name_their_fields)
{
    rpc_answer answer;

    ck_assert_int_eq(room_play(client, "violate", 0, NULL, NULL, &answer).code, SP_INVALID_ARGUMENT);
    ck_assert_str_eq(answer.reason, "TEXT_DULL"); /* the first one's */
    check_violations(&answer, "note.text|TEXT_DULL|The text is dull.\nnote.number|NUMBER_ODD|The number is odd.\n");
    rpc_answer_done(&answer);
}
END_TEST

START_TEST(a_broken_limit_is_a_violation_with_its_path)
{
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    Note inner = NOTE_INIT;
    Note *inner_list[] = {&inner};
    char *tags[] = {"a", "b", "c", "d"};
    ProtobufCMessage *reply = NULL;
    rpc_answer answer;

    form.name = "sleep";
    form.note = &note;
    note.notes = inner_list;
    note.n_notes = 1;
    inner.tags = tags;
    inner.n_tags = 4;
    ck_assert_int_eq(rpc_client_call(client, &room_service.methods[ROOM_PLAY], NULL, &form.base, &reply, &answer).code,
                     SP_INVALID_ARGUMENT);
    ck_assert_str_eq(answer.reason, "TOO_MANY_ITEMS");
    check_violations(&answer, "note.notes.tags|TOO_MANY_ITEMS|A field has more items than its limit.\n");
    rpc_answer_done(&answer);

    ck_assert_int_eq(room_play(client, "", 0, NULL, NULL, &answer).code, SP_INVALID_ARGUMENT);
    check_violations(&answer, "name|FIELD_REQUIRED|A required field is empty.\n");
    rpc_answer_done(&answer);

    ck_assert_int_eq(room_play(client, "seventeen letters", 0, NULL, NULL, &answer).code, SP_INVALID_ARGUMENT);
    check_violations(&answer, "name|FIELD_TOO_LONG|A field is longer than its limit.\n");
    rpc_answer_done(&answer);
    ck_assert_int_eq(seen.played, 0);
    ck_assert_int_eq(seen.finishes, 0);
}
END_TEST

START_TEST(metadata_peer_and_listener_are_told)
{
    const rpc_metadatum note[] = {{"x-other", "no"}, {"x-note", "yes"}, {"x-note", "too late"}};
    const rpc_options options = {.metadata = note, .metadata_count = 3};
    char *text = NULL;

    ck_assert_int_eq(room_play(client, "metadata", 0, &options, &text, NULL).code, SP_OK);
    ck_assert_str_eq(text, "yes");
    free(text);
    ck_assert_int_eq(room_play(client, "metadata", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_str_eq(text, "(none)");
    free(text);
    ck_assert_int_eq(room_play(client, "peer", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_int_eq(strncmp(text, "ipv4:127.0.0.1:", 15), 0);
    free(text);
    ck_assert_int_eq(room_play(client, "certificate", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_str_eq(text, "(none)");
    free(text);
}
END_TEST

START_TEST(illegal_metadata_is_refused_by_the_client)
{
    char long_text[8000];
    const rpc_metadatum bad[] = {
        {"X-Upper", "no"}, {"x-line", "a\r\nb"}, {"grpc-timeout", "1S"}, {"te", "x"}, {"", "x"}, {"x-long", long_text},
    };

    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const rpc_options options = {.metadata = &bad[i], .metadata_count = 1};

        ck_assert_int_eq(room_play(client, "peer", 0, &options, NULL, NULL).code, SP_INVALID_ARGUMENT);
    }
}
END_TEST

START_TEST(time_left_follows_the_deadline)
{
    char *text = NULL;

    ck_assert_int_eq(room_play(client, "left", 0, &(rpc_options){.timeout_ms = 5000}, &text, NULL).code, SP_OK);
    ck_assert_int_gt(atoll(text), 3000);
    ck_assert_int_le(atoll(text), 5000);
    free(text);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_int_eq(atoll(text), INT64_MAX);
    free(text);
}
END_TEST

START_TEST(a_passed_deadline_reaches_the_handler)
{
    ck_assert_int_eq(room_play(client, "wait", 0, &(rpc_options){.timeout_ms = 200}, NULL, NULL).code,
                     SP_DEADLINE_EXCEEDED);
    ck_assert(room_sees(&seen.on_cancels, 1));
    ck_assert(room_sees(&seen.ends, 1));
    ck_assert_int_eq(seen.on_cancels, 1);
}
END_TEST

static void ignore_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    (void)call;
    atomic_store((atomic_int *)context, answer->status.code);
}

START_TEST(a_cancelled_call_reaches_the_handler)
{
    static const rpc_raw_events events = {.done = ignore_done};
    static const uint8_t wait[] = {0x0a, 4, 'w', 'a', 'i', 't'};
    atomic_int code = 0;
    rpc_raw_call *call = rpc_raw_start(client, room_service.methods[ROOM_PLAY].path, NULL, &events, &code);

    ck_assert(rpc_raw_write(call, wait, sizeof wait, true));
    rpc_raw_hold(call);
    rpc_raw_read(call);
    ck_assert(room_sees(&seen.played, 1));
    rpc_raw_cancel(call);
    ck_assert(room_sees(&code, SP_CANCELLED));
    rpc_raw_release(call);
    ck_assert(room_sees(&seen.on_cancels, 1));
    ck_assert(room_sees(&seen.ends, 1));
}
END_TEST

static void *play_sleep(void *arg)
{
    rpc_answer answer;

    room_play(client, "sleep", 600, NULL, NULL, &answer);

    bool busy = strcmp(answer.reason, "SERVER_BUSY") == 0;

    ck_assert(busy || answer.status.code == SP_OK);
    atomic_fetch_add((atomic_int *)arg, busy);
    rpc_answer_done(&answer);
    return NULL;
}

START_TEST(a_full_line_of_waiting_calls_says_so)
{
    pthread_t threads[8];
    atomic_int busy = 0;

    room_close(&here);
    rpc_client_free(client);
    room_open(&here, &(rpc_server_options){.workers = 2, .max_pending = 3});
    client = room_client(&here);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, play_sleep, &busy), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    /* At most two run and three wait; fewer when the eight are faster than the workers. */
    ck_assert_int_ge(busy, 3);
    ck_assert_int_le(busy, 5);
    ck_assert_int_eq(seen.begins, 8 - busy);
}
END_TEST

START_TEST(who_gave_up_while_waiting_gets_no_work_done)
{
    pthread_t thread;
    atomic_int busy = 0;

    room_close(&here);
    rpc_client_free(client);
    room_open(&here, &(rpc_server_options){.workers = 1});
    client = room_client(&here);
    ck_assert_int_eq(pthread_create(&thread, NULL, play_sleep, &busy), 0);
    ck_assert(room_sees(&seen.played, 1));
    ck_assert_int_eq(room_play(client, "sleep", 0, &(rpc_options){.timeout_ms = 100}, NULL, NULL).code,
                     SP_DEADLINE_EXCEEDED);
    pthread_join(thread, NULL);
    sleep_ms(200);
    ck_assert_int_eq(seen.played, 1);
    ck_assert_int_eq(seen.begins, 1);
}
END_TEST

START_TEST(nobody_there_is_unavailable)
{
    rpc_client *lost = room_client_to("127.0.0.1:1");
    rpc_answer answer;

    ck_assert_int_eq(room_play(lost, "peer", 0, NULL, NULL, &answer).code, SP_UNAVAILABLE);
    ck_assert_str_eq(answer.reason, "");
    rpc_answer_done(&answer);
    ck_assert_int_eq(
        room_play(lost, "peer", 0, &(rpc_options){.wait_for_ready = true, .timeout_ms = 300}, NULL, NULL).code,
        SP_DEADLINE_EXCEEDED);
    rpc_client_free(lost);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("unary calls");
    TCase *cases = tcase_create("room");

    tcase_add_checked_fixture(cases, open_room, close_room);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_reply_comes_back_from_worker_and_queue_thread);
    tcase_add_test(cases, messages_of_several_slices_are_put_together);
    tcase_add_test(cases, an_empty_message_is_a_message);
    tcase_add_test(cases, an_unknown_method_is_refused_at_once);
    tcase_add_test(cases, an_empty_slot_is_unimplemented);
    tcase_add_test(cases, interceptor_runs_around_the_handler);
    tcase_add_test(cases, whoever_is_not_admitted_never_reaches_handler_or_parser);
    tcase_add_test(cases, the_interceptor_has_the_last_word);
    tcase_add_test(cases, reason_facts_and_metadata_travel_with_a_failure);
    tcase_add_test(cases, violations_of_a_handler_name_their_fields);
    tcase_add_test(cases, a_broken_limit_is_a_violation_with_its_path);
    tcase_add_test(cases, metadata_peer_and_listener_are_told);
    tcase_add_test(cases, illegal_metadata_is_refused_by_the_client);
    tcase_add_test(cases, time_left_follows_the_deadline);
    tcase_add_test(cases, a_passed_deadline_reaches_the_handler);
    tcase_add_test(cases, a_cancelled_call_reaches_the_handler);
    tcase_add_test(cases, a_full_line_of_waiting_calls_says_so);
    tcase_add_test(cases, who_gave_up_while_waiting_gets_no_work_done);
    tcase_add_test(cases, nobody_there_is_unavailable);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
