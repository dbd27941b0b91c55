#include "package_version.h"

#include <stdio.h>

/* Takes the digits of one part; false when there are none, too many, or a leading zero. */
static bool take_part(const char **text, uint16_t *ret_part)
{
    const char *first = *text;
    uint32_t value = 0;

    while (**text >= '0' && **text <= '9' && value <= PACKAGE_VERSION_PART_MAX)
        value = value * 10 + (uint32_t)(*(*text)++ - '0');
    *ret_part = (uint16_t)value;
    return *text != first && value <= PACKAGE_VERSION_PART_MAX && (*first != '0' || *text == first + 1);
}

bool package_version_parse(const char *text, package_version *ret_version)
{
    package_version v;

    if (!take_part(&text, &v.major) || *text++ != '.' || !take_part(&text, &v.minor) || *text++ != '.' ||
        !take_part(&text, &v.patch) || *text != '\0')
        return false;
    *ret_version = v;
    return true;
}

void package_version_text(package_version v, char out[PACKAGE_VERSION_SIZE])
{
    snprintf(out, PACKAGE_VERSION_SIZE, "%u.%u.%u", v.major, v.minor, v.patch);
}

int package_version_compare(package_version a, package_version b)
{
    if (a.major != b.major)
        return a.major < b.major ? -1 : 1;
    if (a.minor != b.minor)
        return a.minor < b.minor ? -1 : 1;
    return (a.patch > b.patch) - (a.patch < b.patch);
}
