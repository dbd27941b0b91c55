/* What an identity provider's word means here. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum { USERNAME_MAX = 64, DISPLAY_NAME_MAX = 96 }; /* bytes */

/* Whether the browser may be sent back there: our sign-in page of some origin, by https, or by http of this machine. */
bool external_redirect_is_legal(const char *uri);

/* Whether one of the values is what a mapping names; "*" fits everybody, also who has none. */
bool external_value_fits(const char *wanted, const text_list *values);

/* A user name from the first of the candidates that gives one: without blanks and what nobody sees, cut to fit.
 * With attempt > 1, "-<attempt>" is its end, for when the name is taken. False when none of them gives a name. */
bool external_username(const char *const *candidates, size_t count, unsigned attempt, char ret_name[USERNAME_MAX + 1]);

/* One line of it, cut to fit; "" when it is not plain. */
void external_display_name(const char *name, char ret_name[DISPLAY_NAME_MAX + 1]);
