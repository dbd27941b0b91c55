/* What passes between the server and smartpass-worker over their socket. Both come from one build and run on one
 * machine, so structs pass as they are; the server still believes nothing that it has not checked.
 *
 *   worker → server   WORKER_READY when weights are loaded and the sandbox is closed
 *   server → worker   a 32-bit size and as many bytes of a picture
 *   worker → server   a worker_answer, then the photo, then the thumbnail */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define WORKER_SOCKET 3 /* the descriptor that the worker inherits */
#define WORKER_READY 0x31575053u
#define WORKER_JOB_BYTES_MAX 512000
#define WORKER_PHOTO_MAX 512000
#define WORKER_THUMBNAIL_MAX 65536

typedef enum { WORKER_EXAMINED, WORKER_OUT_OF_MEMORY } worker_outcome;

typedef struct {
    uint32_t outcome; /* worker_outcome */
    uint32_t verdict; /* photo_verdict */
    int32_t width, height;
    int32_t face_x, face_y, face_width, face_height;
    uint32_t photo_size, thumbnail_size;
    uint8_t template_bytes[512];
    char engine[64]; /* NUL-terminated */
} worker_answer;
