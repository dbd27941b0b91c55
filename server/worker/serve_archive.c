#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive.h"
#include "archive_outcome.h"
#include "job_socket.h"
#include "photo_archive.h"
#include "photo_job.h"
#include "sandbox.h"
#include "serve.h"

enum { NICE = 5 }; /* an import can wait, who uploads one photo does not */

/* The entry's bytes, at most those of a photo: it is inflated so far and no further. */
static sp_status entry_take(archive *a, uint32_t entry, uint8_t *bytes, size_t *ret_size, bool *ret_large)
{
    archive_entry *open_entry;
    size_t size = 0, n = 1;
    uint64_t promised = 0;
    sp_status status;

    if (entry >= archive_entries(a))
        return ARCHIVE_NOT_READABLE;
    archive_name(a, entry, &promised);
    status = archive_entry_open(a, entry, &open_entry);
    if (sp_failed(status))
        return status;
    *ret_large = promised > WORKER_JOB_BYTES_MAX;
    while (!*ret_large && n > 0 && !sp_failed(status)) {
        uint8_t past_the_end; /* what would be too much fails in archive_entry_read: more than was promised */

        status = size < WORKER_JOB_BYTES_MAX
                     ? archive_entry_read(open_entry, bytes + size, WORKER_JOB_BYTES_MAX - size, &n)
                     : archive_entry_read(open_entry, &past_the_end, 1, &n);
        size += sp_failed(status) ? 0 : n;
    }
    archive_entry_close(open_entry);
    *ret_size = size;
    return status;
}

static bool entry_look(archive *a, face_engine *engine, uint32_t entry, uint8_t *bytes)
{
    examination e = {0};
    worker_archive_end end = {0};
    size_t size = 0;
    bool large = false, examined = false;

    sandbox_job_begins(WORKER_PHOTO_CPU_SECONDS);
    end.outcome = archive_outcome_of(entry_take(a, entry, bytes, &size, &large));
    end.large = large;
    if (end.outcome == WORKER_ARCHIVE_DONE && !large)
        examined = examine(engine, bytes, size, &e);
    sandbox_job_ends();
    bool sent = job_write(&end, sizeof end);
    if (sent && end.outcome == WORKER_ARCHIVE_DONE && !large)
        sent = photo_job_answer(&e, examined);
    examination_done(&e);
    return sent;
}

/* Until the server closes its end. */
static void serve(face_engine *engine, uint8_t *bytes)
{
    worker_archive_job job;
    worker_archive_end end = {0};
    archive *a = NULL;
    uint32_t entry;

    if (!job_read_with_file(&job, sizeof job))
        return;
    sandbox_job_begins(WORKER_ARCHIVE_CPU_SECONDS);
    end.outcome = archive_outcome_of(archive_open_collection(WORKER_FILE, job.size, ARCHIVE_ENTRIES_MAX, &a));
    sandbox_job_ends();
    if (!job_write(&end, sizeof end) || !a)
        return;
    while (job_read(&entry, sizeof entry))
        if (!entry_look(a, engine, entry, bytes))
            return;
}

void serve_archive(const char *weights_path)
{
    static const uint32_t ready = WORKER_READY;
    face_engine *engine = photo_engine_load(weights_path);
    uint8_t *bytes = malloc(WORKER_JOB_BYTES_MAX);

    if (!engine || !bytes)
        return;
    archive_prepare();
    if (nice(NICE) < 0)
        fprintf(stderr, "smartpass-worker: it does not give way to others\n");
    if (!sandbox_enter(
            &(sandbox_room){.socket = WORKER_SOCKET, .file = WORKER_FILE, .memory = WORKER_ARCHIVE_MEMORY})) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return;
    }
    if (job_write(&ready, sizeof ready))
        serve(engine, bytes);
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
