/* grpc.reflection, v1 and v1alpha: the contract for tools that have none of their own. Both versions have the same
 * messages on the wire and are answered by the same code. */
#include <stdlib.h>
#include <string.h>

#include "grpc/reflection/v1/reflection.pb-c.h"
#include "log.h"
#include "reflection_index.h"
#include "server.h"

typedef Grpc__Reflection__V1__ErrorResponse ErrorResponse;
typedef Grpc__Reflection__V1__ExtensionNumberResponse ExtensionNumberResponse;
typedef Grpc__Reflection__V1__FileDescriptorResponse FileDescriptorResponse;
typedef Grpc__Reflection__V1__ListServiceResponse ListServiceResponse;
typedef Grpc__Reflection__V1__ServerReflectionRequest Request;
typedef Grpc__Reflection__V1__ServerReflectionResponse Response;
typedef Grpc__Reflection__V1__ServiceResponse ServiceResponse;

#define REQUEST(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_##name
#define RESPONSE(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_##name

SP_STATUS(ANSWERS_NOT_READ, SP_RESOURCE_EXHAUSTED, "Questions come faster than their answers are read.");

struct server_reflection {
    rpc_server *server;
    reflection_index index;
};

static bool answer_error(Response *response, arena *a, sp_code code, const char *text)
{
    ErrorResponse *error = arena_alloc(a, sizeof *error);

    if (error == NULL)
        return false;
    grpc__reflection__v1__error_response__init(error);
    error->error_code = (int32_t)code;
    error->error_message = (char *)text;
    response->message_response_case = RESPONSE(ERROR_RESPONSE);
    response->error_response = error;
    return true;
}

/* The file, then what it imports, each once. */
static void collect_files(const reflection_index *index, const reflection_file *file, bool *taken,
                          ProtobufCBinaryData *list, size_t *count)
{
    size_t place = (size_t)(file - index->files);

    if (taken[place])
        return;
    taken[place] = true;
    list[(*count)++] = (ProtobufCBinaryData){file->size, (uint8_t *)file->bytes};
    for (size_t i = 0; i < file->import_count; i++)
        collect_files(index, file->imports[i], taken, list, count);
}

static bool answer_file(Response *response, arena *a, const reflection_index *index, const reflection_file *file)
{
    if (file == NULL)
        return answer_error(response, a, SP_NOT_FOUND, "The contract does not have it.");

    FileDescriptorResponse *answer = arena_alloc(a, sizeof *answer);
    bool *taken = arena_array(a, index->file_count, sizeof *taken);
    ProtobufCBinaryData *list = arena_array(a, index->file_count, sizeof *list);

    if (answer == NULL || taken == NULL || list == NULL)
        return false;
    grpc__reflection__v1__file_descriptor_response__init(answer);
    collect_files(index, file, taken, list, &answer->n_file_descriptor_proto);
    answer->file_descriptor_proto = list;
    response->message_response_case = RESPONSE(FILE_DESCRIPTOR_RESPONSE);
    response->file_descriptor_response = answer;
    return true;
}

static bool answer_extension_numbers(Response *response, arena *a, const reflection_index *index, const char *type)
{
    if (reflection_find_symbol(index, type) == NULL)
        return answer_error(response, a, SP_NOT_FOUND, "The contract does not have the type.");

    ExtensionNumberResponse *answer = arena_alloc(a, sizeof *answer);
    int32_t *numbers = arena_array(a, index->extension_count, sizeof *numbers);

    if (answer == NULL || numbers == NULL)
        return false;
    grpc__reflection__v1__extension_number_response__init(answer);
    answer->base_type_name = (char *)type;
    answer->extension_number = numbers;
    for (size_t i = 0; i < index->extension_count; i++)
        if (strcmp(index->extensions[i].type, type) == 0)
            numbers[answer->n_extension_number++] = index->extensions[i].number;
    response->message_response_case = RESPONSE(ALL_EXTENSION_NUMBERS_RESPONSE);
    response->all_extension_numbers_response = answer;
    return true;
}

static bool answer_services(Response *response, arena *a, const rpc_server *server)
{
    ListServiceResponse *answer = arena_alloc(a, sizeof *answer);
    ServiceResponse *services = arena_array(a, server->method_count, sizeof *services);
    ServiceResponse **list = arena_array(a, server->method_count, sizeof *list);
    const rpc_service *last = NULL;
    size_t count = 0;

    if (answer == NULL || services == NULL || list == NULL)
        return false;
    for (size_t i = 0; i < server->method_count; i++) {
        if (server->methods[i].service == last)
            continue;
        last = server->methods[i].service;
        grpc__reflection__v1__service_response__init(&services[count]);
        services[count].name = (char *)last->name;
        list[count] = &services[count];
        count++;
    }
    grpc__reflection__v1__list_service_response__init(answer);
    answer->service = list;
    answer->n_service = count;
    response->message_response_case = RESPONSE(LIST_SERVICES_RESPONSE);
    response->list_services_response = answer;
    return true;
}

