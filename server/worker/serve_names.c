#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive_outcome.h"
#include "archive.h"
#include "collection.h"
#include "job_socket.h"
#include "photo_archive.h"
#include "sandbox.h"
#include "serve.h"

_Static_assert(COLLECTION_NAME_MAX == WORKER_NAME_BYTES_MAX, "every name fits the wire");

typedef struct {
    worker_frame frame;
    uint8_t bytes[WORKER_BATCH_BYTES + sizeof(worker_name) + WORKER_NAME_BYTES_MAX];
} name_batch;

static bool batch_send(name_batch *batch)
{
    bool sent = batch->frame.size == 0 || job_write(batch, sizeof batch->frame + batch->frame.size);

    batch->frame.size = 0;
    return sent;
}

static bool batch_add(name_batch *batch, uint32_t entry, const char *path)
{
    char name[COLLECTION_NAME_MAX + 1];
    worker_name head = {.entry = entry};
    uint8_t *at = batch->bytes + batch->frame.size;

    collection_name(path, name);
    head.size = (uint32_t)strlen(name);
    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, name, head.size);
    batch->frame.size += (uint32_t)sizeof head + head.size;
    return batch->frame.size < WORKER_BATCH_BYTES || batch_send(batch);
}

static bool names_send(const archive *a)
{
    static name_batch batch = {.frame = {.kind = WORKER_NAMES}};

    for (int64_t i = 0; i < archive_entries(a); i++) {
        const char *path = archive_name(a, i, NULL);

        if (!collection_skips(path) && !batch_add(&batch, (uint32_t)i, path))
            return false;
    }
    return batch_send(&batch);
}

static void serve(void)
{
    struct {
        worker_frame frame;
        worker_archive_end end;
    } last = {.frame = {WORKER_NAMES_READ, sizeof last.end}};
    worker_archive_job job;
    archive *a = NULL;

    if (!job_read_with_file(&job, sizeof job))
        return;
    sandbox_job_begins(WORKER_ARCHIVE_CPU_SECONDS);
    sp_status status = archive_open_collection(WORKER_FILE, job.size, ARCHIVE_ENTRIES_MAX, &a);
    if (!sp_failed(status) && !names_send(a))
        return;
    last.end.outcome = archive_outcome_of(status);
    job_write(&last, sizeof last);
}

void serve_names(const char *kind)
{
    static const uint32_t ready = WORKER_READY;

    if (strcmp(kind, "zip") != 0) {
        fprintf(stderr, "smartpass-worker: there are no archives of kind %s\n", kind);
        return;
    }
    archive_prepare();
    if (!sandbox_enter(&(sandbox_room){.socket = WORKER_SOCKET, .file = WORKER_FILE, .memory = WORKER_NAMES_MEMORY})) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return;
    }
    if (job_write(&ready, sizeof ready))
        serve();
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
