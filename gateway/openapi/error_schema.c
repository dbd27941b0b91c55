#include "error_schema.h"

static const char error_json[] =
    "{\"type\":\"object\",\"description\":\"Why a request was refused or failed.\",\"required\":[\"error\"],"
    "\"properties\":{\"error\":{\"type\":\"object\",\"required\":[\"code\",\"message\",\"status\",\"details\"],"
    "\"properties\":{"
    "\"code\":{\"type\":\"integer\",\"format\":\"int32\",\"description\":\"The HTTP status.\"},"
    "\"message\":{\"type\":\"string\",\"description\":\"For developers; programs test the reason in the details.\"},"
    "\"status\":{\"type\":\"string\",\"description\":\"The code of gRPC.\",\"enum\":[\"CANCELLED\",\"UNKNOWN\","
    "\"INVALID_ARGUMENT\",\"DEADLINE_EXCEEDED\",\"NOT_FOUND\",\"ALREADY_EXISTS\",\"PERMISSION_DENIED\","
    "\"RESOURCE_EXHAUSTED\",\"FAILED_PRECONDITION\",\"ABORTED\",\"OUT_OF_RANGE\",\"UNIMPLEMENTED\",\"INTERNAL\","
    "\"UNAVAILABLE\",\"DATA_LOSS\",\"UNAUTHENTICATED\"]},"
    "\"details\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/ErrorDetail\"}}}}}}";

static const char detail_json[] =
    "{\"type\":\"object\",\"description\":\"One fact about an error, told apart from others by its `@type`.\","
    "\"required\":[\"@type\"],\"properties\":{\"@type\":{\"type\":\"string\"}},\"anyOf\":["
    "{\"title\":\"ErrorInfo\",\"description\":\"The reason, for programs.\",\"required\":[\"reason\",\"domain\"],"
    "\"properties\":{\"@type\":{\"const\":\"type.googleapis.com/google.rpc.ErrorInfo\"},"
    "\"reason\":{\"type\":\"string\",\"pattern\":\"^[A-Z][A-Z0-9_]*$\"},\"domain\":{\"type\":\"string\"},"
    "\"metadata\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"},"
    "\"description\":\"Further facts; of a field that is not right, its name and the reason.\"}}},"
    "{\"title\":\"BadRequest\",\"description\":\"Which fields are not right.\",\"required\":[\"fieldViolations\"],"
    "\"properties\":{\"@type\":{\"const\":\"type.googleapis.com/google.rpc.BadRequest\"},"
    "\"fieldViolations\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"field\",\"description\"],"
    "\"properties\":{\"field\":{\"type\":\"string\",\"description\":\"As the contract spells it: employee.name.\"},"
    "\"description\":{\"type\":\"string\"}}}}}},"
    "{\"title\":\"RequestInfo\",\"description\":\"What the logs know the request by; every error has it.\","
    "\"required\":[\"requestId\"],\"properties\":{"
    "\"@type\":{\"const\":\"type.googleapis.com/google.rpc.RequestInfo\"},"
    "\"requestId\":{\"type\":\"string\"},"
    "\"servingData\":{\"type\":\"string\",\"description\":\"The id of its trace.\"}}},"
    "{\"title\":\"RetryInfo\",\"description\":\"When it may be worth another try.\","
    "\"required\":[\"retryDelay\"],\"properties\":{"
    "\"@type\":{\"const\":\"type.googleapis.com/google.rpc.RetryInfo\"},"
    "\"retryDelay\":{\"type\":\"string\",\"pattern\":\"^[0-9]+(\\\\.[0-9]{1,9})?s$\"}}},"
    "{\"title\":\"any other\",\"properties\":{\"@type\":{\"not\":{\"enum\":["
    "\"type.googleapis.com/google.rpc.ErrorInfo\",\"type.googleapis.com/google.rpc.BadRequest\","
    "\"type.googleapis.com/google.rpc.RequestInfo\",\"type.googleapis.com/google.rpc.RetryInfo\"]}}}}]}";

typedef enum { ALWAYS, OF_DOWNLOADS, OF_STRANGERS } response_need;

typedef struct {
    const char *name, *description, *example;
    response_need need;
} error_response;

#define EXAMPLE(code, message, status, reason)                                                                         \
    "{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"status\":\"" status "\",\"details\":[{\"@type\":"     \
    "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"" reason "\",\"domain\":\"smartpass\","                 \
    "\"metadata\":{}}]}}"

static const error_response responses[] = {
    {"InvalidRequest", "The request is not right, or cannot be met as things stand; the details name what is wrong.",
     EXAMPLE("400", "There is no such query parameter.", "INVALID_ARGUMENT", "UNKNOWN_PARAMETER"), ALWAYS},
    {"Unauthenticated", "Nobody is signed in.",
     EXAMPLE("401", "Nobody is signed in.", "UNAUTHENTICATED", "SESSION_MISSING"), ALWAYS},
    {"Forbidden", "The caller may not do this, or the header against request forgery is missing.",
     EXAMPLE("403", "The request does not come from a page of this host.", "PERMISSION_DENIED", "CSRF"), ALWAYS},
    {"NotFound", "What the path names does not exist, or not for this caller.",
     EXAMPLE("404", "There is no such path.", "NOT_FOUND", "PATH_NOT_FOUND"), ALWAYS},
    {"NoSuchRange", "The bytes that Range asks for are beyond the end.",
     EXAMPLE("416", "The body has no such range.", "OUT_OF_RANGE", "RANGE_BEYOND_END"), OF_DOWNLOADS},
    {"TooManyRequests",
     "Too many requests of nobody in particular came from the caller's address; Retry-After says when.",
     EXAMPLE("429", "There are too many requests without a session.", "RESOURCE_EXHAUSTED", "TOO_MANY_CALLS"),
     OF_STRANGERS},
    {"Failed", "Any other refusal or failure.",
     EXAMPLE("503", "The server cannot be reached.", "UNAVAILABLE", "SERVER_UNAVAILABLE"), ALWAYS},
};

bool error_schema_has(const char *name)
{
    return strcmp(name, "Error") == 0 || strcmp(name, "ErrorDetail") == 0;
}

void error_schema_write(document *d)
{
    put_ready(d, "Error", error_json);
    put_ready(d, "ErrorDetail", detail_json);
}

static bool is_needed(const document *d, response_need need)
{
    return need == ALWAYS || (need == OF_DOWNLOADS ? d->downloads : d->limited);
}

void error_responses_write(document *d)
{
    put_object(d, "responses");
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        if (!is_needed(d, responses[i].need))
            continue;
        put_object(d, responses[i].name);
        put_text(d, "description", responses[i].description);
        put_ready(d, "headers", "{\"X-Request-Id\":{\"$ref\":\"#/components/headers/RequestId\"}}");
        put_object(d, "content");
        put_object(d, "application/json");
        put_ready(d, "schema", "{\"$ref\":\"#/components/schemas/Error\"}");
        put_ready(d, "example", responses[i].example);
        json_close_object(d->out);
        json_close_object(d->out);
        json_close_object(d->out);
    }
    json_close_object(d->out);
}

void error_response_put(document *d, const char *status, const char *response)
{
    put_object(d, status);
    put_text(d, "$ref", text_of(d, "#/components/responses/%s", response));
    json_close_object(d->out);
}
