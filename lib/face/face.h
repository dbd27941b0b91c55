/* The face engine: finds faces in a picture, places 68 landmarks, and computes a 128-number template whose Euclidean
 * distance says whether two pictures show the same person. In C, on the CPU; files are picture_file.h's business.
 *
 * Networks: tiny-YOLO detector, 68-point landmark net and dlib's ResNet, with the weights that npm's
 * @vladmandic/face-api ships. An engine is used by one thread at a time; the weights may be shared between engines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACE_TEMPLATE_LENGTH 128
#define FACE_TEMPLATE_BYTES (FACE_TEMPLATE_LENGTH * 4)
#define FACE_LANDMARKS 68

/* Names the networks and weights: templates are comparable only between equal ids. */
#define FACE_ENGINE_ID "dlib-resnet-128/face-api-1.7"

/* Two templates nearer than this are taken for one person. dlib's own limit is 0.6; a door prefers asking once more. */
#define FACE_SAME_PERSON_DISTANCE 0.5f

typedef struct face_weights face_weights;
typedef struct face_engine face_engine;

/* Tight rows of red, green, blue. */
typedef struct {
    const uint8_t *rgb;
    int width;
    int height;
} face_picture;

typedef struct {
    float x, y, width, height; /* pixels; may reach beyond the picture */
    float score;               /* 0–1 */
    float landmarks[FACE_LANDMARKS][2];
} face;

/* Maps the converted weights (see lib/face/README.md) and checks shapes and checksum. NULL with errno set, EBADMSG when
 * the file is not what it should be. */
face_weights *face_weights_load(const char *path);
void face_weights_free(face_weights *weights);

face_engine *face_engine_new(const face_weights *weights); /* borrows the weights */
void face_engine_free(face_engine *engine);

/* Frees what it needs while it looks, some MiB; the next look takes it anew. For whoever needs the room in between. */
void face_engine_rest(face_engine *engine);

/* Largest first; landmarks are not yet placed. Returns the number found, at most max, or -1 when memory is out.
 * Looks closer only while it has found nothing: right for a camera, where somebody stands in front. */
int face_detect(face_engine *engine, const face_picture *picture, face *ret_faces, int max);

/* As face_detect, but looks at every scale and so finds small faces beside a large one; takes three times as
 * long and more. */
int face_detect_all(face_engine *engine, const face_picture *picture, face *ret_faces, int max);

/* Fills the landmarks of a detected face: 0–16 along the jaw from the left of the picture, 17–26 the brows, 27–35 the
 * nose, 36–47 the eyes, 48–67 the mouth. False when memory is out. */
bool face_landmarks(face_engine *engine, const face_picture *picture, face *f);

/* The template of a face whose landmarks are placed. False when memory is out or the landmarks are no numbers. */
bool face_template(face_engine *engine, const face_picture *picture, const face *f,
                   float ret_template[FACE_TEMPLATE_LENGTH]);

float face_distance(const float a[FACE_TEMPLATE_LENGTH], const float b[FACE_TEMPLATE_LENGTH]);

/* Little-endian IEEE 754, FACE_TEMPLATE_BYTES of them: how templates are stored and sent. */
void face_template_pack(const float t[FACE_TEMPLATE_LENGTH], uint8_t out[FACE_TEMPLATE_BYTES]);
bool face_template_unpack(const uint8_t *bytes, size_t size, float t[FACE_TEMPLATE_LENGTH]); /* false: size or NaN */
