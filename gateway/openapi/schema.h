/* JSON Schemas (2020-12) of messages, enums and fields, as proto3 JSON has them. */
#pragma once

#include "document.h"

/* Where a message is met: what an answer always has, a request may leave out. */
typedef enum { USED_IN_REQUEST = 1, USED_IN_ANSWER = 2 } schema_use;

/* Notes that the schema of a field, or of a message, is going to be referred to, and all that it refers to itself. */
void schema_use_field(document *d, const field_type *field, schema_use use);
void schema_use_message(document *d, const message_type *message, schema_use use);

/* Gives names to what was noted; before the first schema is written. */
void schema_name_components(document *d);

/* The short name of a type of the contract, "Employee", as components have it; its full name when it is none. */
const char *schema_name(document *d, const char *full_name);

/* A whole schema: of a message, of a field with its comment and limits, of one value of a parameter. */
void schema_of_message(document *d, const message_type *message);
void schema_of_field(document *d, const field_type *field, const contract_note *note);
void schema_of_parameter(document *d, const field_type *field, const contract_note *note);

/* What a comment says of a field, and what its limits say. */
const char *schema_field_text(document *d, const field_type *field, const contract_note *note);

/* An object of those fields of the message that `wanted` lets through. */
void schema_of_some_fields(document *d, const message_type *message,
                           bool (*wanted)(const void *context, const field_type *field), const void *context);

/* "schemas": {…} of everything that was noted. */
void schema_write_components(document *d);

/* Fields that a request must have. */
bool schema_needs_fields(document *d, const message_type *message);
