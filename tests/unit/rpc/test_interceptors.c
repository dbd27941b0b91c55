#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "rpc_interceptors.h"
#include "suite.h"

SP_STATUS(NOT_TODAY, SP_UNAVAILABLE, "Come again tomorrow.");

static room here;
static rpc_client *client;

static void open_with(const rpc_interceptor *interceptors, size_t count)
{
    room_open(&here, &(rpc_server_options){.workers = 4, .interceptors = interceptors, .interceptor_count = count});
    client = room_client(&here);
}

static void close_room(void)
{
    rpc_client_free(client);
    room_close(&here);
    ck_assert_int_eq(seen.begins, seen.ends);
}

/* ---- the chain ---- */

static char told[200];
static pthread_mutex_t told_lock = PTHREAD_MUTEX_INITIALIZER;

static void tell(const char *who, const char *what)
{
    pthread_mutex_lock(&told_lock);
    strcat(strcat(strcat(told, who), what), " ");
    pthread_mutex_unlock(&told_lock);
}

static sp_status tell_begin(void *self, rpc_call *call)
{
    tell(self, "+");
    ck_assert(rpc_call_attach(call, self, self));
    return strcmp(self, "c") == 0 && rpc_call_metadata(call, "x-not-today") != NULL ? NOT_TODAY : SP_DONE;
}

static sp_status tell_finish(void *self, rpc_call *call, sp_status outcome)
{
    ck_assert_ptr_eq(rpc_call_attached(call, self), self);
    tell(self, "=");
    return outcome;
}

static void tell_end(void *self, rpc_call *call, sp_status outcome)
{
    ck_assert_ptr_eq(rpc_call_attached(call, self), self);
    ck_assert_ptr_null(rpc_call_attached(call, &here));
    tell(self, outcome.code == SP_OK ? "." : "!");
}

static void open_three(void)
{
    static char names[3][2] = {"a", "b", "c"};
    rpc_interceptor three[3];

    for (int i = 0; i < 3; i++)
        three[i] = (rpc_interceptor){.self = names[i], .begin = tell_begin, .finish = tell_finish, .end = tell_end};
    open_with(three, 3);
}

START_TEST(they_begin_in_order_and_end_in_reverse)
{
    open_three();
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
    close_room();
    ck_assert_str_eq(told, "a+ b+ c+ c= b= a= c. b. a. ");
}
END_TEST

START_TEST(a_refusal_stops_the_chain_and_ends_only_who_began)
{
    const rpc_metadatum metadata[] = {{"x-not-today", "1"}};
    rpc_answer answer;

    open_three();
    ck_assert_int_eq(
        room_play(client, "left", 0, &(rpc_options){.metadata = metadata, .metadata_count = 1}, NULL, &answer).code,
        SP_UNAVAILABLE);
    ck_assert_str_eq(answer.reason, "NOT_TODAY");
    rpc_answer_done(&answer);
    close_room();
    ck_assert_int_eq(seen.begins, 0); /* the room's own is the fourth */
    ck_assert_int_eq(seen.played, 0);
    ck_assert_str_eq(told, "a+ b+ c+ c! b! a! ");
}
END_TEST

/* ---- figures ---- */

static void expect_line(rpc_metrics *metrics, const char *line)
{
    char *text = NULL;

    for (int i = 0; i < 100; i++) { /* a call ends a moment after its caller has the answer */
        free(text);
        text = rpc_metrics_text(metrics);
        ck_assert_ptr_nonnull(text);
        if (strstr(text, line) != NULL)
            break;
        sleep_ms(20);
    }
    ck_assert_msg(strstr(text, line) != NULL, "no line %s in\n%s", line, text);
    free(text);
}

static void *sleep_in_a_call(void *arg)
{
    (void)arg;
    ck_assert_int_eq(room_play(client, "sleep", 700, NULL, NULL, NULL).code, SP_OK);
    return NULL;
}

#define PLAY "{type=\"unary\",service=\"room.v1.RoomService\",method=\"Play\""

