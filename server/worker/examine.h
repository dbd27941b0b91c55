/* The look itself: bytes in, verdict and everything made of the photo out. Runs inside the sandbox. */
#pragma once

#include "face.h"
#include "photo_rules.h"

#define EXAMINE_PHOTO_SIDE 1024 /* pixels of the longer side of the result */
#define EXAMINE_PHOTO_QUALITY 90
#define EXAMINE_PHOTO_BYTES_MAX 512000
#define EXAMINE_THUMBNAIL_SIDE 160 /* pixels */
#define EXAMINE_THUMBNAIL_QUALITY 85

typedef struct {
    photo_verdict verdict;
    photo_measures measures;                     /* as far as the look went */
    int width, height;                           /* of the result */
    int face_x, face_y, face_width, face_height; /* clipped to the result */
    uint8_t *photo;                              /* JPEG, malloc's */
    size_t photo_size;
    uint8_t *thumbnail; /* JPEG, malloc's */
    size_t thumbnail_size;
    uint8_t template_bytes[FACE_TEMPLATE_BYTES];
} examination;

/* False when memory is out. Otherwise examination_done is due. */
bool examine(face_engine *engine, const uint8_t *bytes, size_t size, examination *ret_examination);
void examination_done(examination *e);

/* The photo as JPEG at our quality, or at less when it would not fit. False when memory is out. */
bool examine_encode(const face_picture *p, examination *e);
