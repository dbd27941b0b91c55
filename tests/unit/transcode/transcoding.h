/* A transcoder with the contract of these tests, and what one test works with. */
#pragma once

#include "json_to_wire.h"
#include "wire_to_json.h"

extern descriptor_pool *pool;
extern arena memory;
extern byte_buffer wire, json;
extern transcode_fault fault;

/* Once for all tests of a case (unchecked fixture). */
void open_pool(void);
void close_pool(void);

/* Around each test (checked fixture). */
void begin(void);
void end(void);

/* Of the package transcode.test. */
const message_type *message_named(const char *name);

/* The JSON into wire; false with the fault. */
bool encode(const char *message, const char *text);

/* What is in wire, as JSON; lives in json. */
const char *decoded_by(const wire_reply *reply);
const char *decoded(const char *message);