START_TEST(calls_are_counted_by_method_and_code)
{
    rpc_metrics *metrics = rpc_metrics_new();
    const rpc_interceptor counts = rpc_metrics_interceptor(metrics);
    pthread_t thread;

    open_with(&counts, 1);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
    ck_assert_int_eq(room_play(client, "no such play", 0, NULL, NULL, NULL).code, SP_NOT_FOUND);
    expect_line(metrics, "rpc_server_started_total" PLAY "} 4\n");
    expect_line(metrics, "rpc_server_handled_total" PLAY ",code=\"OK\"} 3\n");
    expect_line(metrics, "rpc_server_handled_total" PLAY ",code=\"NOT_FOUND\"} 1\n");
    expect_line(metrics, "rpc_server_handling_seconds_bucket" PLAY ",le=\"60\"} 4\n");
    expect_line(metrics, "rpc_server_handling_seconds_count" PLAY "} 4\n");
    expect_line(metrics, "# TYPE rpc_server_handling_seconds histogram\n");

    ck_assert_int_eq(pthread_create(&thread, NULL, sleep_in_a_call, NULL), 0);
    expect_line(metrics, "rpc_server_in_flight" PLAY "} 1\n");
    pthread_join(thread, NULL);
    expect_line(metrics, "rpc_server_in_flight" PLAY "} 0\n");
    expect_line(metrics, "rpc_server_handling_seconds_bucket" PLAY ",le=\"0.5\"} 4\n");
    expect_line(metrics, "rpc_server_handling_seconds_bucket" PLAY ",le=\"+Inf\"} 5\n");
    close_room();
    rpc_metrics_free(metrics);
}
END_TEST

START_TEST(calls_that_nobody_serves_are_counted_too)
{
    rpc_metrics *metrics = rpc_metrics_new();
    const rpc_interceptor counts = rpc_metrics_interceptor(metrics);
    rpc_method unknown = room_service.methods[ROOM_ECHO];
    ProtobufCMessage *reply = NULL;
    Note note = NOTE_INIT;

    unknown.path = "/room.v1.RoomService/Chosen\"by the caller";
    open_with(&counts, 1);
    ck_assert_int_eq(rpc_client_call(client, &unknown, NULL, &note.base, &reply, NULL).code, SP_UNIMPLEMENTED);
    ck_assert_int_eq(rpc_client_call(client, &room_service.methods[ROOM_ABSENT], NULL, &note.base, &reply, NULL).code,
                     SP_UNIMPLEMENTED);
    expect_line(metrics, "rpc_server_refused_total{type=\"\",service=\"\",method=\"\",code=\"UNIMPLEMENTED\"} 1\n");
    expect_line(metrics, "rpc_server_refused_total{type=\"unary\",service=\"room.v1.RoomService\",method=\"Absent\","
                         "code=\"UNIMPLEMENTED\"} 1\n");
    close_room();
    rpc_metrics_free(metrics);
}
END_TEST

/* ---- deadlines ---- */

START_TEST(the_servers_deadline_cancels_the_handler)
{
    static const rpc_deadlines deadlines = {.unary = {.default_ms = 300, .max_ms = 2000}};
    const rpc_interceptor limit = rpc_deadlines_interceptor(&deadlines);

    open_with(&limit, 1);
    ck_assert_int_eq(room_play(client, "wait", 0, NULL, NULL, NULL).code, SP_DEADLINE_EXCEEDED);
    ck_assert(room_sees(&seen.on_cancels, 1));
    close_room();
}
END_TEST

START_TEST(callers_may_have_less_but_never_more)
{
    static const rpc_deadlines deadlines = {.unary = {.default_ms = 5000, .max_ms = 9000}};
    const rpc_interceptor limit = rpc_deadlines_interceptor(&deadlines);
    static const struct {
        int64_t asked_ms, at_least, at_most;
    } cases[] = {{0, 4000, 5000}, {2000, 1000, 2100}, {7000, 6000, 7100}, {60000, 8000, 9000}};

    open_with(&limit, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;

        ck_assert_int_eq(
            room_play(client, "left", 0, &(rpc_options){.timeout_ms = cases[i].asked_ms}, &text, NULL).code, SP_OK);
        ck_assert_int_ge(atoll(text), cases[i].at_least);
        ck_assert_int_le(atoll(text), cases[i].at_most);
        free(text);
    }
    close_room();
}
END_TEST

START_TEST(streams_have_a_deadline_only_when_named)
{
    static const rpc_deadline named[] = {{.path = "/room.v1.RoomService/Chat", .max_ms = 300}};
    static const rpc_deadlines deadlines = {.unary = {.max_ms = 100}, .methods = named, .method_count = 1};
    const rpc_interceptor limit = rpc_deadlines_interceptor(&deadlines);
    Note note = NOTE_INIT;

    open_with(&limit, 1);

    rpc_client_stream *collect = rpc_client_stream_open(client, &room_service.methods[ROOM_COLLECT], NULL);
    rpc_client_stream *chat = rpc_client_stream_open(client, &room_service.methods[ROOM_CHAT], NULL);
    ProtobufCMessage *reply = NULL;

    ck_assert_ptr_null(rpc_client_stream_read(chat));
    ck_assert_int_eq(rpc_client_stream_finish(chat, NULL).code, SP_DEADLINE_EXCEEDED);
    ck_assert(room_sees(&seen.cancels, 1));
    ck_assert(rpc_client_stream_write(collect, &note.base));
    ck_assert_int_eq(rpc_client_stream_finish_one(collect, &reply, NULL).code, SP_OK);
    protobuf_c_message_free_unpacked(reply, NULL);
    close_room();
}
END_TEST

