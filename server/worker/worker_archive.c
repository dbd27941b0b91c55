/* The conversation about the photos in a zip, with a process that lives as long as it does not crash. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive_outcome.h"
#include "clock.h"
#include "photo_archive.h"
#include "waiting.h"
#include "worker_photo.h"
#include "worker_pool.h"

/* Wall time: the worker's own limits are processor time, on a machine that is busy with other files, and it gives way.
 */
enum { START_MS_MAX = 20000, OPEN_MS_MAX = 60000, FILE_MS_MAX = 30000 };

struct worker_archive {
    worker_pool *pool;
    int fd;
    worker_process process;
};

typedef struct {
    const char *status; /* its reason */
    const char *reason, *sentence;
} refusal;

/* What is wrong with one file alone. */
static const refusal refusals[] = {
    {"ARCHIVE_NOT_READABLE", "FILE_DAMAGED", "The file is damaged: it cannot be unpacked."},
    {"ARCHIVE_ENCRYPTED", "FILE_ENCRYPTED", "The file is protected by a password."},
    {"ARCHIVE_TOO_LARGE", "FILE_INFLATES_TOO_FAR", "The file would unpack to more than a hundred times its size."},
    {"ARCHIVE_PACKING_UNKNOWN", "FILE_PACKING_UNKNOWN", "The file is packed in a way that is not supported."},
    {"ARCHIVE_NO_MEMORY", "CHECK_NO_MEMORY", "There was not enough memory to check the photo."},
    {"PHOTO_CHECK_NO_MEMORY", "CHECK_NO_MEMORY", "There was not enough memory to check the photo."},
    {"PHOTO_CHECK_CRASHED", "CHECK_CRASHED", "The process that checked the photo ended before it answered."},
    {"PHOTO_CHECK_TIMED_OUT", "CHECK_TIMED_OUT", "Checking the photo took too long and was stopped."},
};

worker_archive *worker_archive_open(worker_pool *pool, int fd)
{
    worker_archive *a = calloc(1, sizeof *a);

    if (a)
        *a = (worker_archive){pool, fd, WORKER_PROCESS_NONE};
    return a;
}

void worker_archive_close(worker_archive *a)
{
    if (a)
        worker_process_stop(&a->process);
    free(a);
}

static sp_status end_receive(const worker_archive *a, int64_t deadline_ms, worker_archive_end *ret_end)
{
    sp_status status = worker_process_receive(&a->process, ret_end, sizeof *ret_end, deadline_ms);

    return !sp_failed(status) && ret_end->outcome >= WORKER_ARCHIVE_OUTCOMES ? WORKER_CRASHED : status;
}

static sp_status zip_open(const worker_archive *a)
{
    int64_t deadline_ms = clock_monotonic_ms() + OPEN_MS_MAX;
    worker_archive_job job;
    worker_archive_end end;
    struct stat file;
    sp_status status;

    if (fstat(a->fd, &file) != 0 || !S_ISREG(file.st_mode))
        return ARCHIVE_NOT_READABLE;
    if (file.st_size > ARCHIVE_FILE_BYTES_MAX)
        return ARCHIVE_TOO_LARGE;
    job.size = (uint64_t)file.st_size;
    status = worker_process_send_file(&a->process, &job, sizeof job, a->fd, deadline_ms);
    if (!sp_failed(status))
        status = end_receive(a, deadline_ms, &end);
    return sp_failed(status) ? status : archive_outcome_status((worker_archive_outcome)end.outcome);
}

/* A process with the zip open; the one before may have ended with its file. */
static sp_status process_fill(worker_archive *a)
{
    sp_status status;

    if (worker_process_is_sound(&a->process))
        return SP_DONE;
    worker_process_stop(&a->process);
    before_waiting();
    if (sp_failed(worker_process_start(worker_pool_program(a->pool), "archive", worker_pool_weights(a->pool),
                                       clock_monotonic_ms() + START_MS_MAX, &a->process)))
        return ARCHIVE_WORKER_NOT_STARTED;
    status = zip_open(a);
    if (!sp_failed(status))
        return SP_DONE;
    bool out_of_time = worker_process_stop(&a->process);
    if (out_of_time || strcmp(status.reason, WORKER_TIMED_OUT.reason) == 0)
        return ARCHIVE_TIMED_OUT;
    return strcmp(status.reason, WORKER_CRASHED.reason) == 0 ? ARCHIVE_CRASHED : status;
}

static sp_status ask(const worker_archive *a, arena *memory, uint32_t entry, photo_result *ret_photo)
{
    int64_t deadline_ms = clock_monotonic_ms() + FILE_MS_MAX;
    worker_archive_end end;
    sp_status status = worker_process_send(&a->process, &entry, sizeof entry, deadline_ms);

    if (!sp_failed(status))
        status = end_receive(a, deadline_ms, &end);
    if (sp_failed(status))
        return status;
    if (end.outcome != WORKER_ARCHIVE_DONE)
        return archive_outcome_status((worker_archive_outcome)end.outcome);
    if (end.large) {
        *ret_photo = (photo_result){.verdict = PHOTO_TOO_LARGE};
        return SP_DONE;
    }
    return worker_photo_hear(&a->process, memory, deadline_ms, ret_photo);
}

/* The process that crashed or hung is gone after this. */
static sp_status after_failure(worker_archive *a, sp_status status)
{
    bool crashed = strcmp(status.reason, WORKER_CRASHED.reason) == 0;
    bool hung = strcmp(status.reason, WORKER_TIMED_OUT.reason) == 0;

    if (!crashed && !hung && strcmp(status.reason, PHOTO_CHECK_NO_MEMORY.reason) != 0)
        return status;
    if (worker_process_stop(&a->process) || hung)
        return PHOTO_CHECK_TIMED_OUT;
    return crashed ? PHOTO_CHECK_CRASHED : status;
}

static sp_status refuse(sp_status status, archive_look *look)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].status, status.reason) == 0) {
            *look = (archive_look){.reason = refusals[i].reason, .sentence = refusals[i].sentence};
            return SP_DONE;
        }
    return status;
}

sp_status worker_archive_check(worker_archive *a, arena *memory, uint32_t entry, archive_look *ret_look)
{
    sp_status status = process_fill(a);

    if (sp_failed(status))
        return status;
    *ret_look = (archive_look){NULL, NULL, {0}};
    status = ask(a, memory, entry, &ret_look->photo);
    if (sp_failed(status))
        return refuse(after_failure(a, status), ret_look);
    if (ret_look->photo.verdict != PHOTO_OK) {
        ret_look->reason = photo_verdict_reason(ret_look->photo.verdict);
        ret_look->sentence = photo_verdict_sentence(ret_look->photo.verdict);
    }
    return SP_DONE;
}
