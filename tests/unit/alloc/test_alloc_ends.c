/* Calls that end otherwise than by their reply, and what every server answers by itself; as in test_alloc_calls.c. */
#include <check.h>
#include <string.h>

#include "alloc_scenario.h"
#include "grpc/health/v1/health.pb-c.h"
#include "grpc/reflection/v1/reflection.pb-c.h"
#include "hut.h"

typedef Grpc__Health__V1__HealthCheckRequest HealthCheckRequest;
typedef Grpc__Health__V1__HealthCheckResponse HealthCheckResponse;
typedef Grpc__Reflection__V1__ServerReflectionRequest ReflectionRequest;
typedef Grpc__Reflection__V1__ServerReflectionResponse ReflectionResponse;

static const rpc_method health_watch = {
    .path = "/grpc.health.v1.Health/Watch",
    .kind = RPC_SERVER_STREAM,
    .request = &grpc__health__v1__health_check_request__descriptor,
    .reply = &grpc__health__v1__health_check_response__descriptor,
};

static const rpc_method reflection = {
    .path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    .kind = RPC_BIDI,
    .request = &grpc__reflection__v1__server_reflection_request__descriptor,
    .reply = &grpc__reflection__v1__server_reflection_response__descriptor,
};

/* ---- given up, refused, malformed ---- */

static sp_code pass_the_deadline(void)
{
    return hut_play(hut.client, "wait", &(rpc_options){.timeout_ms = 20});
}

static rpc_client_stream *say(const char *text)
{
    rpc_client_stream *stream = rpc_client_stream_open(hut.client, &room_service.methods[ROOM_CHAT], &hut_options);
    Note note = NOTE_INIT;

    note.text = (char *)text;
    rpc_client_stream_write(stream, &note.base);

    ProtobufCMessage *reply = rpc_client_stream_read(stream);

    if (reply != NULL)
        protobuf_c_message_free_unpacked(reply, NULL);
    return stream;
}

static sp_code cancel_a_stream(void)
{
    rpc_client_stream *stream = say("hello");

    rpc_client_stream_cancel(stream);
    return rpc_client_stream_finish(stream, NULL).code;
}

static sp_code be_cut(void)
{
    return rpc_client_stream_finish(say("cut"), NULL).code;
}

static sp_code call_what_is_unknown(void)
{
    return hut_deliver(hut.client, "/room.v1.RoomService/Nothing", "", 0);
}

static sp_code call_what_is_absent(void)
{
    return hut_deliver(hut.client, room_service.methods[ROOM_ABSENT].path, "", 0);
}

static sp_code send_rubbish(void)
{
    return hut_deliver(hut.client, room_service.methods[ROOM_ECHO].path, "\x0a\x05rub", 5);
}

static sp_code stream_rubbish(void)
{
    return hut_deliver(hut.client, room_service.methods[ROOM_CHAT].path, "\x0a\x05rub", 5);
}

static sp_code send_too_much(void)
{
    static const uint8_t much[2 << 20];

    return hut_deliver(hut.client, room_service.methods[ROOM_ECHO].path, much, sizeof much);
}

/* ---- health ---- */

static sp_code check_health(void)
{
    return hut_deliver(hut.client, "/grpc.health.v1.Health/Check", "", 0);
}

/* -1 when there is none. */
static int next_health(rpc_client_stream *stream)
{
    HealthCheckResponse *response = (HealthCheckResponse *)rpc_client_stream_read(stream);
    int serving = response != NULL ? (int)response->status : -1;

    if (response != NULL)
        protobuf_c_message_free_unpacked(&response->base, NULL);
    return serving;
}

static sp_code watch_health(void)
{
    HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
    rpc_client_stream *stream = rpc_client_stream_open(hut.client, &health_watch, &hut_options);
    bool told = false;

    rpc_client_stream_write(stream, &request.base);
    rpc_client_stream_half_close(stream);
    if (next_health(stream) == 1) {
        rpc_server_set_serving(hut.server, false);
        told = next_health(stream) == 2;
        rpc_server_set_serving(hut.server, true);
        told = told && next_health(stream) == 1;
    }
    if (told)
        rpc_client_stream_cancel(stream);

    sp_code code = rpc_client_stream_finish(stream, NULL).code;

    return code == SP_CANCELLED && !told ? SP_DATA_LOSS : code;
}

