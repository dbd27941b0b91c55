/* The conversation about the names in a zip, with a process that is started for it and ends with it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive_outcome.h"
#include "clock.h"
#include "photo_archive.h"
#include "text.h"
#include "worker_pool.h"
#include "worker_process.h"

enum { PLACE_MS_MAX = 10000, START_MS_MAX = 10000, SILENCE_MS_MAX = 40000 };
enum { FRAME_MAX = WORKER_BATCH_BYTES + sizeof(worker_name) + WORKER_NAME_BYTES_MAX };

typedef struct {
    const worker_process *process;
    archive_name_taken on_name;
    void *arg;
    int64_t last; /* entry; -1: none yet */
    bool refused; /* by on_name */
    uint8_t frame[FRAME_MAX];
} names_talk;

static sp_status receive(const names_talk *talk, void *to, size_t size)
{
    return worker_process_receive(talk->process, to, size, clock_monotonic_ms() + SILENCE_MS_MAX);
}

/* A worker that a zip took over may say anything. */
static bool name_is_plausible(const names_talk *talk, const worker_name *head, const uint8_t *name, size_t left)
{
    return head->size <= left && head->size > 0 && head->size <= WORKER_NAME_BYTES_MAX &&
           head->entry < ARCHIVE_ENTRIES_MAX && (int64_t)head->entry > talk->last &&
           utf8_is_valid((const char *)name, head->size);
}

static sp_status take_name(names_talk *talk, const uint8_t *at, size_t left, size_t *ret_taken)
{
    char name[WORKER_NAME_BYTES_MAX + 1];
    worker_name head;
    sp_status status;

    if (left < sizeof head)
        return WORKER_CRASHED;
    memcpy(&head, at, sizeof head);
    if (!name_is_plausible(talk, &head, at + sizeof head, left - sizeof head))
        return WORKER_CRASHED;
    talk->last = head.entry;
    memcpy(name, at + sizeof head, head.size);
    name[head.size] = '\0';
    *ret_taken = sizeof head + head.size;
    status = talk->on_name(talk->arg, head.entry, name);
    talk->refused = sp_failed(status);
    return status;
}

static sp_status take_names(names_talk *talk, size_t size)
{
    sp_status status = receive(talk, talk->frame, size);

    for (size_t at = 0, taken = 0; at < size && !sp_failed(status); at += taken)
        status = take_name(talk, talk->frame + at, size - at, &taken);
    return status;
}

static sp_status talk_through(names_talk *talk)
{
    worker_archive_end end;
    worker_frame frame;
    sp_status status;

    for (;;) {
        status = receive(talk, &frame, sizeof frame);
        if (sp_failed(status) || frame.kind == WORKER_NAMES_READ)
            break;
        if (frame.kind != WORKER_NAMES || frame.size == 0 || frame.size > FRAME_MAX)
            return WORKER_CRASHED;
        status = take_names(talk, frame.size);
        if (sp_failed(status))
            return status;
    }
    if (!sp_failed(status))
        status = frame.size == sizeof end ? receive(talk, &end, sizeof end) : WORKER_CRASHED;
    if (sp_failed(status))
        return status;
    return end.outcome < WORKER_ARCHIVE_OUTCOMES ? archive_outcome_status((worker_archive_outcome)end.outcome)
                                                 : WORKER_CRASHED;
}

static sp_status read_in_process(worker_pool *pool, int fd, const worker_archive_job *job, names_talk *talk)
{
    worker_process process;
    sp_status status =
        worker_process_start(worker_pool_program(pool), "names", "zip", clock_monotonic_ms() + START_MS_MAX, &process);

    if (sp_failed(status))
        return ARCHIVE_WORKER_NOT_STARTED;
    talk->process = &process;
    status = worker_process_send_file(&process, job, sizeof *job, fd, clock_monotonic_ms() + SILENCE_MS_MAX);
    if (!sp_failed(status))
        status = talk_through(talk);
    bool out_of_time = worker_process_stop(&process);
    if (!sp_failed(status) || talk->refused)
        return status;
    if (out_of_time || strcmp(status.reason, WORKER_TIMED_OUT.reason) == 0)
        return ARCHIVE_TIMED_OUT;
    return strcmp(status.reason, WORKER_CRASHED.reason) == 0 ? ARCHIVE_CRASHED : status;
}

sp_status worker_archive_names(worker_pool *pool, int fd, archive_name_taken on_name, void *arg)
{
    worker_archive_job job;
    names_talk *talk;
    struct stat file;

    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))
        return ARCHIVE_NOT_READABLE;
    if (file.st_size > ARCHIVE_FILE_BYTES_MAX)
        return ARCHIVE_TOO_LARGE;
    job.size = (uint64_t)file.st_size;
    talk = calloc(1, sizeof *talk);
    if (!talk)
        return OUT_OF_MEMORY;
    talk->on_name = on_name;
    talk->arg = arg;
    talk->last = -1;
    sp_status status = ARCHIVE_WORKERS_BUSY;
    if (worker_file_place_take(pool, clock_monotonic_ms() + PLACE_MS_MAX)) {
        status = read_in_process(pool, fd, &job, talk);
        worker_file_place_return(pool);
    }
    free(talk);
    return status;
}
