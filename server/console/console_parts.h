/* What the files of the console share. */
#pragma once

#include "console.h"
#include "event_bus.h"
#include "lanes.h"

struct server_console {
    console_options options;
    event_bus *bus;
    lanes *readers;
};
