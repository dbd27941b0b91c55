/* Which routes carry bytes as they are, under a media type of their own, instead of JSON. */
#pragma once

#include <stdbool.h>

#include "routes.h"

/* A single google.api.HttpBody. */
bool field_is_raw(const field_type *field);

bool route_takes_raw(const route *from);
bool route_answers_raw(const route *from);
