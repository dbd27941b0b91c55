#include "export.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "columns.h"
#include "group_paths.h"
#include "org.h"
#include "people_export.h"
#include "sheet_writer.h"

typedef Smartpass__V1__ExportEmployeesRequest ExportRequest; /* of every kind: the three have the same fields */
typedef Smartpass__V1__PeopleFilter PeopleFilter;

enum { BATCH = 2000, BATCH_ARENA = 64 << 20, JOB_ARENA = 16 << 20 };

static const struct {
    const char *operation; /* the audit verb of the method */
    const char *file;      /* the manual's names */
    const char *title;
} KINDS[] = {
    [PERSON_EMPLOYEE] = {"export employees", "Employee Information", "Employees"},
    [PERSON_VISITOR] = {"export visitors", "Visitor information", "Visitors"},
    [PERSON_BLACKLIST_ENTRY] = {"export blacklist", "Blacklist information", "Blacklist"},
};

static const char *ending(Smartpass__V1__ExportFormat format)
{
    return format == SMARTPASS__V1__EXPORT_FORMAT__EXPORT_FORMAT_CSV ? "csv" : "xlsx";
}

/* ---- Asking for one ---------------------------------------------------------------------------------------------- */

sp_status export_order(rpc_call *call, person_kind kind, const PeopleFilter *filter, Smartpass__V1__ExportFormat format,
                       const char *language, Smartpass__V1__Operation *reply)
{
    const caller *who = call_caller(call);
    ExportRequest request = SMARTPASS__V1__EXPORT_EMPLOYEES_REQUEST__INIT;
    char object[64];
    operation_order order = {
        .enterprise_id = who->enterprise_id,
        .kind = KINDS[kind].operation,
        .object = object,
        .request = &request.base,
        .operator_user_id = who->user_id,
        .operator= who->username,
        .group_id = who->group_id,
        .now_ms = call_now_ms(call),
    };
    Smartpass__V1__Operation *operation;
    int64_t id, operator_user_id;
    db_arg groups;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    request.filter = (PeopleFilter *)filter;
    request.format = format;
    request.language = (char *)language;
    snprintf(object, sizeof object, "%s.%s", KINDS[kind].file, ending(format));
    call_audit_object(call, "%s", object);
    if (!sp_failed(status))
        status = org_scope(tx, who, filter ? filter->group_id : 0, &groups);
    if (strcmp(status.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "filter.group_id", "GROUP_UNKNOWN", "There is no such group.");
    if (!sp_failed(status))
        status = operation_start(tx, &order, &id);
    if (!sp_failed(status))
        status = operation_read(tx, who->enterprise_id, id, &operation, &operator_user_id);
    if (!sp_failed(status))
        *reply = *operation;
    return status;
}

/* ---- Doing it ---------------------------------------------------------------------------------------------------- */

typedef struct {
    operation_run *run;
    const export_options *options;
    person_kind kind;
    const ExportRequest *request;
    sheet_language language;
    arena memory;        /* of the whole */
    group_paths *groups; /* paths as the operator sees them */
    transfer_draft *draft;
    sheet_writer *writer;
    operation_progress progress;
    char last_number[64]; /* where the next batch begins */
    listed_person last;
} export_job;

static people_filter filter_of(const export_job *job)
{
    static const PeopleFilter everybody = SMARTPASS__V1__PEOPLE_FILTER__INIT;
    const PeopleFilter *f = job->request->filter ? job->request->filter : &everybody;

    return (people_filter){.kind = job->kind,
                           .query = f->query,
                           .section_id = f->section_id,
                           .photo = (int)f->photo,
                           .grant = (int)f->grant};
}

static sp_status scope_of(const export_job *job, db_tx *tx, people_scope *ret_scope)
{
    int64_t wanted = job->request->filter ? job->request->filter->group_id : 0;
    const caller operator= {.enterprise_id = operation_enterprise_id(job->run),
                            .group_id = operation_group_id(job->run)};

    ret_scope->enterprise_id = operator.enterprise_id;
    return org_scope(tx, &operator, wanted, &ret_scope->groups);
}

static sp_status writer_begin(export_job *job)
{
    size_t count;
    const sheet_column *columns = columns_of(job->kind, &count);
    const char **headers = arena_array(&job->memory, count, sizeof *headers);
    int *widths = arena_array(&job->memory, count, sizeof *widths);
    sheet_writer_options options = {
        .draft = job->draft,
        .format = job->request->format == SMARTPASS__V1__EXPORT_FORMAT__EXPORT_FORMAT_CSV ? SHEET_WRITER_CSV
                                                                                          : SHEET_WRITER_XLSX,
        .title = KINDS[job->kind].title,
        .columns = count,
        .headers = headers,
        .widths = widths,
    };

    if (!headers || !widths)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        headers[i] = columns[i].headers[job->language];
        widths[i] = columns[i].width;
    }
    return sheet_writer_open(&options, &job->writer);
}

