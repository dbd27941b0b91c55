/* The templates of everybody on the terminal, searched for the nearest. Pure: the memory is the caller's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACE_INDEX_LENGTH 128 /* numbers of one template */

typedef struct {
    int64_t id;
    bool denied; /* on the blacklist */
} face_owner;

typedef struct {
    face_owner *owners;                /* lent, capacity entries */
    float (*faces)[FACE_INDEX_LENGTH]; /* lent, capacity entries */
    size_t capacity;
    size_t count;
} face_index;

void face_index_init(face_index *index, face_owner *owners, float (*faces)[FACE_INDEX_LENGTH], size_t capacity);

/* Adds or replaces; false when the index is full. */
bool face_index_put(face_index *index, face_owner owner, const float face[FACE_INDEX_LENGTH]);
void face_index_remove(face_index *index, int64_t id);
void face_index_clear(face_index *index);

/* The person whose template is nearest by Euclidean distance, if nearer than limit; 0 for nobody. Deny wins: the
 * nearest of those on the blacklist who are nearer than limit comes before whoever is nearer still, so that nobody gets
 * in by looking like an employee. ret_distance is written only when somebody was found. */
int64_t face_index_nearest(const face_index *index, const float face[FACE_INDEX_LENGTH], float limit,
                           float *ret_distance);
