/* Who stands before the terminal: from a decoded frame and a card to a person of the store. */
#pragma once

#include <stdbool.h>

#include "face_index.h"
#include "hal.h"
#include "people_store.h"

typedef struct {
    bool anybody; /* a face was seen or a known card shown; false: there is nothing to decide */
    bool alive;   /* false: the detector says that it is no living face; only asked when liveness is on */
    bool
        poor; /* the picture is too bad to go by: there is a face, and neither a known card nor the blacklist decides */
    bool known; /* who is filled; false: a stranger */
    person who;
    float distance; /* to the template; 0 with a card */
} recognition;

/* What the reader was shown; empty: nothing. Printable, so that it may go into a record. */
void recognition_card(const hal *h, char ret_card[33]);

recognition recognise(const hal *h, people_store *people, const face_index *index, const terminal_settings *settings,
                      const face_picture *frame, const char *card);
