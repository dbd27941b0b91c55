#include "face_index.h"

#include <math.h>
#include <string.h>

void face_index_init(face_index *index, face_owner *owners, float (*faces)[FACE_INDEX_LENGTH], size_t capacity)
{
    *index = (face_index){.owners = owners, .faces = faces, .capacity = capacity};
}

static size_t position(const face_index *index, int64_t id)
{
    size_t i = 0;

    while (i < index->count && index->owners[i].id != id)
        i++;
    return i;
}

bool face_index_put(face_index *index, face_owner owner, const float face[FACE_INDEX_LENGTH])
{
    size_t at = position(index, owner.id);

    if (at == index->capacity)
        return false;
    if (at == index->count)
        index->count++;
    index->owners[at] = owner;
    memcpy(index->faces[at], face, sizeof index->faces[at]);
    return true;
}

void face_index_remove(face_index *index, int64_t id)
{
    size_t at = position(index, id);

    if (at == index->count)
        return;
    index->count--;
    index->owners[at] = index->owners[index->count];
    memcpy(index->faces[at], index->faces[index->count], sizeof index->faces[at]);
}

void face_index_clear(face_index *index)
{
    index->count = 0;
}

static float squared_distance(const float a[FACE_INDEX_LENGTH], const float b[FACE_INDEX_LENGTH])
{
    float sums[4] = {0}; /* four independent sums, so that the compiler may keep four lanes */

    for (size_t i = 0; i < FACE_INDEX_LENGTH; i += 4)
        for (size_t lane = 0; lane < 4; lane++) {
            float difference = a[i + lane] - b[i + lane];

            sums[lane] += difference * difference;
        }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

int64_t face_index_nearest(const face_index *index, const float face[FACE_INDEX_LENGTH], float limit,
                           float *ret_distance)
{
    float nearest = limit * limit;
    bool denied = false;
    int64_t found = 0;

    for (size_t i = 0; i < index->count; i++) {
        float distance = squared_distance(index->faces[i], face);

        if (index->owners[i].denied && !denied && distance < limit * limit) {
            denied = true;
            nearest = distance;
            found = index->owners[i].id;
        } else if (index->owners[i].denied == denied && distance < nearest) {
            nearest = distance;
            found = index->owners[i].id;
        }
    }
    if (found != 0)
        *ret_distance = sqrtf(nearest);
    return found;
}
