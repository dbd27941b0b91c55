/* What the files of the console share. */
#pragma once

#include "console.h"
#include <pthread.h>

#include "event_bus.h"
#include "lanes.h"
#include "ticker.h"

typedef struct console_note console_note;

enum { OPEN_NOTES = 64 };

struct server_console {
    console_options options;
    event_bus *bus;
    lanes *readers;
    ticker *ticker;
    pthread_mutex_t lock;           /* of all below */
    int waiting;                    /* notes that no reader has taken */
    console_note *open[OPEN_NOTES]; /* by enterprise: waiting notes that take more passes */
};
