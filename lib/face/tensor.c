/* The workspace: a handful of buffers that grow to what the networks need. */
#include "tensor.h"

#include <stdint.h>
#include <stdlib.h>

#define ALIGNMENT 64 /* bytes: a cache line */

/* malloc's and its address before the first float: aligned_alloc would ask for more than it gives, so that what was
 * freed never fits the next of the same size. */
static float *floats_new(size_t count)
{
    size_t before = sizeof(void *) + ALIGNMENT - 1;
    char *memory = count > (SIZE_MAX - before) / sizeof(float) ? NULL : malloc(before + count * sizeof(float));

    if (!memory)
        return NULL;
    void **at = (void **)(((uintptr_t)memory + before) / ALIGNMENT * ALIGNMENT);
    at[-1] = memory;
    return (float *)at;
}

static void floats_free(float *floats)
{
    if (floats)
        free(((void **)floats)[-1]);
}

/* The smallest free buffer that is large enough, or else the largest free one, or -1. */
static int buffer_choose(const workspace *space, size_t room)
{
    int best = -1;

    for (int i = 0; i < WORKSPACE_BUFFERS; i++) {
        const workspace_buffer *b = &space->buffers[i];
        bool fits = b->room >= room;

        if (b->in_use)
            continue;
        if (best < 0) {
            best = i;
            continue;
        }
        bool best_fits = space->buffers[best].room >= room;
        if (fits != best_fits ? fits : (b->room < space->buffers[best].room) == fits)
            best = i;
    }
    return best;
}

tensor tensor_take(workspace *space, int height, int width, int channels)
{
    tensor t = {height, width, channels, NULL, -1};
    size_t room = tensor_length(t);
    int chosen = buffer_choose(space, room);

    if (chosen < 0 || room == 0)
        return t;

    workspace_buffer *b = &space->buffers[chosen];
    if (b->room < room) {
        floats_free(b->data);
        b->data = floats_new(room);
        b->room = b->data ? room : 0;
    }
    if (!b->data)
        return t;
    b->in_use = true;
    t.data = b->data;
    t.buffer = chosen;
    return t;
}

void tensor_return(workspace *space, tensor t)
{
    if (t.data)
        space->buffers[t.buffer].in_use = false;
}

size_t tensor_length(tensor t)
{
    return (size_t)t.height * (size_t)t.width * (size_t)t.channels;
}

float *workspace_patches(workspace *space, size_t room)
{
    if (space->patches_room < room) {
        floats_free(space->patches);
        space->patches = floats_new(room);
        space->patches_room = space->patches ? room : 0;
    }
    return space->patches;
}

void workspace_clear(workspace *space)
{
    for (int i = 0; i < WORKSPACE_BUFFERS; i++)
        space->buffers[i].in_use = false;
}

void workspace_done(workspace *space)
{
    for (int i = 0; i < WORKSPACE_BUFFERS; i++)
        floats_free(space->buffers[i].data);
    floats_free(space->patches);
    *space = (workspace){0};
}
