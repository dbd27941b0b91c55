/* The simulated hardware of one terminal: what stands before it is said by a command, what it does is written down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal.h"

typedef struct sim_hardware sim_hardware;

/* What the next look will meet. */
typedef struct {
    const char *picture; /* file; relative to the camera's folder unless absolute. NULL: the folder's next, if any */
    int32_t temperature_centi; /* 0: not measured */
    bool no_mask;
    bool not_alive;
    const char *card; /* NULL: none */
} sim_sight;

/* folder: of the camera's pictures, may be NULL; relay_log: file that every movement of the relay is appended to, may
 * be NULL. Both are copied. NULL: memory is out. */
sim_hardware *sim_hardware_new(const char *folder, const char *relay_log);
void sim_hardware_free(sim_hardware *s); /* accepts NULL */

/* Fills everything but the face reader. */
void sim_hardware_fill(sim_hardware *s, hal *ret_hal);

/* The strings are borrowed until the look is over. */
void sim_hardware_place(sim_hardware *s, const sim_sight *sight);

/* The camera's folder, walked in order of the names, from the beginning again after the last; false: no JPEG there. */
bool sim_hardware_next_picture(sim_hardware *s, char *out, size_t cap);

uint64_t sim_hardware_relay_count(const sim_hardware *s); /* times it was activated */

typedef struct {
    int64_t at_ms; /* wall time */
    bool active;
    uint64_t seq; /* of the record that opened */
} relay_movement;

enum { RELAY_MOVEMENTS_KEPT = 256 };

/* The last movements, oldest first; returns how many. */
size_t sim_hardware_relay_log(const sim_hardware *s, relay_movement out[RELAY_MOVEMENTS_KEPT]);
