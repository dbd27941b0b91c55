#include "photo_job.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "job_socket.h"
#include "wire.h"

/* Pictures and what the networks need come and go many times a photo. In one heap each takes the other's place; as
 * mappings of their own, which is what the C library makes of them, the kernel would clear all of it every time. What a
 * very large picture left is given back. */
enum { MAPPED_FROM = 32 << 20, KEPT_FREE = 24 << 20 };

static void heap_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    mallopt(M_TRIM_THRESHOLD, KEPT_FREE);
}

face_engine *photo_engine_load(const char *weights_path)
{
    heap_prepare();
    face_weights *weights = face_weights_load(weights_path);
    face_engine *engine = weights ? face_engine_new(weights) : NULL;

    if (!weights)
        fprintf(stderr, "smartpass-worker: %s: %m\n", weights_path);
    else if (!engine)
        fprintf(stderr, "smartpass-worker: out of memory\n");
    return engine;
}

bool photo_job_answer(const examination *e, bool examined)
{
    worker_answer a = {.outcome = WORKER_OUT_OF_MEMORY, .engine = FACE_ENGINE_ID};

    if (!examined)
        return job_write(&a, sizeof a);
    a.outcome = WORKER_EXAMINED;
    a.verdict = e->verdict;
    a.width = e->width;
    a.height = e->height;
    a.face_x = e->face_x;
    a.face_y = e->face_y;
    a.face_width = e->face_width;
    a.face_height = e->face_height;
    a.photo_size = (uint32_t)e->photo_size;
    a.thumbnail_size = (uint32_t)e->thumbnail_size;
    memcpy(a.template_bytes, e->template_bytes, sizeof a.template_bytes);
    return job_write(&a, sizeof a) && job_write(e->photo, e->photo_size) && job_write(e->thumbnail, e->thumbnail_size);
}
