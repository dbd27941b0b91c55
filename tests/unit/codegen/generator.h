/* The generator in a child of the test's own, so that thousands of requests can be tried. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int exit_code; /* -1: it was killed by a signal */
    uint8_t *output;
    size_t output_size;
    char *complaint; /* what it wrote to stderr */
} generator_result;

/* Runs it on one request. In the child, begin is called before and end when it is over, with the exit code; either may
 * be NULL. Aborts when the test itself cannot go on. */
void generator_run(const void *request, size_t size, void (*begin)(void), void (*end)(int exit_code),
                   generator_result *ret_result);
void generator_result_drop(generator_result *result);

/* It ended as a plugin may: with an answer, or with a complaint of its own (and of no sanitizer) and nothing else. */
bool generator_ended_well(const generator_result *result);

/* A file that the build has made, malloc's; aborts when there is none. */
uint8_t *generator_request(const char *name, size_t *ret_size);
