#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "room.h"
#include "suite.h"

static room here;
static char folder[] = "/tmp/rpc-test-XXXXXX";

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void drop_folder(void)
{
    char path[64];

    snprintf(path, sizeof path, "%s/sock", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- listening ---- */

START_TEST(addresses_that_cannot_be_had_are_named)
{
    static const char *const bad[] = {"256.1.1.1:1", "127.0.0.1:99999", "nonsense", "unix:", "unix:/nowhere/at/all"};
    rpc_server *server = room_server(NULL);

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const rpc_listener listener = {.address = bad[i]};
        sp_status status = rpc_server_listen(server, &listener, NULL);

        ck_assert_int_eq(status.code, SP_UNAVAILABLE);
        ck_assert_str_eq(status.reason, "ADDRESS_UNAVAILABLE");
    }
    rpc_server_free(server);
}
END_TEST

START_TEST(a_taken_port_is_not_shared)
{
    char address[64];

    room_open(&here, NULL);
    snprintf(address, sizeof address, "127.0.0.1:%d", here.port);

    rpc_server *second = room_server(NULL);

    ck_assert_str_eq(rpc_server_listen(second, &(rpc_listener){.address = address}, NULL).reason,
                     "ADDRESS_UNAVAILABLE");
    rpc_server_free(second);
    room_close(&here);
}
END_TEST

START_TEST(a_useless_certificate_is_named)
{
    rpc_server *server = room_server(NULL);
    const rpc_listener listener = {.address = "127.0.0.1:0", .cert_pem = "rubbish", .key_pem = "rubbish"};

    ck_assert_str_eq(rpc_server_listen(server, &listener, NULL).reason, "CERTIFICATE_UNUSABLE");
    ck_assert_int_eq(rpc_server_start(server).code, SP_OK); /* and does not listen in the clear */
    rpc_server_free(server);
}
END_TEST

/* The rest of the contract is served all the same. */
START_TEST(descriptors_of_no_sense_turn_reflection_off)
{
    static const struct {
        const char *bytes;
        size_t size;
        sp_code code;
    } sets[] = {
        {"\x0a", 1, SP_UNIMPLEMENTED},                /* a file without a length */
        {"\x0a\x05\x0a\x05xyz", 7, SP_UNIMPLEMENTED}, /* a file whose name is longer than it is */
        {"\x0a\x00", 2, SP_UNIMPLEMENTED},            /* a file without a name */
        {"\x0a\x03\x0a\x01x", 5, SP_OK},
    };
    const rpc_method reflection = {
        .path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        .kind = RPC_BIDI,
        .request = &room__v1__note__descriptor,
        .reply = &room__v1__note__descriptor,
    };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        room_open(&here, &(rpc_server_options){
                             .workers = 2,
                             .descriptors = (const uint8_t *)sets[i].bytes,
                             .descriptors_size = sets[i].size,
                         });

        rpc_client *client = room_client(&here);

        ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
        ck_assert_int_eq(rpc_client_stream_finish(rpc_client_stream_open(client, &reflection, NULL), NULL).code,
                         sets[i].code);
        rpc_client_free(client);
        room_close(&here);
    }
}
END_TEST

START_TEST(each_listener_tells_its_own_number)
{
    rpc_server *server = room_server(NULL);
    char target[2][64];

    for (int i = 0; i < 2; i++) {
        int port;

        ck_assert_int_eq(rpc_server_listen(server, &(rpc_listener){.id = 40 + i, .address = "127.0.0.1:0"}, &port).code,
                         SP_OK);
        snprintf(target[i], sizeof target[i], "127.0.0.1:%d", port);
    }
    ck_assert_int_eq(rpc_server_start(server).code, SP_OK);
    for (int i = 0; i < 2; i++) {
        rpc_client *client = room_client_to(target[i]);
        Form form = FORM_INIT;
        ProtobufCMessage *reply = NULL;

        form.name = "listener";
        ck_assert_int_eq(rpc_client_call(client, &room_service.methods[ROOM_PLAY], NULL, &form.base, &reply, NULL).code,
                         SP_OK);
        ck_assert_int_eq(((Note *)reply)->number, 40 + i);
        protobuf_c_message_free_unpacked(reply, NULL);
        rpc_client_free(client);
    }
    rpc_server_free(server);
}
END_TEST

