#include "raw_body.h"

#include <string.h>

bool field_is_raw(const field_type *field)
{
    return field && !field->repeated && field->message && strcmp(field->message->full_name, "google.api.HttpBody") == 0;
}

bool route_takes_raw(const route *from)
{
    return from->raw_in || (from->body == BODY_FIELD && field_is_raw(from->body_field));
}

bool route_answers_raw(const route *from)
{
    return from->raw_out || (!from->method->server_streaming && field_is_raw(from->reply_field));
}