/* Many of different length, most of which never ring. */
static void *call_with_deadlines(void *arg)
{
    (void)arg;
    for (int i = 0; i < 300; i++)
        ck_assert_int_eq(room_play(client, "left", 0, &(rpc_options){.timeout_ms = i % 2 ? 50000 : 0}, NULL, NULL).code,
                         SP_OK);
    return NULL;
}

START_TEST(deadlines_that_are_not_reached_leave_nothing_behind)
{
    static const rpc_deadlines deadlines = {.unary = {.default_ms = 20000, .max_ms = 30000}};
    const rpc_interceptor limit = rpc_deadlines_interceptor(&deadlines);
    pthread_t threads[4];

    open_with(&limit, 1);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_with_deadlines, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    close_room();
}
END_TEST

/* ---- limits ---- */

static void *wait_in_a_call(void *arg)
{
    return (void *)(intptr_t)room_play(client, "sleep", 1000, arg, NULL, NULL).code;
}

/* How many of five calls at once are served. */
static int served_at_once(void)
{
    pthread_t threads[5];
    int served = 0;

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wait_in_a_call, NULL), 0);
    for (int i = 0; i < 5; i++) {
        void *code;

        pthread_join(threads[i], &code);
        if ((intptr_t)code == SP_OK)
            served++;
        else
            ck_assert_int_eq((intptr_t)code, SP_RESOURCE_EXHAUSTED);
    }
    return served;
}

START_TEST(a_method_is_limited)
{
    static const rpc_quota named[] = {{.path = "/room.v1.RoomService/Play", .at_once = 2}};
    static const rpc_quotas quotas = {.of_method = 100, .methods = named, .method_count = 1};
    rpc_limiter *limiter = rpc_limiter_new(&quotas);
    const rpc_interceptor limit = rpc_limiter_interceptor(limiter);
    rpc_answer answer;

    open_with(&limit, 1);
    ck_assert_int_eq(served_at_once(), 2);
    ck_assert_int_eq(served_at_once(), 2); /* places come back, those of the refused too */

    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wait_in_a_call, NULL), 0);
    ck_assert(room_sees(&seen.played, 6));
    room_play(client, "left", 0, NULL, NULL, &answer);
    ck_assert_str_eq(answer.reason, "TOO_MANY_CALLS");
    rpc_answer_done(&answer);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    close_room();
    rpc_limiter_free(limiter);
}
END_TEST

START_TEST(a_peer_is_limited_over_all_methods)
{
    static const rpc_quotas quotas = {.of_peer = 3};
    rpc_limiter *limiter = rpc_limiter_new(&quotas);
    const rpc_interceptor limit = rpc_limiter_interceptor(limiter);

    open_with(&limit, 1);

    rpc_client_stream *chat = rpc_client_stream_open(client, &room_service.methods[ROOM_CHAT], NULL);

    ck_assert(room_sees(&seen.opens, 1));
    ck_assert_int_eq(served_at_once(), 2);
    ck_assert_int_eq(rpc_client_stream_finish(chat, NULL).code, SP_OK);
    ck_assert(room_sees(&seen.ends, 3));
    ck_assert_int_eq(served_at_once(), 3);
    close_room();
    rpc_limiter_free(limiter);
}
END_TEST

/* ---- on the client ---- */

typedef struct {
    int begins;
    atomic_int ends;
    sp_code last;
    bool refuses;
    bool measures;
} clerk;

static sp_status clerk_begin(void *self, rpc_outgoing *call)
{
    clerk *own = self;

    own->begins++;
    ck_assert_str_eq(rpc_outgoing_path(call), "/room.v1.RoomService/Play");
    if (own->refuses)
        return NOT_TODAY;
    if (own->measures)
        rpc_outgoing_set_timeout_ms(call, 5000);
    else
        ck_assert(rpc_outgoing_add(call, "x-note", "from the clerk"));
    return SP_DONE;
}

static void clerk_end(void *self, const char *path, const rpc_answer *answer, int64_t took_us)
{
    clerk *own = self;

    ck_assert_str_eq(path, "/room.v1.RoomService/Play");
    ck_assert_int_ge(took_us, 0);
    own->last = answer->status.code;
    atomic_fetch_add(&own->ends, 1);
}

