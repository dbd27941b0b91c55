/* A statement without what it says about its enterprise. */
#pragma once

#include <stdbool.h>

enum { STRIPPED_TEXT = 16384 };

/* Writes the text with every comparison of an enterprise_id (and of enterprise.id with $1) replaced by one that holds
 * for all rows, and with pages that reach over all of them. How many comparisons there were. */
int statement_strip(const char *text, char ret_text[STRIPPED_TEXT]);

/* Whether it still compares an enterprise_id in a way that statement_strip does not know. */
bool statement_compares_enterprise(const char *text);
