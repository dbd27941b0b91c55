/* Who stands before the terminal: from a decoded frame and a card to a person of the store. */
#pragma once

#include <stdbool.h>

#include "face_index.h"
#include "hal.h"
#include "people_store.h"

typedef struct {
    bool anybody; /* a face was seen or a known card shown; false: there is nothing to decide */
    bool alive;   /* false: the detector says that it is no living face */
    bool known;   /* who is filled; false: a stranger */
    person who;
    float distance; /* to the template; 0 with a card */
    char card[33];  /* as read; empty: none. Printable, so that it may go into a record */
} recognition;

recognition recognise(const hal *h, people_store *people, const face_index *index, const face_picture *frame);
