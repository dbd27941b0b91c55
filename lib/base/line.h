/* What people write into a field: cut at both ends, and free of what would make it look like something else. Text is
 * well-formed UTF-8. Nothing here allocates. */
#pragma once

#include <stdbool.h>

/* Cuts white space off both ends, in place; returns where the text begins. */
char *line_trim(char *text);

/* One line: no control characters, and none that turn the direction of what follows on a screen. */
bool line_is_plain(const char *text);

/* Several lines: the same, but line ends and tabs are allowed. */
bool lines_are_plain(const char *text);

/* A name to sign in with: plain, not empty, without any kind of blank and without characters of no width, so that two
 * names that look alike by such a trick cannot both exist. */
bool line_is_one_word(const char *text);
