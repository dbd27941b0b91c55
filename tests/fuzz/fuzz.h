/* What every fuzz target has: one entry that libFuzzer calls (clang), or that replay.c calls with the corpus (any
 * compiler), and properties that must hold whatever the input is. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Always returns 0; a property that does not hold ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, and says where, when the condition does not hold. */
#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            require_failed(#condition, __FILE__, __LINE__);                                                            \
    } while (0)

__attribute__((noreturn)) void require_failed(const char *condition, const char *file, int line);
