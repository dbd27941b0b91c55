/* Times on the command line: RFC 3339 in UTC. */
#pragma once

#include <stdbool.h>

#include "google/protobuf/timestamp.pb-c.h"

enum { TIME_TEXT_SIZE = 24 };

/* "2026-11-22T08:00:00Z", or "-" for NULL. */
void time_text(const Google__Protobuf__Timestamp *t, char ret_text[TIME_TEXT_SIZE]);

/* False for anything but that form. */
bool time_parse(const char *text, Google__Protobuf__Timestamp *ret_time);
