#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "job_socket.h"
#include "photo_job.h"
#include "sandbox.h"
#include "serve.h"
#include "wire.h"

/* Until the server closes its end. */
static void serve(face_engine *engine, uint8_t *job)
{
    uint32_t size;

    while (job_read(&size, sizeof size) && size <= WORKER_JOB_BYTES_MAX && job_read(job, size)) {
        examination e = {0};

        sandbox_job_begins(WORKER_PHOTO_CPU_SECONDS);
        bool examined = examine(engine, job, size, &e);
        sandbox_job_ends();
        bool sent = photo_job_answer(&e, examined);
        examination_done(&e);
        if (!sent)
            return;
        malloc_trim(0); /* until somebody uploads the next, which may be hours */
    }
}

void serve_photos(const char *weights_path)
{
    static const uint32_t ready = WORKER_READY;
    face_engine *engine = photo_engine_load(weights_path);
    uint8_t *job = malloc(WORKER_JOB_BYTES_MAX);

    if (!engine || !job)
        return;
    if (!sandbox_enter(&(sandbox_room){.socket = WORKER_SOCKET, .file = -1, .memory = WORKER_PHOTO_MEMORY})) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return;
    }
    if (job_write(&ready, sizeof ready))
        serve(engine, job);
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
