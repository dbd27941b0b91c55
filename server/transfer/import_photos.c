#include "import_photos.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "import_row.h"
#include "photo_import.h"

/* A hundred thousand names take a dozen MiB; absurdly long ones are not worth more than this. */
enum { NAMES_ARENA = 96 << 20, LOOK_ARENA = 2 << 20, BLOCKS = 3, PREVIEW_FILES = 20, TOTAL_CAP = 100001 };

SP_STATUS(IMPORT_CHANGED, SP_INTERNAL, "The file is not as it was when its import began.");

typedef struct {
    photo_block block;
    photo_row rows[PHOTO_BLOCK];
} files_block;

typedef struct {
    server_transfer *transfer;
    photo_import import;
    int fd;
    arena memory; /* names and request */
    photo_files files;
    photo_looks *looks;
    files_block *blocks; /* BLOCKS; taken in turn */
    size_t posted;       /* files that are in blocks, or done */
    size_t next, oldest; /* counts of blocks */
} job;

/* ---- Blocks ------------------------------------------------------------------------------------------------------ */

static sp_status block_post(job *j)
{
    files_block *b = &j->blocks[j->next % BLOCKS];
    size_t left = j->files.count - j->posted;
    sp_status status;

    b->block.count = left < PHOTO_BLOCK ? left : PHOTO_BLOCK;
    for (size_t i = 0; i < b->block.count; i++)
        b->rows[i] = (photo_row){.file = &j->files.files[j->posted + i]};
    status = photo_import_find(&j->import, b->rows, b->block.count);
    if (sp_failed(status))
        return status;
    for (size_t i = 0; i < b->block.count; i++) {
        b->block.looks[i].entry = b->rows[i].file->entry;
        b->block.looks[i].wanted = !b->rows[i].fault.reason;
        b->block.looks[i].look = (archive_look){NULL, NULL, {0}};
    }
    j->posted += b->block.count;
    j->next++;
    photo_looks_post(j->looks, &b->block);
    return SP_DONE;
}

static sp_status block_store(job *j)
{
    files_block *b = &j->blocks[j->oldest % BLOCKS];
    sp_status status = photo_looks_wait(j->looks, &b->block);

    if (!sp_failed(status))
        status = operation_go_on(j->import.run);
    if (!sp_failed(status))
        status = photo_import_write(&j->import, b->rows, b->block.looks, b->block.count);
    for (size_t i = 0; i < b->block.count && !sp_failed(status); i++)
        arena_reset(&b->block.looks[i].memory);
    j->oldest++;
    return status;
}

static sp_status files_import(job *j)
{
    sp_status status = SP_DONE;

    while (!sp_failed(status) && (j->posted < j->files.count || j->oldest < j->next))
        status = j->posted < j->files.count && j->next - j->oldest < BLOCKS ? block_post(j) : block_store(j);
    return status;
}

static sp_status blocks_import(job *j)
{
    sp_status status;

    if (j->posted == j->files.count)
        return SP_DONE;
    j->blocks = calloc(BLOCKS, sizeof *j->blocks);
    j->looks = photo_looks_new(j->transfer->options.workers, j->fd);
    if (!j->blocks || !j->looks)
        return OUT_OF_MEMORY;
    for (int i = 0; i < BLOCKS * PHOTO_BLOCK; i++)
        arena_init(&j->blocks[i / PHOTO_BLOCK].block.looks[i % PHOTO_BLOCK].memory, LOOK_ARENA);
    status = files_import(j);
    photo_looks_free(j->looks); /* before what its threads write to */
    j->looks = NULL;
    for (int i = 0; i < BLOCKS * PHOTO_BLOCK; i++)
        arena_done(&j->blocks[i / PHOTO_BLOCK].block.looks[i % PHOTO_BLOCK].memory);
    return status;
}

/* ---- The beginning ----------------------------------------------------------------------------------------------- */

static sp_status zip_open(job *j)
{
    operation_run *run = j->import.run;
    size_t size;
    const uint8_t *bytes = operation_request(run, &size);
    const Smartpass__V1__ImportPhotosRequest *request = (const Smartpass__V1__ImportPhotosRequest *)rpc_unpack(
        &smartpass__v1__import_photos_request__descriptor, &j->memory, bytes, size);
    transfer_file file;
    db_tx *tx;
    sp_status status =
        request ? db_begin(j->transfer->options.app, operation_enterprise_id(run), &j->memory, &tx) : OUT_OF_MEMORY;

    if (sp_failed(status))
        return status;
    /* an upload that an operation works on does not expire */
    status = db_end(tx, transfer_own_upload(tx, operation_enterprise_id(run), operation_operator_user_id(run),
                                            request->id, 0, &file));
    return sp_failed(status) ? status : transfer_file_open(j->transfer->files, file.id, &j->fd);
}

