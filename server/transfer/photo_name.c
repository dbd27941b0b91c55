#include "photo_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const photo_fault NO_PHOTO = {"NOT_AN_IMAGE", "The name of the file does not end in .jpg, .jpeg or .png."};
static const photo_fault NO_NUMBER = {"NUMBER_MISSING", "The name of the file must be the personnel ID."};

photo_fault photo_name_read(const char *name, char *ret_number)
{
    static const char *const endings[] = {".jpg", ".jpeg", ".png"};
    const char *dot = strrchr(name, '.');
    bool known = false;

    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        known = known || strcasecmp(dot, endings[i]) == 0;
    *ret_number = '\0';
    if (!known)
        return NO_PHOTO;
    memcpy(ret_number, name, (size_t)(dot - name));
    ret_number[dot - name] = '\0';
    return strspn(ret_number, " ") == strlen(ret_number) ? NO_NUMBER : (photo_fault){NULL, NULL};
}
