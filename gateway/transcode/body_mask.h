/* The field mask of a PATCH whose client gave none: the fields that its body names. */
#pragma once

#include <stdbool.h>

#include "wire_encoder.h"

/* Reads the body again, of whose correctness encoding it has made sure, and appends the mask, with the path of each
 * field that the body names, down to scalars, lists, maps and messages with a form of their own. What the URL's path
 * binds says which resource it is, not what changes, and is left out. A body that names nothing makes a mask without
 * paths. `body` is the field that the body fills. */
bool body_mask_to_wire(wire_encoder *encoder, const wire_request *request);
