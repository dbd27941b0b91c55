/* Comments of a contract as texts of its documentation. */
#pragma once

#include "arena.h"

/* What protoc keeps of a comment as Markdown: the lines of a paragraph are joined; lists and indented lines stay as
 * they are. NULL when memory is out. */
const char *comment_reflow(const char *comment, arena *memory);

/* The first sentence, without its full stop. NULL when memory is out. */
const char *comment_first_sentence(const char *comment, arena *memory);