static sp_status progress_begin(job *j)
{
    photo_progress *p = &j->import.progress;
    operation_progress said = {.total = (int64_t)j->files.count, .stage = "importing photos"};
    size_t size;
    const uint8_t *checkpoint = operation_checkpoint(j->import.run, &size);

    *p = (photo_progress){.total = (int32_t)j->files.count};
    if (size > 0) {
        if (size != sizeof *p)
            return IMPORT_CHANGED;
        memcpy(p, checkpoint, sizeof *p);
        if (p->total != (int32_t)j->files.count || p->files < 0 || p->files > p->total)
            return IMPORT_CHANGED;
    }
    j->posted = (size_t)p->files;
    said.progress = p->files;
    said.failures = p->failed;
    return operation_report(j->import.run, &said);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static sp_status import_run(job *j)
{
    Smartpass__V1__ImportResult result = SMARTPASS__V1__IMPORT_RESULT__INIT;
    operation_progress said = *operation_progress_before(j->import.run);
    sp_status status = zip_open(j);

    said.stage = "reading the zip";
    if (!sp_failed(status))
        status = operation_report(j->import.run, &said);
    if (!sp_failed(status))
        status = photo_files_read(j->transfer->options.workers, j->fd, &j->memory, &j->files);
    if (!sp_failed(status))
        status = progress_begin(j);
    if (!sp_failed(status))
        status = blocks_import(j);
    if (sp_failed(status))
        return status;
    result.added = j->import.progress.added;
    result.updated = j->import.progress.updated;
    result.failed = j->import.progress.failed;
    return operation_set_result(j->import.run, &result.base);
}

sp_status import_photos_run(operation_run *run, void *arg)
{
    job j = {.transfer = arg, .import = {.run = run}, .fd = -1};
    sp_status status;

    j.import.options = &j.transfer->options;
    arena_init(&j.memory, NAMES_ARENA);
    status = import_run(&j);
    photo_looks_free(j.looks);
    free(j.blocks);
    if (j.fd >= 0)
        close(j.fd);
    arena_done(&j.memory);
    return status;
}

/* ---- The preview ------------------------------------------------------------------------------------------------- */

static Smartpass__V1__ImportRow *row_show(arena *a, const photo_file *file, size_t position)
{
    Smartpass__V1__ImportRow *row = arena_alloc(a, sizeof *row);
    Smartpass__V1__ImportProblem *problem = arena_alloc(a, sizeof *problem);

    if (!row || !problem)
        return NULL;
    smartpass__v1__import_row__init(row);
    row->row = (int32_t)position;
    row->cells = arena_alloc(a, sizeof *row->cells);
    row->problems = arena_alloc(a, sizeof *row->problems);
    if (!row->cells || !row->problems)
        return NULL;
    row->cells[row->n_cells++] = (char *)file->name;
    if (!file->fault.reason)
        return row;
    smartpass__v1__import_problem__init(problem);
    problem->row = row->row;
    problem->column = (char *)file->name;
    problem->field = "number";
    problem->reason = (char *)file->fault.reason;
    problem->message = (char *)file->fault.sentence;
    problem->value = import_cut(a, file->number, IMPORT_VALUE_MAX);
    row->problems[row->n_problems++] = problem;
    return problem->value ? row : NULL;
}

sp_status import_photos_preview(const server_transfer *transfer, int fd, arena *a, Smartpass__V1__ImportPreview *reply)
{
    photo_files files;
    size_t total;
    sp_status status = photo_files_preview(transfer->options.workers, fd, a, PREVIEW_FILES, &files, &total);

    if (sp_failed(status))
        return status;
    reply->rows = arena_array(a, files.count, sizeof *reply->rows);
    for (size_t i = 0; reply->rows && i < files.count; i++) {
        reply->rows[i] = row_show(a, &files.files[i], i + 1);
        if (!reply->rows[i])
            return OUT_OF_MEMORY;
    }
    reply->n_rows = files.count;
    reply->total = total < TOTAL_CAP ? (int32_t)total : TOTAL_CAP;
    return reply->rows ? SP_DONE : OUT_OF_MEMORY;
}
