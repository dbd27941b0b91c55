/* Options that a contract states beside google.api.http. protobuf-c keeps them as unknown fields of the standard
 * options messages. What is malformed is taken as not stated. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "contract_notes.h"

/* smartpass.v1.limit and google.api.field_behavior. */
void options_of_field(const ProtobufCMessage *options, contract_note *into);

/* smartpass.v1.policy. False when memory is out. */
bool options_of_method(const ProtobufCMessage *options, contract_note *into, arena *memory);
