/* Pieces of C text that need care: comments, string literals, lists of arguments that break at the right margin. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* A comment of the contract as a block comment, indented and filled to the margin; nothing when it is empty. */
void write_comment(FILE *out, int indent, const char *comment);

/* "text" with its quotes, fit for a C string literal. */
void write_literal(FILE *out, const char *text);

/* head(a, b, c)tail, broken between arguments and aligned behind the bracket where the line would grow too long.
 * head begins its line. */
void write_list(FILE *out, const char *head, const char *const *items, size_t count, const char *tail);
#define WRITE_LIST(out, head, tail, ...)                                                                               \
    write_list((out), (head), (const char *const[]){__VA_ARGS__},                                                      \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), (tail))
