/* The face reader on our own engine (lib/face). */
#pragma once

#include "hal.h"

typedef struct native_face native_face;

/* Reads the weights; NULL with errno set. engine: the id to go by, usually FACE_ENGINE_ID; borrowed. */
native_face *native_face_new(const char *weights, const char *engine);
void native_face_free(native_face *n); /* accepts NULL */
face_reader native_face_reader(native_face *n);