static bool answer(const server_reflection *reflection, const Request *request, Response *response, arena *a)
{
    const reflection_index *index = &reflection->index;

    switch (request->message_request_case) {
    case REQUEST(FILE_BY_FILENAME):
        return answer_file(response, a, index, reflection_find_file(index, request->file_by_filename));
    case REQUEST(FILE_CONTAINING_SYMBOL):
        return answer_file(response, a, index, reflection_find_symbol(index, request->file_containing_symbol));
    case REQUEST(FILE_CONTAINING_EXTENSION):
        return answer_file(response, a, index,
                           reflection_find_extension(index, request->file_containing_extension->containing_type,
                                                     request->file_containing_extension->extension_number));
    case REQUEST(ALL_EXTENSION_NUMBERS_OF_TYPE):
        return answer_extension_numbers(response, a, index, request->all_extension_numbers_of_type);
    case REQUEST(LIST_SERVICES):
        return answer_services(response, a, reflection->server);
    default:
        return answer_error(response, a, SP_INVALID_ARGUMENT, "The request asks for nothing.");
    }
}

static sp_status info_open(rpc_stream *stream, const ProtobufCMessage *request)
{
    (void)stream;
    (void)request;
    return SP_DONE;
}

static void info_message(rpc_stream *stream, const ProtobufCMessage *message)
{
    rpc_call *call = rpc_stream_call(stream);
    const Request *request = (const Request *)message;
    Response response = GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__INIT;

    response.valid_host = request->host;
    response.original_request = (Request *)request;
    if (!answer(rpc_call_self(call), request, &response, rpc_call_arena(call)))
        rpc_stream_finish(stream, OUT_OF_MEMORY);
    else if (rpc_stream_write(stream, &response.base) == RPC_FULL)
        rpc_stream_finish(stream, ANSWERS_NOT_READ);
}

static void info_half_close(rpc_stream *stream)
{
    rpc_stream_finish(stream, SP_DONE);
}

static void info_done(rpc_stream *stream)
{
    (void)stream;
}

static const rpc_stream_events *stream_events(const void *handlers, size_t slot)
{
    static const rpc_stream_events info = {
        .open = info_open,
        .message = info_message,
        .half_close = info_half_close,
        .done = info_done,
    };

    (void)handlers;
    (void)slot;
    return &info;
}

static bool implements(const void *handlers, size_t slot)
{
    (void)handlers;
    return slot == 0;
}

#define INFO_METHOD(version)                                                                                           \
    {                                                                                                                  \
        .path = "/grpc.reflection." version ".ServerReflection/ServerReflectionInfo", .name = "ServerReflectionInfo",  \
        .kind = RPC_BIDI, .caller = RPC_CALLER_ANYONE, .permission = "", .audit = "", .runs_inline = true,             \
        .request = &grpc__reflection__v1__server_reflection_request__descriptor,                                       \
        .reply = &grpc__reflection__v1__server_reflection_response__descriptor,                                        \
    }

static const rpc_method info_v1[] = {INFO_METHOD("v1")};
static const rpc_method info_v1alpha[] = {INFO_METHOD("v1alpha")};

static const rpc_service services[] = {
    {.name = "grpc.reflection.v1.ServerReflection", .methods = info_v1, .count = 1},
    {.name = "grpc.reflection.v1alpha.ServerReflection", .methods = info_v1alpha, .count = 1},
};

server_reflection *server_reflection_new(rpc_server *server)
{
    server_reflection *reflection = calloc(1, sizeof *reflection);

    if (reflection == NULL)
        return NULL;
    reflection->server = server;
    if (server->options.descriptors == NULL)
        return reflection;

    const rpc_binding binding = {.self = reflection, .stream = stream_events, .implements = implements};

    if (!reflection_index_init(&reflection->index, server->options.descriptors, server->options.descriptors_size)) {
        if (!reflection->index.malformed) {
            server_reflection_free(reflection);
            return NULL;
        }
        log_write(LOG_WARNING, "reflection is off: its descriptors are malformed", NULL);
        return reflection;
    }
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (!server_add_service(server, &services[i], &binding, true)) {
            server_reflection_free(reflection);
            return NULL;
        }
    }
    return reflection;
}

void server_reflection_free(server_reflection *reflection)
{
    if (reflection == NULL)
        return;
    reflection_index_done(&reflection->index);
    free(reflection);
}
