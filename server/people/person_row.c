#include "person_row.h"

#include <protobuf-c/protobuf-c.h>

#include "timestamp.h"

void person_row_fill(arena *a, const person_row *row, ProtobufCMessage *message)
{
    Google__Protobuf__Timestamp **created = person_member(message, "create_time");
    Google__Protobuf__Timestamp **updated = person_member(message, "update_time");
    int32_t *device_count = person_member(message, "device_count");
    protobuf_c_boolean *blacklisted = person_member(message, "blacklisted");
    const char **host_name = person_member(message, "host_name");

    person_to_message(&row->who, message);
    *created = timestamp_or_null(a, row->created_ms);
    *updated = timestamp_or_null(a, row->updated_ms);
    *device_count = row->device_count;
    if (blacklisted)
        *blacklisted = row->blacklisted;
    if (host_name)
        *host_name = row->host_name;
}

ProtobufCMessage *person_row_message(arena *a, const person_row *row)
{
    const ProtobufCMessageDescriptor *descriptor = person_descriptor(row->who.kind);
    ProtobufCMessage *message = arena_alloc(a, descriptor->sizeof_message);

    if (!message)
        return NULL;
    protobuf_c_message_init(descriptor, message);
    person_row_fill(a, row, message);
    return message;
}
