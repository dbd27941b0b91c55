/* Transfers: the handlers. */
#include <string.h>
#include <unistd.h>

#include "import_photos.h"
#include "import_sheet.h"
#include "import_store.h"
#include "operations_service.h"
#include "org.h"
#include "smartpass/v1/operations.names.h"
#include "smartpass/v1/transfer.names.h"
#include "timestamp.h"
#include "transfer_parts.h"

enum { PREVIEW_ROWS = 20 };

/* ---- Uploads ----------------------------------------------------------------------------------------------------- */

sp_status transfer_own_upload(db_tx *tx, int64_t enterprise_id, int64_t user_id, int64_t id, int64_t now_ms,
                              transfer_file *ret_file)
{
    sp_status status = transfer_file_find(tx, enterprise_id, id, now_ms, ret_file);

    return sp_failed(status) || (!ret_file->made && ret_file->owner_user_id == user_id) ? status
                                                                                        : TRANSFER_FILE_NOT_FOUND;
}

static sp_status own_upload(rpc_call *call, int64_t id, db_tx **ret_tx, transfer_file *ret_file)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    if (!sp_failed(status))
        status = transfer_own_upload(*ret_tx, who->enterprise_id, who->user_id, id, call_now_ms(call), ret_file);
    return status;
}

static sp_status refuse_kind(rpc_call *call, const char *sentence)
{
    return rpc_call_violation(call, "id", "FILE_KIND_UNFIT", sentence);
}

/* ---- Previewing -------------------------------------------------------------------------------------------------- */

typedef struct {
    arena *memory;
    import_sheet sheet;
    const group_paths *groups;
    ImportRow *rows[PREVIEW_ROWS];
    text_map numbers;
    size_t count;
} preview;

static ImportProblem *problem_make(const preview *p, const import_row *row, const import_fault *fault)
{
    ImportProblem *problem = arena_alloc(p->memory, sizeof *problem);
    size_t count;
    const sheet_column *c = fault->column < 0 ? NULL : &columns_of(PERSON_EMPLOYEE, &count)[fault->column];
    int cell = c ? p->sheet.columns.cell_of[fault->column] : -1;

    if (!problem)
        return NULL;
    smartpass__v1__import_problem__init(problem);
    problem->row = row->number;
    problem->column = (char *)(cell >= 0 ? p->sheet.columns.headers[cell] : "");
    problem->field = (char *)(c ? c->field : "");
    problem->reason = (char *)fault->reason;
    problem->message = (char *)fault->sentence;
    problem->value = import_cut(p->memory, fault->value, IMPORT_VALUE_MAX);
    return problem->value ? problem : NULL;
}

static bool problems_make(const preview *p, const import_row *row, ImportRow *shown)
{
    shown->problems = arena_array(p->memory, row->fault_count + 1, sizeof *shown->problems);
    for (size_t i = 0; shown->problems && i < row->fault_count; i++) {
        shown->problems[i] = problem_make(p, row, &row->faults[i]);
        if (!shown->problems[i])
            return false;
    }
    shown->n_problems = row->fault_count;
    return shown->problems != NULL;
}

/* Long cells are cut: a preview is for looking at. */
static bool cells_copy(const preview *p, const sheet_row *row, ImportRow *shown)
{
    enum { CELL_MAX = 256 };

    shown->cells = arena_array(p->memory, row->count, sizeof *shown->cells);
    for (size_t i = 0; shown->cells && i < row->count; i++) {
        shown->cells[i] = import_cut(p->memory, row->cells[i], CELL_MAX);
        if (!shown->cells[i])
            return false;
    }
    shown->n_cells = row->count;
    return shown->cells != NULL;
}

static sp_status row_preview(void *arg, const sheet_row *row)
{
    preview *p = arg;
    ImportRow *shown;
    import_row *read;
    const char *number;

    if (p->count == PREVIEW_ROWS)
        return SP_DONE;
    shown = arena_alloc(p->memory, sizeof *shown);
    read = arena_alloc(p->memory, sizeof *read);
    if (!shown || !read)
        return OUT_OF_MEMORY;
    smartpass__v1__import_row__init(shown);
    if (!import_row_read(&p->sheet.columns, p->groups, row, (int)p->count, p->memory, read))
        return OUT_OF_MEMORY;
    number = read->person.texts[PERSON_NUMBER];
    if (*number && text_map_get(&p->numbers, number))
        import_row_fault_text(read, PERSON_NUMBER, "DUPLICATE_IN_FILE", "A row above has the same number.");
    import_row_check(read, &read->person);
    shown->row = row->number;
    if (!text_map_put(&p->numbers, number, read) || !cells_copy(p, row, shown) || !problems_make(p, read, shown))
        return OUT_OF_MEMORY;
    p->rows[p->count++] = shown;
    return SP_DONE;
}

