/* Numbers between the layers of a network: height × width × channels floats, channels innermost. They live in buffers
 * of a workspace, which are handed out, given back and used again, so that a frame a second does not allocate.
 *
 * When memory is out a tensor without data comes back, and every layer turns such a tensor into another one. A network
 * is therefore written straight through and looks once, at its end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define WORKSPACE_BUFFERS 6

typedef struct {
    float *data;
    size_t room; /* floats */
    bool in_use;
} workspace_buffer;

typedef struct {
    workspace_buffer buffers[WORKSPACE_BUFFERS];
    float *patches; /* what a convolution lays out for the matrix product */
    size_t patches_room;
} workspace;

typedef struct {
    int height, width, channels;
    float *data; /* NULL: memory was out */
    int buffer;
} tensor;

/* Contents are undefined. At most WORKSPACE_BUFFERS at a time; one more has no data. */
tensor tensor_take(workspace *space, int height, int width, int channels);

/* Gives the buffer back; a tensor without data has none. */
void tensor_return(workspace *space, tensor t);

size_t tensor_length(tensor t); /* floats */

/* At least so many floats of patches, NULL when memory is out. */
float *workspace_patches(workspace *space, size_t room);

/* Takes every buffer back: what a network that gave up half-way did not return. */
void workspace_clear(workspace *space);

void workspace_done(workspace *space);