static sp_status begin_in(export_job *job, db_tx *tx)
{
    const people_filter filter = filter_of(job);
    people_scope scope;
    sp_status status = scope_of(job, tx, &scope);

    if (!sp_failed(status))
        status = people_export_count(tx, &scope, &filter, &job->progress.total);
    if (!sp_failed(status))
        status = transfer_file_create(job->options->files, tx, scope.enterprise_id, &job->draft);
    return status;
}

/* The paths of groups live as long as the job: so does their transaction's arena. */
static sp_status begin(export_job *job)
{
    int64_t enterprise_id = operation_enterprise_id(job->run);
    db_tx *tx;
    sp_status status = db_begin(job->options->app, enterprise_id, &job->memory, &tx);

    if (sp_failed(status))
        return status;
    status = group_paths_read(tx, enterprise_id, operation_group_id(job->run), &job->groups);
    if (!sp_failed(status))
        status = begin_in(job, tx);
    status = db_end(tx, status);
    return sp_failed(status) ? status : writer_begin(job);
}

static const char *cell_of(const export_job *job, const sheet_column *c, const listed_person *p)
{
    switch (c->form) {
    case COLUMN_TEXT:
        return p->who.texts[c->text];
    case COLUMN_GENDER:
        return gender_word(p->who.gender, job->language);
    case COLUMN_GROUP:
        return group_path(job->groups, p->who.group_id);
    case COLUMN_HOST:
        return p->host_number;
    }
    return "";
}

static sp_status person_write(export_job *job, const listed_person *p)
{
    const char *cells[COLUMNS_MAX];
    size_t count;
    const sheet_column *columns = columns_of(job->kind, &count);

    for (size_t i = 0; i < count; i++)
        cells[i] = cell_of(job, &columns[i], p);
    return sheet_writer_row(job->writer, cells, count);
}

static sp_status batch_read(export_job *job, arena *memory, listed_person **ret_people, size_t *ret_count)
{
    const people_filter filter = filter_of(job);
    people_scope scope;
    db_tx *tx;
    sp_status status = db_begin(job->options->app, operation_enterprise_id(job->run), memory, &tx);

    if (sp_failed(status))
        return status;
    status = scope_of(job, tx, &scope);
    if (!sp_failed(status))
        status = people_export_batch(tx, &scope, &filter, job->progress.progress ? &job->last : NULL, BATCH, ret_people,
                                     ret_count);
    return db_end(tx, status);
}

/* Reads and writes one batch; false in ret_more after the last. */
static sp_status batch_write(export_job *job, arena *memory, bool *ret_more)
{
    listed_person *people;
    size_t count;
    sp_status status = batch_read(job, memory, &people, &count);

    for (size_t i = 0; i < count && !sp_failed(status); i++)
        status = person_write(job, &people[i]);
    if (sp_failed(status))
        return status;
    *ret_more = count == BATCH;
    if (count > 0) {
        job->last = people[count - 1];
        snprintf(job->last_number, sizeof job->last_number, "%s", people[count - 1].who.texts[PERSON_NUMBER]);
        job->last.who.texts[PERSON_NUMBER] = job->last_number;
    }
    job->progress.progress += (int64_t)count;
    if (job->progress.total < job->progress.progress)
        job->progress.total = job->progress.progress; /* people were added meanwhile */
    return operation_report(job->run, &job->progress);
}

