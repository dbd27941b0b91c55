#include "light.h"

light_colour light_of(const terminal_settings *settings, light_occasion occasion)
{
    if (occasion == LIGHT_FOR_FAILURE && settings->failure_effect == FAILURE_RED_LIGHT)
        return LIGHT_RED;
    if (settings->fill_light == FILL_OFF)
        return LIGHT_OFF;
    return occasion == LIGHT_FOR_SUCCESS && settings->fill_light == FILL_THREE_COLOUR ? LIGHT_GREEN : LIGHT_WHITE;
}

const char *light_name(light_colour colour)
{
    static const char *const names[] = {"off", "white", "green", "red"};

    return names[colour];
}