/* ---- reflection ---- */

/* 0 when there is no answer. */
static int ask_reflection(rpc_client_stream *stream, int question, const char *about)
{
    ReflectionRequest request = GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__INIT;
    Grpc__Reflection__V1__ExtensionRequest extension = GRPC__REFLECTION__V1__EXTENSION_REQUEST__INIT;

    extension.containing_type = (char *)about;
    extension.extension_number = 1;
    request.host = "hut";
    request.message_request_case = question;
    request.file_by_filename = (char *)about; /* the same place for all texts of the oneof */
    if (question == GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION)
        request.file_containing_extension = &extension;
    rpc_client_stream_write(stream, &request.base);

    ReflectionResponse *response = (ReflectionResponse *)rpc_client_stream_read(stream);
    int answer = response != NULL ? (int)response->message_response_case : 0;

    if (response != NULL)
        protobuf_c_message_free_unpacked(&response->base, NULL);
    return answer;
}

static sp_code reflect(void)
{
#define ASKED(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_##name
#define ANSWERED(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_##name
    static const struct {
        int question;
        const char *about;
        int answer;
    } questions[] = {
        {ASKED(LIST_SERVICES), "", ANSWERED(LIST_SERVICES_RESPONSE)},
        {ASKED(FILE_BY_FILENAME), "room.proto", ANSWERED(FILE_DESCRIPTOR_RESPONSE)},
        {ASKED(FILE_CONTAINING_SYMBOL), "grpc.health.v1.Health", ANSWERED(FILE_DESCRIPTOR_RESPONSE)},
        {ASKED(ALL_EXTENSION_NUMBERS_OF_TYPE), "room.v1.Note", ANSWERED(ALL_EXTENSION_NUMBERS_RESPONSE)},
        {ASKED(FILE_CONTAINING_EXTENSION), "room.v1.Note", ANSWERED(ERROR_RESPONSE)},
    };
    const size_t count = sizeof questions / sizeof *questions;
    rpc_client_stream *stream = rpc_client_stream_open(hut.client, &reflection, &hut_options);
    size_t right = 0;

    while (right < count &&
           ask_reflection(stream, questions[right].question, questions[right].about) == questions[right].answer)
        right++;

    sp_code code = rpc_client_stream_finish(stream, NULL).code;

    return code == SP_OK && right < count ? SP_DATA_LOSS : code;
}

static const alloc_scenario scenarios[] = {
    HUT_CALL("deadline", SP_DEADLINE_EXCEEDED, pass_the_deadline),
    HUT_CALL("cancelled stream", SP_CANCELLED, cancel_a_stream),
    HUT_CALL("stream cut by the server", SP_FAILED_PRECONDITION, be_cut),
    HUT_CALL("unknown method", SP_UNIMPLEMENTED, call_what_is_unknown),
    HUT_CALL("method that is not served", SP_UNIMPLEMENTED, call_what_is_absent),
    HUT_CALL("malformed request", SP_INVALID_ARGUMENT, send_rubbish),
    HUT_CALL("malformed message on a stream", SP_INVALID_ARGUMENT, stream_rubbish),
    HUT_CALL("request beyond the limit", SP_INVALID_ARGUMENT, send_too_much),
    HUT_CALL("health check", SP_OK, check_health),
    HUT_CALL("health watch", SP_CANCELLED, watch_health),
    HUT_CALL("reflection", SP_OK, reflect),
    HUT_CALL("figures of the server", SP_OK, hut_read_metrics),
};

int main(void)
{
    return alloc_scenarios_run("ends of calls without memory", scenarios, sizeof scenarios / sizeof *scenarios);
}