static sp_status all_write(export_job *job)
{
    bool more = true;
    arena memory;
    sp_status status = SP_DONE, end;

    arena_init(&memory, BATCH_ARENA);
    while (more && !sp_failed(status)) {
        status = batch_write(job, &memory, &more);
        arena_reset(&memory);
    }
    arena_done(&memory);
    end = sheet_writer_close(job->writer);
    job->writer = NULL;
    return sp_failed(status) ? status : end;
}

/* The file and the last of the progress become true together. */
static sp_status keep(export_job *job, char file_name[64])
{
    bool csv = job->request->format == SMARTPASS__V1__EXPORT_FORMAT__EXPORT_FORMAT_CSV;
    transfer_file about = {
        .kind = csv ? SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_CSV
                    : SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLSX,
        .made = true,
        .name = file_name,
        .owner_user_id = operation_operator_user_id(job->run),
        .operation_id = operation_id(job->run),
        .created_ms = clock_now_ms(),
    };
    Smartpass__V1__ExportResult result = SMARTPASS__V1__EXPORT_RESULT__INIT;
    db_tx *tx;
    sp_status status = db_begin(job->options->app, operation_enterprise_id(job->run), &job->memory, &tx);

    if (sp_failed(status))
        return status;
    status = transfer_draft_keep(job->draft, tx, &about);
    if (!sp_failed(status))
        status = operation_write(job->run, tx, &job->progress);
    status = db_end(tx, status);
    if (sp_failed(status))
        return status;
    transfer_draft_close(job->draft, true);
    job->draft = NULL;
    result.rows = job->progress.progress;
    result.file_id = about.id;
    result.file_name = file_name;
    result.size = about.size;
    return operation_set_result(job->run, &result.base);
}

static sp_status export_all(export_job *job)
{
    char file_name[64];
    sp_status status = begin(job);

    snprintf(file_name, sizeof file_name, "%s.%s", KINDS[job->kind].file, ending(job->request->format));
    job->progress.stage = "writing rows";
    if (!sp_failed(status))
        status = all_write(job);
    return sp_failed(status) ? status : keep(job, file_name);
}

/* Begins anew after a crash: what was written is a draft that nobody kept. */
static sp_status export_run(operation_run *run, const export_options *options, person_kind kind)
{
    export_job job = {.run = run, .options = options, .kind = kind};
    size_t size;
    const uint8_t *bytes = operation_request(run, &size);
    sp_status status = OUT_OF_MEMORY;

    arena_init(&job.memory, JOB_ARENA);
    job.request = (const ExportRequest *)rpc_unpack(&smartpass__v1__export_employees_request__descriptor, &job.memory,
                                                    bytes, size);
    if (job.request) {
        job.language = sheet_language_of(job.request->language);
        status = export_all(&job);
    }
    if (job.writer) {
        sp_status end = sheet_writer_close(job.writer);
        (void)end; /* of a file that goes */
    }
    transfer_draft_close(job.draft, false);
    arena_done(&job.memory);
    return status;
}

static sp_status employees_run(operation_run *run, void *options)
{
    return export_run(run, options, PERSON_EMPLOYEE);
}

static sp_status visitors_run(operation_run *run, void *options)
{
    return export_run(run, options, PERSON_VISITOR);
}

static sp_status blacklist_run(operation_run *run, void *options)
{
    return export_run(run, options, PERSON_BLACKLIST_ENTRY);
}

bool export_add_kinds(const export_options *options, server_operations *operations)
{
    static sp_status (*const runs[])(operation_run *, void *) = {
        [PERSON_EMPLOYEE] = employees_run, [PERSON_VISITOR] = visitors_run, [PERSON_BLACKLIST_ENTRY] = blacklist_run};
    bool added = true;

    for (int kind = PERSON_EMPLOYEE; kind <= PERSON_BLACKLIST_ENTRY && added; kind++)
        added = operations_add_kind(operations, &(operation_kind){.name = KINDS[kind].operation,
                                                                  .resumable = true,
                                                                  .run = runs[kind],
                                                                  .arg = (void *)options});
    return added;
}