START_TEST(a_unix_socket_is_its_owners_alone)
{
    char address[64];
    char *text = NULL;
    struct stat file;
    rpc_server *server;
    mode_t before;

    make_folder();
    snprintf(address, sizeof address, "unix:%s/sock", folder);

    /* A socket that a killed server left behind. */
    struct sockaddr_un stale = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(stale.sun_path, address + 5);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&stale, sizeof stale), 0);
    close(fd);

    before = umask(022);
    server = room_server(NULL);
    ck_assert_int_eq(rpc_server_listen(server, &(rpc_listener){.address = address}, NULL).code, SP_OK);
    ck_assert_uint_eq(umask(before), 022);
    ck_assert_int_eq(stat(address + 5, &file), 0);
    ck_assert_uint_eq(file.st_mode & 0777, 0600);
    ck_assert_int_eq(rpc_server_start(server).code, SP_OK);

    /* A living one is not taken over. */
    rpc_server *second = room_server(NULL);
    ck_assert_str_eq(rpc_server_listen(second, &(rpc_listener){.address = address}, NULL).reason,
                     "ADDRESS_UNAVAILABLE");
    rpc_server_free(second);

    rpc_client *client = room_client_to(address);
    ck_assert_int_eq(room_play(client, "peer", 0, NULL, &text, NULL).code, SP_OK);
    ck_assert_int_eq(strncmp(text, "unix:", 5), 0);
    free(text);
    rpc_client_free(client);
    rpc_server_free(server);
    drop_folder();
}
END_TEST

START_TEST(another_file_in_the_place_of_a_socket_stays)
{
    char address[64];
    rpc_server *server = room_server(NULL);

    make_folder();
    snprintf(address, sizeof address, "unix:%s/sock", folder);
    close(open(address + 5, O_CREAT | O_WRONLY, 0600));
    ck_assert_str_eq(rpc_server_listen(server, &(rpc_listener){.address = address}, NULL).reason,
                     "ADDRESS_UNAVAILABLE");
    ck_assert_int_eq(access(address + 5, F_OK), 0);
    rpc_server_free(server);
    drop_folder();
}
END_TEST

START_TEST(several_queues_serve_as_one)
{
    room_open(&here, &(rpc_server_options){.queues = 3, .workers = 2});
    for (int i = 0; i < 8; i++) {
        rpc_client *client = room_client(&here);

        for (int n = 0; n < 10; n++)
            ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);
        rpc_client_free(client);
    }
    room_close(&here);
}
END_TEST

/* ---- drain ---- */

static void *play_sleep(void *arg)
{
    rpc_client *client = arg;

    return (void *)(intptr_t)room_play(client, "sleep", 500, NULL, NULL, NULL).code;
}

START_TEST(a_running_call_is_waited_for)
{
    pthread_t thread;
    void *code;

    room_open(&here, NULL);

    rpc_client *client = room_client(&here);

    pthread_create(&thread, NULL, play_sleep, client);
    ck_assert(room_sees(&seen.played, 1));

    int64_t before_ms = clock_monotonic_ms();

    rpc_server_stop(here.server, 5000);
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 3000);
    pthread_join(thread, &code);
    ck_assert_int_eq((intptr_t)code, SP_OK);
    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

START_TEST(an_idle_connection_does_not_hold_up_the_end)
{
    room_open(&here, NULL);

    rpc_client *client = room_client(&here);

    ck_assert_int_eq(room_play(client, "left", 0, NULL, NULL, NULL).code, SP_OK);

    int64_t before_ms = clock_monotonic_ms();

    rpc_server_stop(here.server, 5000);
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 2000);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

