#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "grpc/health/v1/health.pb-c.h"
#include "room.h"

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
        ck_assert_int_eq(
            rpc_client_call(client, &room_service.methods[ROOM_PLAY], NULL, &form.base, &reply, NULL).code, SP_OK);
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
    pthread_t thread;

    room_open(&here, NULL);

    rpc_client *client = room_client(&here);
    Form form = FORM_INIT;
    ProtobufCMessage *reply = NULL;

    (void)thread;
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

START_TEST(a_server_that_never_started_is_freed)
{
    rpc_server *server = room_server(NULL);

    ck_assert_int_eq(rpc_server_listen(server, &(rpc_listener){.address = "127.0.0.1:0"}, NULL).code, SP_OK);
    rpc_server_free(server);
    rpc_server_free(room_server(NULL));
    rpc_server_free(NULL);
}
END_TEST

/* ---- health ---- */

static const rpc_method health_check = {
    .path = "/grpc.health.v1.Health/Check",
    .request = &grpc__health__v1__health_check_request__descriptor,
    .reply = &grpc__health__v1__health_check_response__descriptor,
};

static const rpc_method health_watch = {
    .path = "/grpc.health.v1.Health/Watch",
    .kind = RPC_SERVER_STREAM,
    .request = &grpc__health__v1__health_check_request__descriptor,
    .reply = &grpc__health__v1__health_check_response__descriptor,
};

static int check_health(rpc_client *client, const char *service)
{
    Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
    ProtobufCMessage *reply = NULL;
    int serving = -1;

    request.service = (char *)service;
    if (!sp_failed(rpc_client_call(client, &health_check, NULL, &request.base, &reply, NULL))) {
        serving = (int)((Grpc__Health__V1__HealthCheckResponse *)reply)->status;
        protobuf_c_message_free_unpacked(reply, NULL);
    }
    return serving;
}

static rpc_client_stream *watch_health(rpc_client *client, const char *service)
{
    Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
    rpc_client_stream *stream = rpc_client_stream_open(client, &health_watch, NULL);

    request.service = (char *)service;
    ck_assert(rpc_client_stream_write(stream, &request.base));
    rpc_client_stream_half_close(stream);
    return stream;
}

static int next_health(rpc_client_stream *stream)
{
    ProtobufCMessage *reply = rpc_client_stream_read(stream);
    int serving = -1;

    if (reply != NULL) {
        serving = (int)((Grpc__Health__V1__HealthCheckResponse *)reply)->status;
        protobuf_c_message_free_unpacked(reply, NULL);
    }
    return serving;
}

START_TEST(health_is_told_and_watched)
{
    room_open(&here, NULL);

    rpc_client *client = room_client(&here);

    ck_assert_int_eq(check_health(client, ""), 1);
    ck_assert_int_eq(check_health(client, "room.v1.RoomService"), 1);
    ck_assert_int_eq(check_health(client, "room.v1.Cellar"), -1);

    rpc_client_stream *known = watch_health(client, "");
    rpc_client_stream *unknown = watch_health(client, "room.v1.Cellar");

    ck_assert_int_eq(next_health(known), 1);
    ck_assert_int_eq(next_health(unknown), 3);
    rpc_server_set_serving(here.server, false);
    ck_assert_int_eq(next_health(known), 2);
    ck_assert_int_eq(check_health(client, ""), 2);
    rpc_server_set_serving(here.server, true);
    ck_assert_int_eq(next_health(known), 1);

    /* A watcher does not hold up the end. */
    int64_t before_ms = clock_monotonic_ms();

    rpc_server_stop(here.server, 5000);
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 2000);
    ck_assert_int_eq(next_health(known), 2);
    ck_assert_int_eq(next_health(known), -1);
    ck_assert_int_eq(rpc_client_stream_finish(known, NULL).code, SP_UNAVAILABLE);
    ck_assert_int_eq(rpc_client_stream_finish(unknown, NULL).code, SP_UNAVAILABLE);
    ck_assert_int_eq(seen.begins, 0);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

/* ---- too many ---- */

static int connect_raw(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The server speaks first in HTTP/2 here: its settings come, or the end. */
static bool is_served(int fd)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    struct timeval limit = {.tv_sec = 2};
    char byte;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (send(fd, preface, sizeof preface - 1, MSG_NOSIGNAL) < 0)
        return false;
    return recv(fd, &byte, 1, 0) == 1;
}

START_TEST(connections_beyond_the_limit_are_turned_away_until_others_end)
{
    int fds[6];
    int served = 0;

    room_open(&here, &(rpc_server_options){.max_connections = 4, .workers = 2});
    for (int i = 0; i < 6; i++) {
        fds[i] = connect_raw(here.port);
        served += is_served(fds[i]);
    }
    ck_assert_int_eq(served, 4);
    for (int i = 0; i < 6; i++)
        close(fds[i]);
    sleep_ms(300);

    rpc_client *client = room_client(&here);

    ck_assert_int_eq(
        room_play(client, "left", 0, &(rpc_options){.wait_for_ready = true, .timeout_ms = 5000}, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    room_close(&here);
}
END_TEST

START_TEST(the_listener_outlives_want_of_descriptors)
{
    struct rlimit limit = {64, 64};
    int fds[64];
    int count = 0;
    int waiting[3];

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    room_open(&here, &(rpc_server_options){.max_connections = 1000, .workers = 2});
    for (int i = 0; i < 3; i++)
        waiting[i] = socket(AF_INET, SOCK_STREAM, 0);
    while ((fds[count] = open("/dev/null", O_RDONLY)) >= 0)
        count++;

    /* Connect while nothing is left: the connections end at once instead of killing the listener. */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)here.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(connect(waiting[i], (struct sockaddr *)&address, sizeof address), 0);
        ck_assert(!is_served(waiting[i]));
    }
    while (count > 0)
        close(fds[--count]);
    for (int i = 0; i < 3; i++)
        close(waiting[i]);

    int fd = connect_raw(here.port);

    ck_assert(is_served(fd));
    close(fd);
    room_close(&here);
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
    tcase_add_test(cases, each_listener_tells_its_own_number);
    tcase_add_test(cases, a_unix_socket_is_its_owners_alone);
    tcase_add_test(cases, another_file_in_the_place_of_a_socket_stays);
    tcase_add_test(cases, several_queues_serve_as_one);
    tcase_add_test(cases, a_running_call_is_waited_for);
    tcase_add_test(cases, an_idle_connection_does_not_hold_up_the_end);
    tcase_add_test(cases, a_running_stream_is_cancelled_when_grace_is_over);
    tcase_add_test(cases, a_blocked_handler_is_told_when_grace_is_over);
    tcase_add_test(cases, a_server_that_never_started_is_freed);
    tcase_add_test(cases, health_is_told_and_watched);
    tcase_add_test(cases, connections_beyond_the_limit_are_turned_away_until_others_end);
    tcase_add_test(cases, the_listener_outlives_want_of_descriptors);
    suite_add_tcase(suite, cases);

    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);

    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
