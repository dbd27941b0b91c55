/* How server and terminal come to have the same settings although both may change them, and neither always hears the
 * other: what a value that comes down means for one that is here. Pure.
 *
 * The server numbers every change that it knows. A change at the terminal has a random number of its own, its edit,
 * until the server answers it: with that edit when it was taken, with edit 0 when the server had another change of the
 * same setting that the terminal had not heard of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t version; /* of the value that the terminal had, or on which its own change is based; 0: the factory's */
    uint64_t edit;   /* of a change here that was not yet answered; 0: none */
} setting_state;

typedef struct {
    setting_state state; /* from now on */
    bool take;           /* the value that came takes the place of the one here */
    bool tell;           /* the change made here is to be told again: what it is based on has changed */
} setting_step;

/* A value of that version and edit came down. */
setting_step setting_hear(setting_state here, int64_t version, uint64_t edit);
