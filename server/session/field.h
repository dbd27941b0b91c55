/* What people write into the fields of a request. *text becomes a copy in the call's arena, without blanks at its ends;
 * the request stays as it came. A fault is a violation at the field, which is named as in the request: "group.name". */
#pragma once

#include <stdbool.h>

#include "rpc.h"

/* One line (line_is_plain). */
sp_status field_take_line(rpc_call *call, const char *field, char **text, bool required) SP_MUST_USE;

/* A name to sign in with (line_is_one_word); nothing is cut off. */
sp_status field_check_username(rpc_call *call, const char *field, const char *text) SP_MUST_USE;

/* Several lines, or none (lines_are_plain). */
sp_status field_take_lines(rpc_call *call, const char *field, char **text) SP_MUST_USE;
