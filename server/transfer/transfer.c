/* Transfers as a whole: what they are made of. */
#include "transfer.h"

#include <stdlib.h>

#include "clock.h"
#include "server_transfer_sql.h"
#include "import_photos.h"
#include "transfer_parts.h"

enum { WRITERS = 4 };

server_transfer *transfer_new(const transfer_options *options)
{
    server_transfer *transfer = calloc(1, sizeof *transfer);

    if (!transfer)
        return NULL;
    transfer->options = *options;
    transfer->files = transfer_files_new(&(transfer_files_options){options->folder, options->system, options->quota});
    transfer->writers = lanes_new(WRITERS);
    if (!transfer->files || !transfer->writers) {
        lanes_free(transfer->writers);
        transfer_files_free(transfer->files);
        free(transfer);
        return NULL;
    }
    file_streams_init(&transfer->streams);
    transfer->exports = (export_options){options->app, transfer->files};
    return transfer;
}

void transfer_free(server_transfer *transfer)
{
    if (!transfer)
        return;
    file_streams_done(&transfer->streams);
    lanes_free(transfer->writers);
    transfer_files_free(transfer->files);
    free(transfer);
}

bool transfer_add_kinds(server_transfer *transfer, server_operations *operations)
{
    const operation_kind employees = {
        .name = IMPORT_EMPLOYEES_KIND, .resumable = true, .run = import_employees_run, .arg = transfer};
    const operation_kind photos = {
        .name = IMPORT_PHOTOS_KIND, .resumable = true, .run = import_photos_run, .arg = transfer};

    return operations_add_kind(operations, &employees) && operations_add_kind(operations, &photos) &&
           export_add_kinds(&transfer->exports, operations);
}

sp_status transfer_sweep(server_transfer *transfer)
{
    return transfer_files_sweep(transfer->files, clock_now_ms());
}

sp_status group_paths_read(db_tx *tx, int64_t enterprise_id, int64_t top_id, group_paths **ret_paths)
{
    arena *a = db_tx_arena(tx);
    group_node *nodes;
    db_rows rows;
    sp_status status = db_query(tx, SQL_TRANSFER_GROUPS, DB_ARGS(db_int64(enterprise_id), db_int64(top_id)), &rows);

    if (sp_failed(status))
        return status;
    nodes = arena_array(a, (size_t)rows.count, sizeof *nodes);
    if (!nodes)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++)
        nodes[i] = (group_node){db_row_int(&rows, i, 0), db_row_int(&rows, i, 1), db_row_text(&rows, i, 2)};
    *ret_paths = group_paths_make(a, nodes, (size_t)rows.count);
    return *ret_paths ? SP_DONE : OUT_OF_MEMORY;
}
