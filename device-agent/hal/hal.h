/* What a terminal's hardware can do: one table of operations a device. A port fills the tables; the simulator's are in
 * port/sim. `self` is the port's own and is given back with each call. All calls come from the terminal's thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "face.h"
#include "screen.h"

/* A picture as the camera took it. */
typedef struct {
    const uint8_t *jpeg; /* borrowed until the next capture */
    size_t size;
} camera_frame;

typedef struct {
    void *self;
    bool (*capture)(void *self, camera_frame *ret_frame); /* false: the camera has none */
} camera;

typedef struct {
    void *self;
    int32_t (*read_centi)(void *self); /* hundredths of a degree Celsius; 0: nothing measured */
} thermometer;

typedef struct {
    void *self;
    void (*set)(void *self, bool active, uint64_t seq); /* seq: of the record that opened, 0 when closing */
} relay;

typedef struct {
    void *self;
    bool (*read)(void *self, char ret_card[33]); /* false: no card was shown */
} card_reader;

/* Mask and liveness detection have no engine yet: these are interfaces, and only the simulator implements them. A port
 * without a detector answers that it cannot tell, and then neither check ever fails. */
typedef enum { DETECTED_NO, DETECTED_YES, DETECTION_IMPOSSIBLE } detection;

typedef struct {
    void *self;
    detection (*wears_mask)(void *self, const face_picture *picture);
} mask_detector;

typedef struct {
    void *self;
    detection (*is_alive)(void *self, const face_picture *picture);
} liveness_detector;

typedef struct {
    void *self;
    void (*show)(void *self, const screen *shown);
} screen_driver;

/* The terminal as a machine. Returns; the program is told to end soon after. NULL: the port cannot. */
typedef struct {
    void *self;
    void (*restart)(void *self);
    void (*shut_down)(void *self);
} power;

/* Finds faces in a picture and describes the largest. */
typedef struct {
    void *self;
    const char *engine; /* id; templates are comparable only between equal ids */
    int (*read)(void *self, const face_picture *picture, float ret_template[FACE_TEMPLATE_LENGTH]);
    /* Returns how many faces there are, or -1 when the engine failed; the template is that of the largest. */
} face_reader;

typedef struct {
    camera camera;
    thermometer thermometer;
    relay relay;
    card_reader card_reader;
    mask_detector mask_detector;
    liveness_detector liveness_detector;
    screen_driver screen;
    power power;
    face_reader face_reader;
} hal;
