#include "grpc_outcome.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

void grpc_headers_init(grpc_headers *headers)
{
    *headers = (grpc_headers){.grpc_status = -1};
}

static bool is(const char *name, const uint8_t *bytes, size_t size)
{
    return strlen(name) == size && memcmp(name, bytes, size) == 0;
}

/* Up to three digits; -1 for anything else. */
static int small_number(const uint8_t *bytes, size_t size)
{
    int number = 0;

    if (size == 0 || size > 3)
        return -1;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < '0' || bytes[i] > '9')
            return -1;
        number = number * 10 + (bytes[i] - '0');
    }
    return number;
}

/* grpc-message is percent-encoded UTF-8. What is malformed stays as it came; control characters become spaces. */
static void decode_message(const uint8_t *bytes, size_t size, char *out, size_t cap)
{
    size_t n = 0;

    for (size_t i = 0; i < size && n + 1 < cap; i++) {
        uint8_t byte = bytes[i];

        if (byte == '%' && size - i > 2 &&
            hex_decode((const char[]){(char)bytes[i + 1], (char)bytes[i + 2], 0}, &byte, 1))
            i += 2;
        out[n++] = byte < ' ' || byte == 0x7f ? ' ' : (char)byte;
    }
    while (n > 0 && !utf8_is_valid(out, n))
        n--;
    out[n] = '\0';
}

void grpc_headers_take(grpc_headers *headers, const uint8_t *name, size_t name_size, const uint8_t *value,
                       size_t value_size)
{
    static const char content[] = "application/grpc";

    if (is(":status", name, name_size)) {
        headers->http_status = small_number(value, value_size);
    } else if (is("content-type", name, name_size)) {
        headers->grpc_content = value_size >= sizeof content - 1 && memcmp(value, content, sizeof content - 1) == 0;
    } else if (is("grpc-status", name, name_size)) {
        headers->grpc_status = small_number(value, value_size);
        if (headers->grpc_status > SP_UNAUTHENTICATED || headers->grpc_status < 0)
            headers->grpc_status = SP_UNKNOWN;
    } else if (is("grpc-message", name, name_size)) {
        decode_message(value, value_size, headers->message, sizeof headers->message);
    }
}

/* What gRPC makes of an answer that came from a proxy or a plain web server. */
static sp_code code_of_http(int status)
{
    switch (status) {
    case 400:
        return SP_INTERNAL;
    case 401:
        return SP_UNAUTHENTICATED;
    case 403:
        return SP_PERMISSION_DENIED;
    case 404:
        return SP_UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
        return SP_UNAVAILABLE;
    default:
        return SP_UNKNOWN;
    }
}

grpc_outcome grpc_outcome_failed(sp_code code, const char *message)
{
    grpc_outcome outcome = {.code = code};

    snprintf(outcome.message, sizeof outcome.message, "%s", message);
    return outcome;
}

grpc_outcome grpc_headers_outcome(const grpc_headers *headers, bool clean)
{
    grpc_outcome outcome = {.answered = true};

    if (headers->grpc_status >= 0) {
        outcome.code = (sp_code)headers->grpc_status;
        memcpy(outcome.message, headers->message, sizeof outcome.message);
        return outcome;
    }
    if (headers->http_status == 0)
        return grpc_outcome_failed(SP_UNAVAILABLE, "the server closed the stream without an answer");
    if (headers->http_status == 200 && !headers->grpc_content)
        return grpc_outcome_failed(SP_UNKNOWN, "the answer is not gRPC");
    if (headers->http_status == 200)
        return clean ? grpc_outcome_failed(SP_UNKNOWN, "the answer ended without a status")
                     : grpc_outcome_failed(SP_UNAVAILABLE, "the server reset the stream");
    outcome.code = code_of_http(headers->http_status);
    snprintf(outcome.message, sizeof outcome.message, "HTTP status %d", headers->http_status);
    return outcome;
}

bool grpc_outcome_is_refusal(const grpc_outcome *outcome)
{
    return outcome->code == SP_PERMISSION_DENIED || outcome->code == SP_UNAUTHENTICATED;
}
