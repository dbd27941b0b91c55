/* The workspace: a handful of buffers that grow to what the networks need. */
#include "tensor.h"

#include <stdlib.h>

#define ALIGNMENT 64 /* bytes: a cache line */

static float *floats_new(size_t count)
{
    size_t bytes = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    return aligned_alloc(ALIGNMENT, bytes);
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
        free(b->data);
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
        free(space->patches);
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
        free(space->buffers[i].data);
    free(space->patches);
    *space = (workspace){0};
}
