/* The weights file: a directory of named blocks of floats, as tools/convert-weights.mjs writes it. It is mapped, so
 * that all processes of a machine share one copy. Little-endian:
 *
 *    0  "SPFACEW1"
 *    8  checksum: FNV-1a of 64 bits over the 64-bit words from byte 16 to the end
 *   16  number of entries (32 bits), zero (32 bits)
 *   24  entries of 64 bytes: name (48, NUL-padded), depth and columns (32 bits each), offset in bytes (64 bits)
 *       blocks of depth × columns floats, each aligned to 64 bytes
 *
 * Filters of convolutions lie in panels of 16 columns (gemm.h); columns are filled up to whole panels with zeros. */
#pragma once

#include "face.h"
#include "layers.h"

#define DETECTOR_SEPARABLES 5
#define LANDMARK_BLOCKS 4
#define LANDMARK_BLOCK_LAYERS 4
#define TEMPLATE_BLOCKS 14

typedef struct {
    convolution first;
    separable middle[DETECTOR_SEPARABLES];
    convolution last;
} detector_weights;

typedef struct {
    convolution first; /* stands for layer 0 of block 0 */
    separable blocks[LANDMARK_BLOCKS][LANDMARK_BLOCK_LAYERS];
    convolution head;
} landmark_weights;

/* Two 3 × 3 convolutions beside a shortcut; `halves` takes every second pixel and may widen the channels. */
typedef struct {
    bool halves;
    convolution first, second;
} residual_block;

typedef struct {
    convolution first;
    residual_block blocks[TEMPLATE_BLOCKS];
    convolution head;
} template_weights;

struct face_weights {
    void *map;
    size_t size;
    detector_weights detector;
    landmark_weights landmarks;
    template_weights template;
};
