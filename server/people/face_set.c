#include "face_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void face_set_free(face_set *set)
{
    if (set->faces)
        explicit_bzero(set->faces, set->capacity * sizeof *set->faces);
    free(set->ids);
    free(set->faces);
    *set = (face_set){0};
}

bool face_read(const uint8_t *bytes, size_t size, float ret_face[FACE_NUMBERS])
{
    if (size != FACE_BYTES)
        return false;
    for (int i = 0; i < FACE_NUMBERS; i++) {
        const uint8_t *at = bytes + i * 4;
        uint32_t bits = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;

        memcpy(&ret_face[i], &bits, sizeof bits);
        if (!isfinite(ret_face[i]))
            return false;
    }
    return true;
}

void face_set_keep(face_set *set, const int64_t *ids, size_t count, int64_t *ret_missing, size_t *ret_missing_count)
{
    size_t kept = 0, next = 0, missing = 0;

    for (size_t i = 0; i < count; i++) {
        while (next < set->count && set->ids[next] < ids[i])
            next++;
        if (next == set->count || set->ids[next] != ids[i]) {
            ret_missing[missing++] = ids[i];
            continue;
        }
        if (kept != next) {
            set->ids[kept] = set->ids[next];
            memcpy(set->faces[kept], set->faces[next], sizeof set->faces[kept]);
        }
        kept++;
        next++;
    }
    if (kept < set->count)
        explicit_bzero(set->faces[kept], (set->count - kept) * sizeof *set->faces);
    set->count = kept;
    *ret_missing_count = missing;
}

static bool grow(face_set *set, size_t count)
{
    size_t capacity = set->capacity ? set->capacity : 64;
    face_set larger = {0};

    if (count <= set->capacity)
        return true;
    while (capacity < count)
        capacity += capacity / 2;
    larger.ids = calloc(capacity, sizeof *larger.ids);
    larger.faces = calloc(capacity, sizeof *larger.faces);
    larger.capacity = capacity;
    if (!larger.ids || !larger.faces) {
        face_set_free(&larger);
        return false;
    }
    larger.count = set->count;
    if (set->count > 0) {
        memcpy(larger.ids, set->ids, set->count * sizeof *set->ids);
        memcpy(larger.faces, set->faces, set->count * sizeof *set->faces);
    }
    face_set_free(set);
    *set = larger;
    return true;
}

/* From the end, so that nothing is moved twice. */
static void merge(face_set *set, const int64_t *ids, float (*faces)[FACE_NUMBERS], size_t count)
{
    size_t to = set->count + count, from = set->count;

    set->count = to;
    while (count > 0) {
        bool old = from > 0 && set->ids[from - 1] > ids[count - 1];
        size_t source = old ? --from : --count;

        to--;
        set->ids[to] = old ? set->ids[source] : ids[source];
        memcpy(set->faces[to], old ? set->faces[source] : faces[source], sizeof set->faces[to]);
    }
}

/* Few and mostly in order. */
static void sort(int64_t *ids, float (*faces)[FACE_NUMBERS], size_t count)
{
    float face[FACE_NUMBERS];

    for (size_t i = 1; i < count; i++) {
        int64_t id = ids[i];
        size_t at = i;

        while (at > 0 && ids[at - 1] > id)
            at--;
        if (at == i)
            continue;
        memcpy(face, faces[i], sizeof face);
        memmove(&ids[at + 1], &ids[at], (i - at) * sizeof *ids);
        memmove(&faces[at + 1], &faces[at], (i - at) * sizeof *faces);
        ids[at] = id;
        memcpy(faces[at], face, sizeof face);
    }
}

bool face_set_add(face_set *set, int64_t *ids, float (*faces)[FACE_NUMBERS], size_t count)
{
    if (!grow(set, set->count + count))
        return false;
    sort(ids, faces, count);
    merge(set, ids, faces, count);
    return true;
}

static float squared_distance(const float a[FACE_NUMBERS], const float b[FACE_NUMBERS])
{
    float sums[4] = {0}; /* four independent sums, so that the compiler may keep four lanes */

    for (size_t i = 0; i < FACE_NUMBERS; i += 4)
        for (size_t lane = 0; lane < 4; lane++) {
            float difference = a[i + lane] - b[i + lane];

            sums[lane] += difference * difference;
        }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

size_t face_set_nearest(const face_set *set, const float face[FACE_NUMBERS], float limit, face_match *ret_matches,
                        size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++) {
        float distance = squared_distance(set->faces[i], face);
        size_t at = count;

        if (distance >= limit * limit || (count == most && distance >= ret_matches[most - 1].distance))
            continue;
        if (count < most)
            count++;
        else
            at--;
        for (; at > 0 && ret_matches[at - 1].distance > distance; at--)
            ret_matches[at] = ret_matches[at - 1];
        ret_matches[at] = (face_match){set->ids[i], distance};
    }
    for (size_t i = 0; i < count; i++)
        ret_matches[i].distance = sqrtf(ret_matches[i].distance);
    return count;
}