static rpc_client *client_with(clerk *first, clerk *second)
{
    const rpc_client_interceptor chain[] = {
        {.self = first, .begin = clerk_begin, .end = clerk_end},
        {.self = second, .begin = clerk_begin, .end = clerk_end},
    };

    return rpc_client_new(&(rpc_client_options){
        .target = here.target,
        .interceptors = chain,
        .interceptor_count = 2,
    });
}

START_TEST(a_client_adds_metadata_and_time)
{
    clerk first = {.begins = 0};
    clerk second = {.measures = true};
    const rpc_metadatum own[] = {{"x-other", "mine"}};
    char *text = NULL;

    room_open(&here, NULL);
    client = client_with(&first, &second);
    ck_assert_int_eq(
        room_play(client, "metadata", 0, &(rpc_options){.metadata = own, .metadata_count = 1}, &text, NULL).code,
        SP_OK);
    ck_assert_str_eq(text, "from the clerk");
    free(text);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_int_le(atoll(text), 5100);
    free(text);
    ck_assert_int_eq(room_play(client, "no such play", 0, NULL, NULL, NULL).code, SP_NOT_FOUND);
    ck_assert_int_eq(first.begins, 3);
    ck_assert_int_eq(first.ends, 3);
    ck_assert_int_eq(second.ends, 3);
    ck_assert_int_eq(first.last, SP_NOT_FOUND);
    close_room();
}
END_TEST

START_TEST(a_client_keeps_a_call_from_leaving)
{
    clerk first = {.begins = 0};
    clerk second = {.refuses = true};
    rpc_answer answer;

    room_open(&here, NULL);
    client = client_with(&first, &second);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, &answer).code, SP_UNAVAILABLE);
    ck_assert_str_eq(answer.reason, "NOT_TODAY");
    rpc_answer_done(&answer);
    ck_assert_int_eq(first.ends, 1);
    ck_assert_int_eq(first.last, SP_UNAVAILABLE);
    ck_assert_int_eq(second.ends, 1);
    ck_assert_int_eq(seen.begins, 0);
    close_room();
}
END_TEST

START_TEST(metadata_comes_back_before_and_after_the_messages)
{
    const rpc_metadatum greet[] = {{"x-greet", "1"}};
    rpc_answer answer;

    open_with(NULL, 0);
    ck_assert_int_eq(room_play(client, "greet", 0, NULL, NULL, &answer).code, SP_OK);
    ck_assert_int_eq(answer.initial_count, 1);
    ck_assert_str_eq(answer.initial[0].key, "x-greeting");
    ck_assert_str_eq(answer.initial[0].value, "hello");
    ck_assert_int_eq(answer.trailing_count, 1);
    ck_assert_str_eq(rpc_answer_metadata(&answer, "x-farewell"), "goodbye");
    ck_assert_str_eq(rpc_answer_metadata(&answer, "x-greeting"), "hello");
    ck_assert_ptr_null(rpc_answer_metadata(&answer, "x-other"));
    rpc_answer_done(&answer);

    rpc_client_stream *chat = rpc_client_stream_open(client, &room_service.methods[ROOM_CHAT],
                                                     &(rpc_options){.metadata = greet, .metadata_count = 1});
    Note note = NOTE_INIT;

    ck_assert(rpc_client_stream_write(chat, &note.base));
    ck_assert_int_eq(rpc_client_stream_finish(chat, &answer).code, SP_OK);
    ck_assert_str_eq(rpc_answer_metadata(&answer, "x-greeting"), "hello");
    rpc_answer_done(&answer);
    close_room();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interceptors");
    TCase *cases = tcase_create("chain");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, they_begin_in_order_and_end_in_reverse);
    tcase_add_test(cases, a_refusal_stops_the_chain_and_ends_only_who_began);
    tcase_add_test(cases, calls_are_counted_by_method_and_code);
    tcase_add_test(cases, calls_that_nobody_serves_are_counted_too);
    tcase_add_test(cases, the_servers_deadline_cancels_the_handler);
    tcase_add_test(cases, callers_may_have_less_but_never_more);
    tcase_add_test(cases, streams_have_a_deadline_only_when_named);
    tcase_add_test(cases, deadlines_that_are_not_reached_leave_nothing_behind);
    tcase_add_test(cases, a_method_is_limited);
    tcase_add_test(cases, a_peer_is_limited_over_all_methods);
    tcase_add_test(cases, a_client_adds_metadata_and_time);
    tcase_add_test(cases, a_client_keeps_a_call_from_leaving);
    tcase_add_test(cases, metadata_comes_back_before_and_after_the_messages);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
