/* Faces in memory, searched for those that are alike. Nothing here locks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FACE_NUMBERS = 128, FACE_BYTES = FACE_NUMBERS * 4 };

typedef struct {
    int64_t *ids; /* of photos, ascending */
    float (*faces)[FACE_NUMBERS];
    size_t count, capacity;
} face_set;

/* An empty one is all zeros. */
void face_set_free(face_set *set);

/* A template as it is stored, little-endian; false when its size is another or it holds what is no number. */
bool face_read(const uint8_t *bytes, size_t size, float ret_face[FACE_NUMBERS]);

/* Forgets, and wipes, all faces but these; ids ascend. Those that are missing go to ret_missing, with room for count.
 */
void face_set_keep(face_set *set, const int64_t *ids, size_t count, int64_t *ret_missing, size_t *ret_missing_count);

/* New ones, in any order, none of which is there; ids and faces are sorted on the way. False when memory is out. */
bool face_set_add(face_set *set, int64_t *ids, float (*faces)[FACE_NUMBERS], size_t count);

typedef struct {
    int64_t id;
    float distance; /* Euclidean */
} face_match;

/* Up to most that are nearer than limit, nearest first; returns how many. */
size_t face_set_nearest(const face_set *set, const float face[FACE_NUMBERS], float limit, face_match *ret_matches,
                        size_t most);
