#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job_socket.h"
#include "only_file.h"
#include "sandbox.h"
#include "serve.h"
#include "sheet_outcome.h"
#include "sheet_read.h"
#include "wire.h"

typedef struct {
    worker_frame frame;
    uint8_t bytes[WORKER_FRAME_BYTES_MAX];
} row_batch;

/* Nobody reads any more. */
SP_STATUS(SERVER_GONE, SP_CANCELLED, "The server closed its end.");

static bool batch_send(row_batch *batch)
{
    bool sent = batch->frame.size == 0 || job_write(batch, sizeof batch->frame + batch->frame.size);

    batch->frame.size = 0;
    return sent;
}

static sp_status batch_add(void *arg, const sheet_row *row)
{
    row_batch *batch = arg;
    worker_row head = {.number = row->number, .count = (uint32_t)row->count, .cut = row->cut};
    uint8_t *at = batch->bytes + batch->frame.size, *text = at + sizeof head;

    for (size_t i = 0; i < row->count; i++) {
        size_t n = strlen(row->cells[i]) + 1;

        memcpy(text, row->cells[i], n);
        text += n;
    }
    head.size = (uint32_t)(text - at - sizeof head);
    memcpy(at, &head, sizeof head);
    batch->frame.size += (uint32_t)sizeof head + head.size;
    return batch->frame.size < WORKER_BATCH_BYTES || batch_send(batch) ? SP_DONE : SERVER_GONE;
}

static void serve(sheet_kind kind)
{
    static row_batch batch = {.frame = {.kind = WORKER_ROWS}};
    worker_sheet_job job;
    sheet_facts facts = {0};

    if (!job_read_with_file(&job, sizeof job))
        return;
    sandbox_job_begins(WORKER_SHEET_CPU_SECONDS);
    const sheet_file file = {.fd = WORKER_FILE, .size = job.size, .path = ONLY_FILE_PATH};
    only_file_is(WORKER_FILE, job.size);
    sp_status status = sheet_read(&file, kind, (sheet_want){job.sheet, job.rows}, batch_add, &batch, &facts);
    if (!batch_send(&batch))
        return;

    struct {
        worker_frame frame;
        worker_sheet_end end;
    } last = {
        .frame = {WORKER_SHEET_READ, sizeof last.end},
        .end = {.outcome = sheet_outcome_of(status), .rows = facts.rows},
    };
    memcpy(last.end.name, facts.name, sizeof last.end.name);
    job_write(&last, sizeof last);
}

static sheet_kind kind_of(const char *name)
{
    static const char *const names[SHEET_KINDS] = {[SHEET_XLSX] = "xlsx", [SHEET_XLS] = "xls", [SHEET_CSV] = "csv"};
    int kind = 0;

    while (kind < SHEET_KINDS && strcmp(names[kind], name) != 0)
        kind++;
    return (sheet_kind)kind;
}

void serve_sheet(const char *name)
{
    static const uint32_t ready = WORKER_READY;
    sheet_kind kind = kind_of(name);

    if (kind == SHEET_KINDS) {
        fprintf(stderr, "smartpass-worker: there are no sheets of kind %s\n", name);
        return;
    }
    sheet_prepare(kind);
    if (!sandbox_enter(&(sandbox_room){.socket = WORKER_SOCKET, .file = WORKER_FILE, .memory = WORKER_SHEET_MEMORY})) {
        fprintf(stderr, "smartpass-worker: the kernel refuses the sandbox\n");
        return;
    }
    if (job_write(&ready, sizeof ready))
        serve(kind);
    _exit(0); /* nothing is left to do that the sandbox would allow */
}