static bool columns_show(const preview *p, ImportPreview *reply)
{
    const import_columns *from = &p->sheet.columns;
    ImportColumn *columns = arena_array(p->memory, from->count, sizeof *columns);
    size_t count;
    const sheet_column *all = columns_of(PERSON_EMPLOYEE, &count);

    reply->columns = arena_array(p->memory, from->count, sizeof *reply->columns);
    if (!columns || !reply->columns)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        smartpass__v1__import_column__init(&columns[i]);
        columns[i].header = (char *)from->headers[i];
        columns[i].field = (char *)(from->columns[i] >= 0 ? all[(int)from->columns[i]].field : "");
        reply->columns[i] = &columns[i];
    }
    reply->n_columns = from->count;
    return true;
}

static bool file_show(arena *a, const transfer_file *from, ImportPreview *reply)
{
    TransferFile *file = arena_alloc(a, sizeof *file);

    if (!file)
        return false;
    smartpass__v1__transfer_file__init(file);
    file->id = from->id;
    file->kind = from->kind;
    file->size = from->size;
    file->name = (char *)from->name;
    file->expire_time = timestamp_or_null(a, from->expires_ms);
    reply->file = file;
    return true;
}

/* What is wrong with the file stands at its field; what is wrong with the server does not. */
static sp_status file_refusal(rpc_call *call, sp_status status)
{
    return status.code == SP_INVALID_ARGUMENT || status.code == SP_OUT_OF_RANGE
               ? rpc_call_violation(call, "id", status.reason, status.message)
               : status;
}

static sp_status sheet_preview(rpc_call *call, preview *p, const transfer_file *file)
{
    const server_transfer *transfer = rpc_call_self(call);
    int fd;
    sp_status status = transfer_file_open(transfer->files, file->id, &fd);

    if (sp_failed(status))
        return status;
    status = import_sheet_find(transfer->options.workers, fd, file->kind, p->memory, PREVIEW_ROWS, row_preview, p,
                               &p->sheet);
    close(fd);
    return sp_failed(status) ? file_refusal(call, status) : status;
}

