/* The light beside the camera: which colour, by mood of the screen and by the settings. Pure. */
#pragma once

#include <stdbool.h>

#include "settings.h"

typedef enum { LIGHT_OFF, LIGHT_WHITE, LIGHT_GREEN, LIGHT_RED } light_colour;

/* Somebody may pass, may not, or neither was decided just now. */
typedef enum { LIGHT_FOR_NOBODY, LIGHT_FOR_SUCCESS, LIGHT_FOR_FAILURE } light_occasion;

/* Three colours: white, green for who may pass, red for who may not. The red light of a failure shines with every kind
 * of light, unless it is set to none. */
light_colour light_of(const terminal_settings *settings, light_occasion occasion);

const char *light_name(light_colour colour);