START_TEST(a_running_stream_is_cancelled_when_grace_is_over)
{
    Form form = FORM_INIT;

    room_open(&here, NULL);

    rpc_client *client = room_client(&here);
    rpc_client_stream *stream = rpc_client_stream_open(client, &room_service.methods[ROOM_COUNT], NULL);

    form.name = "silent";
    form.note = &(Note)NOTE_INIT;
    ck_assert(rpc_client_stream_write(stream, &form.base));
    ck_assert(room_sees(&seen.opens, 1));

    int64_t before_ms = clock_monotonic_ms();

    rpc_server_stop(here.server, 400);
    ck_assert_int_ge(clock_monotonic_ms() - before_ms, 300);
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 3000);
    ck_assert_int_eq(seen.cancels, 1);
    ck_assert_int_eq(seen.dones, 1);
    ck_assert_int_eq(seen.ends, 1);
    ck_assert_int_eq(rpc_client_stream_finish(stream, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

START_TEST(a_blocked_handler_is_told_when_grace_is_over)
{
    room_open(&here, NULL);

    rpc_client *client = room_client(&here);
    Form form = FORM_INIT;
    ProtobufCMessage *reply = NULL;

    form.name = "wait";

    rpc_client_stream *call = rpc_client_stream_open(client, &room_service.methods[ROOM_PLAY], NULL);

    ck_assert(rpc_client_stream_write(call, &form.base));
    rpc_client_stream_half_close(call);
    ck_assert(room_sees(&seen.played, 1));
    rpc_server_stop(here.server, 200);
    ck_assert_int_eq(seen.on_cancels, 1);
    ck_assert_int_eq(rpc_client_stream_finish_one(call, &reply, NULL).code, SP_UNAVAILABLE);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

/* Calls of all kinds until the server is gone. */
static void *call_on(void *arg)
{
    rpc_client *client = room_client(&here);
    const rpc_options options = {.timeout_ms = 5000};
    sp_status status = SP_DONE;

    for (int i = (int)(intptr_t)arg; status.code != SP_UNAVAILABLE; i++) {
        if (i % 3 == 0) {
            status = room_play(client, "left", 0, &options, NULL, NULL);
            continue;
        }

        rpc_client_stream *stream =
            rpc_client_stream_open(client, &room_service.methods[i % 3 == 1 ? ROOM_CHAT : ROOM_COLLECT], &options);
        Note note = NOTE_INIT;

        for (int n = 0; n < i % 5; n++)
            rpc_client_stream_write(stream, &note.base);
        if (i % 4 == 0)
            rpc_client_stream_cancel(stream);
        status = rpc_client_stream_finish(stream, NULL);
    }
    rpc_client_free(client);
    return NULL;
}

START_TEST(a_server_stops_amid_traffic)
{
    enum { CALLERS = 6 };
    pthread_t threads[CALLERS];

    room_open(&here, &(rpc_server_options){.workers = 3, .queues = 2});
    for (int i = 0; i < CALLERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_on, (void *)(intptr_t)i), 0);
    ck_assert(room_sees(&seen.ends, 300));
    rpc_server_stop(here.server, 20);
    ck_assert_int_eq(seen.begins, seen.ends);
    ck_assert_int_eq(seen.opens, seen.dones);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    room_close(&here);
}
END_TEST

START_TEST(a_server_that_never_started_is_freed)
{
    rpc_server *server = room_server(NULL);

    ck_assert_int_eq(rpc_server_listen(server, &(rpc_listener){.address = "127.0.0.1:0"}, NULL).code, SP_OK);
    rpc_server_free(server);
    rpc_server_free(room_server(NULL));
    rpc_server_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("servers");
    TCase *cases = tcase_create("life");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, addresses_that_cannot_be_had_are_named);
    tcase_add_test(cases, a_taken_port_is_not_shared);
    tcase_add_test(cases, a_useless_certificate_is_named);
    tcase_add_test(cases, descriptors_of_no_sense_turn_reflection_off);
    tcase_add_test(cases, each_listener_tells_its_own_number);
    tcase_add_test(cases, a_unix_socket_is_its_owners_alone);
    tcase_add_test(cases, another_file_in_the_place_of_a_socket_stays);
    tcase_add_test(cases, several_queues_serve_as_one);
    tcase_add_test(cases, a_running_call_is_waited_for);
    tcase_add_test(cases, an_idle_connection_does_not_hold_up_the_end);
    tcase_add_test(cases, a_running_stream_is_cancelled_when_grace_is_over);
    tcase_add_test(cases, a_blocked_handler_is_told_when_grace_is_over);
    tcase_add_test(cases, a_server_stops_amid_traffic);
    tcase_add_test(cases, a_server_that_never_started_is_freed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
