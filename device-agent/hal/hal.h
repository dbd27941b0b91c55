/* What a terminal's hardware can do: one table of operations a device. A port fills the tables; the simulator's are in
 * port/sim. `self` is the port's own and is given back with each call. All calls come from the terminal's thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bitmap.h"
#include "face.h"
#include "light.h"
#include "screen.h"
#include "voice.h"

/* A picture as the camera took it. */
typedef struct {
    const uint8_t *jpeg; /* borrowed until the next capture */
    size_t size;
} camera_frame;

typedef struct {
    void *self;
    bool (*capture)(void *self, camera_frame *ret_frame); /* false: the camera has none */
    bool (*offers)(void *self, const char *resolution);   /* "1280x720": whether it has that one */
    void (*set_resolution)(void *self, const char *resolution);
    void (*restart)(void *self); /* it has failed: off and on again */
} camera;

typedef struct {
    void *self;
    int32_t (*read_centi)(void *self);                    /* hundredths of a degree Celsius; 0: nothing measured */
    bool (*read_ambient)(void *self, int32_t *ret_centi); /* of the air around; false: it cannot tell */
} thermometer;

typedef struct {
    void *self;
    /* open: the door may be opened; high: the line's level for it. seq: of the record that opened; 0: none. Also called
     * when it is open already, for the next one. */
    void (*set)(void *self, bool open, bool high, uint64_t seq);
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
    /* Its pixels at this moment, for somebody who looks from the console; quick, since recognition waits for it. The
     * caller frees them. NULL: the port cannot read its screen back, and the model is painted instead. */
    bool (*read)(void *self, bitmap *ret_picture);
} screen_driver;

/* Speaks and sounds without waiting; what a port cannot sound it leaves out. */
typedef struct {
    void *self;
    void (*play)(void *self, const sound *played);
} audio;

/* Fan, light beside the camera, light behind the screen; set again only when they change. */
typedef struct {
    void *self;
    void (*set_fan)(void *self, bool on);
    void (*set_light)(void *self, light_colour colour);
    void (*set_brightness)(void *self, uint32_t percent);
} fixtures;

/* The terminal as a machine. Returns; the program is told to end soon after. restart, shut_down NULL: the port cannot.
 */
typedef struct {
    void *self;
    void (*restart)(void *self);
    void (*shut_down)(void *self);
    void (*set_auto_start)(void *self, bool on); /* whether the program starts with the machine */
} power;

/* Finds faces in a picture and describes the largest. */
typedef struct {
    void *self;
    const char *engine; /* id; templates are comparable only between equal ids */
    int (*read)(void *self, const face_picture *picture, float ret_template[FACE_TEMPLATE_LENGTH]);
    /* Returns how many faces there are, or -1 when the engine failed; the template is that of the largest. */
    /* How bad the picture that was read last is, 0–100 with 0 for the best; -1: the engine cannot tell. */
    int (*flaws)(void *self);
} face_reader;

typedef struct {
    camera camera;
    thermometer thermometer;
    relay relay;
    card_reader card_reader;
    mask_detector mask_detector;
    liveness_detector liveness_detector;
    screen_driver screen;
    audio audio;
    fixtures fixtures;
    power power;
    face_reader face_reader;
} hal;
