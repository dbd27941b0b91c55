/* smartpass-worker: examines photos for the server, over the socket that it inherits.
 *
 *   smartpass-worker <weights>
 *   smartpass-worker --self-test-sandbox */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "examine.h"
#include "sandbox.h"
#include "wire.h"

static bool read_all(void *to, size_t size)
{
    uint8_t *at = to;

    while (size > 0) {
        ssize_t n = read(WORKER_SOCKET, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool write_all(const void *from, size_t size)
{
    const uint8_t *at = from;

    while (size > 0) {
        ssize_t n = write(WORKER_SOCKET, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool answer(const examination *e, bool examined)
{
    worker_answer a = {.outcome = WORKER_OUT_OF_MEMORY, .engine = FACE_ENGINE_ID};

    if (!examined)
        return write_all(&a, sizeof a);
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
    return write_all(&a, sizeof a) && write_all(e->photo, e->photo_size) && write_all(e->thumbnail, e->thumbnail_size);
}

/* Until the server closes its end. */
static void serve(face_engine *engine, uint8_t *job)
{
    uint32_t size;

    while (read_all(&size, sizeof size) && size <= WORKER_JOB_BYTES_MAX && read_all(job, size)) {
        examination e = {0};

        sandbox_job_begins();
        bool examined = examine(engine, job, size, &e);
        sandbox_job_ends();
        bool sent = answer(&e, examined);
        examination_done(&e);
        if (!sent)
            return;
    }
}

int main(int argc, char **argv)
{
    static const uint32_t ready = WORKER_READY;

    if (argc == 2 && strcmp(argv[1], "--self-test-sandbox") == 0)
        return sandbox_self_test() ? 0 : 1;
    if (argc != 2) {
        fprintf(stderr, "usage: smartpass-worker <weights> | --self-test-sandbox\n");
        return 2;
    }
    face_weights *weights = face_weights_load(argv[1]);
    if (!weights) {
        fprintf(stderr, "smartpass-worker: %s: %m\n", argv[1]);
        return 1;
    }
    face_engine *engine = face_engine_new(weights);
    uint8_t *job = malloc(WORKER_JOB_BYTES_MAX);
    if (!engine || !job) {
        fprintf(stderr, "smartpass-worker: out of memory\n");
        return 1;
    }
    if (!sandbox_enter(WORKER_SOCKET)) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return 1;
    }
    if (write_all(&ready, sizeof ready))
        serve(engine, job);
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
