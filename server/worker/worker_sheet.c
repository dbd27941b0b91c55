/* The conversation about a sheet, with a process that is started for it and ends with it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "sheet.h"
#include "sheet_outcome.h"
#include "text.h"
#include "worker_pool.h"
#include "worker_process.h"

#define PLACE_MS_MAX 5000
#define START_MS_MAX 10000
/* While nothing arrives: the worker's own limit is 60 s of processor time, on a machine that may be busy; what comes
 * before the first row takes a few seconds at most. */
#define SILENCE_MS_MAX 30000

typedef struct {
    const worker_process *process;
    sheet_row_taken on_row;
    void *arg;
    int wanted; /* rows */
    int rows;   /* that came */
    int number; /* of the last one */
    bool refused;
    sp_status refusal; /* of on_row */
    uint8_t *frame;    /* WORKER_FRAME_BYTES_MAX */
} sheet_talk;

static sp_status receive(const sheet_talk *talk, void *to, size_t size)
{
    return worker_process_receive(talk->process, to, size, clock_monotonic_ms() + SILENCE_MS_MAX);
}

/* A worker that a sheet took over may say anything: so many texts, each ending within the row and of whole characters.
 */
static bool texts_split(const char *texts, size_t size, size_t count, const char **cells)
{
    const char *end = texts + size;

    for (size_t i = 0; i < count; i++) {
        const char *nul = texts < end ? memchr(texts, 0, (size_t)(end - texts)) : NULL;

        if (!nul || nul - texts > SHEET_CELL_BYTES_MAX || !utf8_is_valid(texts, (size_t)(nul - texts)))
            return false;
        cells[i] = texts;
        texts = nul + 1;
    }
    return texts == end;
}

static bool row_is_plausible(const sheet_talk *talk, const worker_row *row, size_t left)
{
    return row->size <= left && row->count > 0 && row->count <= SHEET_COLUMNS_MAX && row->number > talk->number &&
           talk->rows < SHEET_ROWS_MAX && (talk->wanted == 0 || talk->rows < talk->wanted);
}

static sp_status take_row(sheet_talk *talk, const uint8_t *at, size_t left, size_t *ret_taken)
{
    const char *cells[SHEET_COLUMNS_MAX];
    worker_row head;

    if (left < sizeof head)
        return WORKER_CRASHED;
    memcpy(&head, at, sizeof head);
    if (!row_is_plausible(talk, &head, left - sizeof head) ||
        !texts_split((const char *)at + sizeof head, head.size, head.count, cells))
        return WORKER_CRASHED;
    talk->number = head.number;
    talk->rows++;
    *ret_taken = sizeof head + head.size;
    talk->refusal = talk->on_row(talk->arg, &(sheet_row){head.number, head.count, cells, head.cut});
    talk->refused = sp_failed(talk->refusal);
    return talk->refusal;
}

static sp_status take_rows(sheet_talk *talk, size_t size)
{
    sp_status status = receive(talk, talk->frame, size);

    for (size_t at = 0, taken = 0; at < size && !sp_failed(status); at += taken)
        status = take_row(talk, talk->frame + at, size - at, &taken);
    return status;
}

static sp_status take_end(const sheet_talk *talk, size_t size, sheet_facts *facts)
{
    worker_sheet_end end;
    sp_status status = size == sizeof end ? receive(talk, &end, sizeof end) : WORKER_CRASHED;

    if (sp_failed(status))
        return status;
    const char *nul = memchr(end.name, 0, sizeof end.name);
    if (end.outcome >= WORKER_SHEET_OUTCOMES || !nul || !utf8_is_valid(end.name, (size_t)(nul - end.name)))
        return WORKER_CRASHED;
    if (end.outcome != WORKER_SHEET_DONE)
        return sheet_outcome_status((worker_sheet_outcome)end.outcome);
    if (end.rows > SHEET_ROWS_MAX || (talk->wanted == 0 ? end.rows != talk->rows : end.rows < talk->rows))
        return WORKER_CRASHED;
    *facts = (sheet_facts){.rows = end.rows};
    memcpy(facts->name, end.name, (size_t)(nul - end.name));
    return SP_DONE;
}

static sp_status talk_through(sheet_talk *talk, sheet_facts *facts)
{
    for (;;) {
        worker_frame frame;
        sp_status status = receive(talk, &frame, sizeof frame);

        if (sp_failed(status))
            return status;
        if (frame.kind == WORKER_SHEET_READ)
            return take_end(talk, frame.size, facts);
        if (frame.kind != WORKER_ROWS || frame.size == 0 || frame.size > WORKER_FRAME_BYTES_MAX)
            return WORKER_CRASHED;
        status = take_rows(talk, frame.size);
        if (sp_failed(status))
            return status;
    }
}

static sp_status status_of(const sheet_talk *talk, sp_status status, bool out_of_time)
{
    if (talk->refused)
        return talk->refusal;
    if (out_of_time || strcmp(status.reason, WORKER_TIMED_OUT.reason) == 0)
        return SHEET_TIMED_OUT;
    return strcmp(status.reason, WORKER_CRASHED.reason) == 0 ? SHEET_CRASHED : status;
}

/* In a place of the pool. */
static sp_status read_in_process(const char *program, const char *kind, int fd, const worker_sheet_job *job,
                                 sheet_talk *talk, sheet_facts *facts)
{
    worker_process process;
    sp_status status = worker_process_start(program, "sheet", kind, clock_monotonic_ms() + START_MS_MAX, &process);

    if (sp_failed(status))
        return SHEET_WORKER_NOT_STARTED;
    talk->process = &process;
    status = worker_process_send_file(&process, job, sizeof *job, fd, clock_monotonic_ms() + SILENCE_MS_MAX);
    if (!sp_failed(status))
        status = talk_through(talk, facts);
    bool out_of_time = worker_process_stop(&process);
    return sp_failed(status) ? status_of(talk, status, out_of_time) : SP_DONE;
}

sp_status worker_read_sheet(worker_pool *pool, int fd, sheet_kind kind, sheet_want want, sheet_row_taken on_row,
                            void *arg, sheet_facts *ret_facts)
{
    static const char *const kinds[SHEET_KINDS] = {[SHEET_XLSX] = "xlsx", [SHEET_XLS] = "xls", [SHEET_CSV] = "csv"};
    sheet_talk talk = {.on_row = on_row, .arg = arg, .wanted = want.rows};
    worker_sheet_job job = {.sheet = want.sheet, .rows = want.rows};
    sheet_facts facts = {0};
    struct stat file;

    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))
        return SHEET_NOT_READABLE;
    if ((uint64_t)file.st_size > SHEET_FILE_BYTES_MAX)
        return SHEET_TOO_LARGE;
    job.size = (uint64_t)file.st_size;
    talk.frame = malloc(WORKER_FRAME_BYTES_MAX);
    if (!talk.frame)
        return OUT_OF_MEMORY;
    sp_status status = SHEET_WORKERS_BUSY;
    if (worker_file_place_take(pool, clock_monotonic_ms() + PLACE_MS_MAX)) {
        status = read_in_process(worker_pool_program(pool), kinds[kind], fd, &job, &talk, &facts);
        worker_file_place_return(pool);
    }
    free(talk.frame);
    if (!sp_failed(status) && ret_facts)
        *ret_facts = facts;
    return status;
}
