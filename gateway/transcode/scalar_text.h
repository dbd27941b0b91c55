/* Texts that stand for one value → wire bytes: JSON strings and numbers, query and path parameters, keys of maps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "descriptor_pool.h"
#include "protowire.h"

typedef enum {
    TEXT_NUMBER,    /* a JSON number */
    TEXT_STRING,    /* a JSON string */
    TEXT_PARAMETER, /* no quotes tell strings from numbers and truth values; UTF-8 not yet checked */
} text_source;

/* Appends the value without its tag. NULL, or a static text that completes "The value …". */
const char *scalar_from_text(byte_buffer *out, const field_type *field, text_source source, const char *text,
                             size_t length);

/* Appends the content of a message that one string stands for: Timestamp, Duration, FieldMask. */
const char *message_from_text(byte_buffer *out, message_form form, const char *text, size_t length);
