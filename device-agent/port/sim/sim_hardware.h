/* The simulated hardware of one terminal: what stands before it is said by a command, what it does is written down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal.h"

typedef struct sim_hardware sim_hardware;

enum { SIGHT_PICTURES_MAX = 10, SIGHT_READINGS_MAX = 10 };

/* What the next look will meet. */
typedef struct {
    /* Files, relative to the camera's folder unless absolute: one after the other, the last one again and again. None:
     * the folder's next, if any. */
    const char *pictures[SIGHT_PICTURES_MAX];
    size_t picture_count;
    /* Of the thermometer, likewise; 0: not measured. None: not measured. */
    int32_t readings_centi[SIGHT_READINGS_MAX];
    size_t reading_count;
    bool ambient_known;
    int32_t ambient_centi;
    bool no_mask;
    bool not_alive;
    const char *card; /* NULL: none */
} sim_sight;

/* folder: of the camera's pictures, may be NULL; relay_log: file that every movement of the relay is appended to, may
 * be NULL. Both are copied. NULL: memory is out. */
sim_hardware *sim_hardware_new(const char *folder, const char *relay_log);
void sim_hardware_free(sim_hardware *s); /* accepts NULL */

/* Fills everything but the face reader and the power. */
void sim_hardware_fill(sim_hardware *s, hal *ret_hal);

/* The strings are borrowed until the look is over. */
void sim_hardware_place(sim_hardware *s, const sim_sight *sight);

/* The camera's folder, walked in order of the names, from the beginning again after the last; false: no JPEG there. */
bool sim_hardware_next_picture(sim_hardware *s, char *out, size_t cap);

/* A jammed camera gives pictures again when it is started again, a dead one never. */
typedef enum { SIM_CAMERA_WELL, SIM_CAMERA_JAMMED, SIM_CAMERA_DEAD } sim_camera_state;
void sim_hardware_camera(sim_hardware *s, sim_camera_state state);

/* What fan, light and screen were told last. */
typedef struct {
    bool fan;
    light_colour light;
    uint32_t brightness;
    const char *resolution;
} sim_fixtures;

sim_fixtures sim_hardware_fixtures(const sim_hardware *s);

enum { SOUNDS_KEPT = 64 };

/* What was played last, oldest first; returns how many. */
size_t sim_hardware_sounds(const sim_hardware *s, sound out[SOUNDS_KEPT]);
uint64_t sim_hardware_sound_count(const sim_hardware *s);

uint64_t sim_hardware_relay_count(const sim_hardware *s); /* times it was activated */

typedef struct {
    int64_t at_ms; /* wall time */
    bool active;
    bool high;    /* the line's level */
    uint64_t seq; /* of the record that opened */
} relay_movement;

enum { RELAY_MOVEMENTS_KEPT = 256 };

/* The last movements, oldest first; returns how many. */
size_t sim_hardware_relay_log(const sim_hardware *s, relay_movement out[RELAY_MOVEMENTS_KEPT]);
