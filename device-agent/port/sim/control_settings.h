/* The settings on the control socket. */
#pragma once

#include "json_line.h"
#include "terminal.h"

/* As the menu would: answers what came of it. A password is its digits. */
void control_set(terminal *t, const char *name, const char *value, char *answer, size_t cap);

/* Each by its name in JSON, with the version up to which the server was heard and the names of those that it has not
 * answered yet. Of the password only whether there is one. */
void control_describe_settings(json_line *j, const terminal *t);
