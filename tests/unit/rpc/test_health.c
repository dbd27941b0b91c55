#include <check.h>

#include "clock.h"
#include "grpc/health/v1/health.pb-c.h"
#include "room.h"
#include "suite.h"

static room here;

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

int main(void)
{
    Suite *suite = suite_create("health");
    TCase *cases = tcase_create("life");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, health_is_told_and_watched);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