static sp_status zip_preview(rpc_call *call, const transfer_file *file, ImportPreview *reply)
{
    const server_transfer *transfer = rpc_call_self(call);
    int fd;
    sp_status status = call_commit(call);

    if (!sp_failed(status))
        status = transfer_file_open(transfer->files, file->id, &fd);
    if (sp_failed(status))
        return status;
    status = import_photos_preview(transfer, fd, rpc_call_arena(call), reply);
    close(fd);
    if (sp_failed(status))
        return file_refusal(call, status);
    return file_show(rpc_call_arena(call), file, reply) ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status preview_import(rpc_call *call, const PreviewImportRequest *request, ImportPreview *reply)
{
    const caller *who = call_caller(call);
    arena *a = rpc_call_arena(call);
    preview *p = arena_alloc(a, sizeof *p);
    group_paths *groups;
    transfer_file file;
    db_tx *tx;
    sp_status status = p ? own_upload(call, request->id, &tx, &file) : OUT_OF_MEMORY;

    if (sp_failed(status))
        return status;
    if (!import_kind_is_sheet(file.kind))
        return zip_preview(call, &file, reply);
    p->memory = a;
    text_map_init(&p->numbers, a);
    status = group_paths_read(tx, who->enterprise_id, who->group_id, &groups);
    p->groups = groups;
    if (!sp_failed(status))
        status = call_commit(call);
    if (!sp_failed(status))
        status = sheet_preview(call, p, &file);
    if (sp_failed(status))
        return status;
    if (!file_show(a, &file, reply) || !columns_show(p, reply))
        return OUT_OF_MEMORY;
    reply->sheet_name = p->sheet.name;
    reply->total = p->sheet.total;
    reply->rows = p->rows;
    reply->n_rows = p->count;
    return SP_DONE;
}

/* ---- Importing --------------------------------------------------------------------------------------------------- */

static sp_status import_start(rpc_call *call, db_tx *tx, const transfer_file *file, const ProtobufCMessage *request,
                              Operation *reply)
{
    sp_status status = operation_answer(call, *file->name ? file->name : "file", request, reply);

    return sp_failed(status) ? status : transfer_file_engage(tx, file, reply->id);
}

static sp_status import_employees(rpc_call *call, const ImportEmployeesRequest *request, Operation *reply)
{
    const caller *who = call_caller(call);
    transfer_file file;
    db_tx *tx;
    sp_status status = own_upload(call, request->id, &tx, &file);

    if (sp_failed(status))
        return status;
    call_audit_object(call, "%s", *file.name ? file.name : "file");
    if (!import_kind_is_sheet(file.kind))
        return refuse_kind(call, "This file is no sheet.");
    if (request->mode < SMARTPASS__V1__IMPORT_MODE__IMPORT_MODE_UNSPECIFIED ||
        request->mode > SMARTPASS__V1__IMPORT_MODE__IMPORT_MODE_OVERWRITE)
        return rpc_call_violation(call, "mode", "VALUE_INVALID", "There is no such mode.");
    if (request->group_id != 0)
        status = org_hold_group(tx, who, request->group_id);
    if (strcmp(status.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "group_id", "GROUP_UNKNOWN", "There is no such group.");
    return sp_failed(status) ? status : import_start(call, tx, &file, &request->base, reply);
}

static sp_status import_photos(rpc_call *call, const ImportPhotosRequest *request, Operation *reply)
{
    transfer_file file;
    db_tx *tx;
    sp_status status = own_upload(call, request->id, &tx, &file);

    if (sp_failed(status))
        return status;
    call_audit_object(call, "%s", *file.name ? file.name : "file");
    if (import_kind_is_sheet(file.kind))
        return refuse_kind(call, "This file is no zip of photos.");
    return import_start(call, tx, &file, &request->base, reply);
}

/* ---- Problems ---------------------------------------------------------------------------------------------------- */

/* An import of the caller's own, or of anybody's for an administrator of the enterprise. */
static sp_status import_find(rpc_call *call, int64_t operation_id, db_tx **ret_tx)
{
    const caller *who = call_caller(call);
    Operation *operation;
    int64_t operator_user_id;
    sp_status status = call_tx(call, ret_tx);

    if (!sp_failed(status))
        status = operation_read(*ret_tx, who->enterprise_id, operation_id, &operation, &operator_user_id);
    return sp_failed(status) || operator_user_id == who->user_id || who->enterprise_administrator ? status
                                                                                                  : OPERATION_NOT_FOUND;
}

static sp_status list_import_problems(rpc_call *call, const ListImportProblemsRequest *request,
                                      ListImportProblemsResponse *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id, position = 0;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, request->page_size, request->page_token, request->skip, &p);

    if (!sp_failed(status))
        status = import_find(call, request->operation_id, &tx);
    if (!sp_failed(status))
        status = import_store_list(tx, enterprise_id, request->operation_id, &p, &reply->problems, &position,
                                   &reply->n_problems);
    if (!sp_failed(status))
        status = import_store_count(tx, enterprise_id, request->operation_id, &reply->total_size);
    if (sp_failed(status) || reply->n_problems <= (size_t)p.size)
        return status;
    reply->n_problems = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", reply->problems[p.size - 1]->row, position);
    return SP_DONE;
}

/* ---- Exports ----------------------------------------------------------------------------------------------------- */

static sp_status export_employees(rpc_call *call, const ExportEmployeesRequest *request, Operation *reply)
{
    return export_order(call, PERSON_EMPLOYEE, request->filter, request->format, request->language, reply);
}

static sp_status export_visitors(rpc_call *call, const ExportVisitorsRequest *request, Operation *reply)
{
    return export_order(call, PERSON_VISITOR, request->filter, request->format, request->language, reply);
}

static sp_status export_blacklist(rpc_call *call, const ExportBlacklistRequest *request, Operation *reply)
{
    return export_order(call, PERSON_BLACKLIST_ENTRY, request->filter, request->format, request->language, reply);
}

static const transfer_service HANDLERS = {
    .size = sizeof HANDLERS,
    .download_import_template = &TEMPLATE_DOWNLOAD,
    .upload_import = &IMPORT_UPLOAD,
    .preview_import = preview_import,
    .import_employees = import_employees,
    .import_photos = import_photos,
    .list_import_problems = list_import_problems,
    .export_employees = export_employees,
    .export_visitors = export_visitors,
    .export_blacklist = export_blacklist,
    .download_transfer_file = &FILE_DOWNLOAD,
};

void transfer_register(server_transfer *transfer, rpc_server *server)
{
    transfer_service_register(server, &HANDLERS, transfer);
}
