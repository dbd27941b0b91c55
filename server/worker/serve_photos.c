#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "examine.h"
#include "job_socket.h"
#include "sandbox.h"
#include "serve.h"
#include "wire.h"

static bool answer(const examination *e, bool examined)
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

/* Until the server closes its end. */
static void serve(face_engine *engine, uint8_t *job)
{
    uint32_t size;

    while (job_read(&size, sizeof size) && size <= WORKER_JOB_BYTES_MAX && job_read(job, size)) {
        examination e = {0};

        sandbox_job_begins(WORKER_PHOTO_CPU_SECONDS);
        bool examined = examine(engine, job, size, &e);
        sandbox_job_ends();
        bool sent = answer(&e, examined);
        examination_done(&e);
        if (!sent)
            return;
    }
}

void serve_photos(const char *weights_path)
{
    static const uint32_t ready = WORKER_READY;
    face_weights *weights = face_weights_load(weights_path);

    if (!weights) {
        fprintf(stderr, "smartpass-worker: %s: %m\n", weights_path);
        return;
    }
    face_engine *engine = face_engine_new(weights);
    uint8_t *job = malloc(WORKER_JOB_BYTES_MAX);
    if (!engine || !job) {
        fprintf(stderr, "smartpass-worker: out of memory\n");
        return;
    }
    if (!sandbox_enter(&(sandbox_room){.socket = WORKER_SOCKET, .file = -1, .memory = WORKER_PHOTO_MEMORY})) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return;
    }
    if (job_write(&ready, sizeof ready))
        serve(engine, job);
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
