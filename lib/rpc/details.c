/* google.rpc.Status with its details: collected, packed and read. */
#include "details.h"

#include <stdlib.h>
#include <string.h>

#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "message.h"

typedef Google__Protobuf__Any Any;
typedef Google__Rpc__BadRequest BadRequest;
typedef Google__Rpc__BadRequest__FieldViolation FieldViolation;
typedef Google__Rpc__ErrorInfo ErrorInfo;
typedef Google__Rpc__ErrorInfo__MetadataEntry FactEntry;
typedef Google__Rpc__Status Status;

#define TYPE_PREFIX "type.googleapis.com/"

enum {
    DETAILS_TEXT_MAX = 3072,    /* peers take 8 KiB of metadata by default, and base64 adds a third */
    FIELD_VIOLATION_REASON = 3, /* FieldViolation.reason, which the packaged error_details.proto is too old to know */
    STATUS_ARENA_CAP = 64 * 1024,
};

struct details_violation {
    details_violation *next;
    const char *field;
    const char *reason;
    const char *description;
};

struct details_fact {
    details_fact *next;
    const char *key;
    const char *value;
};

static bool takes_text(call_details *details, size_t bytes)
{
    if (details->bytes + bytes > DETAILS_TEXT_MAX)
        return false;
    details->bytes += bytes;
    return true;
}

void details_add_violation(call_details *details, arena *a, const char *field, const char *reason,
                           const char *description)
{
    if (!takes_text(details, strlen(field) + strlen(reason) + strlen(description)))
        return;

    details_violation *violation = arena_alloc(a, sizeof *violation);

    if (violation == NULL)
        return;
    violation->field = field;
    violation->reason = reason;
    violation->description = description;

    if (details->violations_end == NULL)
        details->violations_end = &details->violations;
    *details->violations_end = violation;
    details->violations_end = &violation->next;
    details->violation_count++;
    details_add_fact(details, a, field, reason); /* for clients whose BadRequest has no reason either */
}

void details_add_fact(call_details *details, arena *a, const char *key, const char *value)
{
    if (!takes_text(details, strlen(key) + strlen(value)))
        return;

    details_fact *fact = arena_alloc(a, sizeof *fact);

    if (fact == NULL)
        return;
    fact->key = key;
    fact->value = value;

    if (details->facts_end == NULL)
        details->facts_end = &details->facts;
    *details->facts_end = fact;
    details->facts_end = &fact->next;
    details->fact_count++;
}

static bool pack_any(Any *any, const char *type_url, arena *a, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(a, size);

    if (bytes == NULL)
        return false;
    protobuf_c_message_pack(message, bytes);
    google__protobuf__any__init(any);
    any->type_url = (char *)type_url;
    any->value = (ProtobufCBinaryData){size, bytes};
    return true;
}

static bool pack_error_info(Any *any, const call_details *details, arena *a, const char *reason, const char *domain)
{
    ErrorInfo info = GOOGLE__RPC__ERROR_INFO__INIT;
    FactEntry *entries = arena_array(a, details->fact_count, sizeof *entries);
    FactEntry **list = arena_array(a, details->fact_count, sizeof *list);
    size_t n = 0;

    if (entries == NULL || list == NULL)
        return false;
    for (const details_fact *fact = details->facts; fact != NULL; fact = fact->next, n++) {
        google__rpc__error_info__metadata_entry__init(&entries[n]);
        entries[n].key = (char *)fact->key;
        entries[n].value = (char *)fact->value;
        list[n] = &entries[n];
    }
    info.reason = (char *)reason;
    info.domain = (char *)domain;
    info.metadata = list;
    info.n_metadata = n;
    return pack_any(any, TYPE_PREFIX "google.rpc.ErrorInfo", a, &info.base);
}

/* A length-delimited field as protobuf-c keeps unknown ones: the length stands before the bytes. */
static bool append_unknown_text(ProtobufCMessage *message, arena *a, uint32_t field, const char *text)
{
    size_t length = strlen(text);
    ProtobufCMessageUnknownField *unknown = arena_alloc(a, sizeof *unknown);
    uint8_t *data = arena_alloc(a, length + 5);
    size_t at = 0;

    if (unknown == NULL || data == NULL)
        return false;
    for (size_t rest = length;; rest >>= 7) {
        data[at++] = (uint8_t)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
        if (rest < 0x80)
            break;
    }
    memcpy(data + at, text, length);

    *unknown = (ProtobufCMessageUnknownField){field, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, at + length, data};
    message->unknown_fields = unknown;
    message->n_unknown_fields = 1;
    return true;
}

static bool pack_bad_request(Any *any, const call_details *details, arena *a)
{
    BadRequest request = GOOGLE__RPC__BAD_REQUEST__INIT;
    FieldViolation *violations = arena_array(a, details->violation_count, sizeof *violations);
    FieldViolation **list = arena_array(a, details->violation_count, sizeof *list);
    size_t n = 0;

    if (violations == NULL || list == NULL)
        return false;
    for (const details_violation *v = details->violations; v != NULL; v = v->next, n++) {
        google__rpc__bad_request__field_violation__init(&violations[n]);
        violations[n].field = (char *)v->field;
        violations[n].description = (char *)v->description;
        if (!append_unknown_text(&violations[n].base, a, FIELD_VIOLATION_REASON, v->reason))
            return false;
        list[n] = &violations[n];
    }
    request.field_violations = list;
    request.n_field_violations = n;
    return pack_any(any, TYPE_PREFIX "google.rpc.BadRequest", a, &request.base);
}

bool details_pack(const call_details *details, sp_status status, const char *domain, grpc_slice *ret_slice)
{
    Status packed = GOOGLE__RPC__STATUS__INIT;
    Any info;
    Any request;
    Any *list[] = {&info, &request};
    arena a;

    arena_init(&a, STATUS_ARENA_CAP);
    packed.code = (int32_t)status.code;
    packed.message = (char *)status.message;
    packed.details = list;

    bool fits = pack_error_info(&info, details, &a, status.reason, domain);

    packed.n_details = 1;
    if (fits && details->violation_count > 0) {
        fits = pack_bad_request(&request, details, &a);
        packed.n_details = 2;
    }
    if (fits) {
        *ret_slice = grpc_slice_malloc(protobuf_c_message_get_packed_size(&packed.base));
        protobuf_c_message_pack(&packed.base, GRPC_SLICE_START_PTR(*ret_slice));
    }
    arena_done(&a);
    return fits;
}

/* Unpacks what a peer sent, by the same rules as a request. */
static ProtobufCMessage *unpack_checked(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t *bytes,
                                        size_t size)
{
    const char *field;

    if (sp_failed(rpc_prescan(descriptor, bytes, size, NULL, 0, &field)))
        return NULL;
    return rpc_unpack(descriptor, a, bytes, size);
}

char *details_reason(const uint8_t *bytes, size_t size)
{
    char *reason = NULL;
    arena a;

    arena_init(&a, STATUS_ARENA_CAP);

    const Status *status = (const Status *)unpack_checked(&google__rpc__status__descriptor, &a, bytes, size);

    for (size_t i = 0; status != NULL && i < status->n_details && reason == NULL; i++) {
        const Any *any = status->details[i];

        if (strcmp(any->type_url, TYPE_PREFIX "google.rpc.ErrorInfo") != 0)
            continue;

        const ErrorInfo *info = (const ErrorInfo *)unpack_checked(&google__rpc__error_info__descriptor, &a,
                                                                  any->value.data, any->value.len);
        if (info != NULL)
            reason = strdup(info->reason);
    }
    arena_done(&a);
    return reason;
}
