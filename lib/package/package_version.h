/* The version of a package and of a program: MAJOR.MINOR.PATCH. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    PACKAGE_VERSION_PART_MAX = 65535,
    PACKAGE_VERSION_SIZE = 18, /* of the text, NUL included */
};

typedef struct {
    uint16_t major, minor, patch;
} package_version;

/* Three decimal numbers from 0 to 65535 without leading zeros, and nothing else. */
bool package_version_parse(const char *text, package_version *ret_version);
void package_version_text(package_version version, char out[PACKAGE_VERSION_SIZE]);

/* Below 0, 0 or above 0, as a is older than b, the same or newer. */
int package_version_compare(package_version a, package_version b);
