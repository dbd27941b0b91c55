/* The SQL of operations as handlers and readers use it. */
#include "operation_store.h"

#include "server_operations_sql.h"
#include "id.h"
#include "timestamp.h"

typedef Smartpass__V1__Operation Operation;

sp_status operation_start(db_tx *tx, const operation_order *order, int64_t *ret_id)
{
    size_t size = order->request ? protobuf_c_message_get_packed_size(order->request) : 0;
    uint8_t *packed = size <= OPERATION_REQUEST_MAX ? arena_alloc(db_tx_arena(tx), size) : NULL;
    int64_t id = id_next();

    if (size > OPERATION_REQUEST_MAX)
        return OPERATION_TOO_LARGE;
    if (!packed)
        return DB_NO_MEMORY;
    if (order->request)
        protobuf_c_message_pack(order->request, packed);
    sp_status st = db_query(tx, SQL_OPERATION_ADD,
                            DB_ARGS(db_int64(order->enterprise_id), db_int64(id), db_text(order->kind),
                                    db_text(order->object), db_bytes(packed, size), db_int64(order->operator_user_id),
                                    db_text(order->operator), db_int64(order->group_id), db_time(order->now_ms)),
                            NULL);
    if (!sp_failed(st))
        st = operation_store_notify(tx, OPERATION_NEWS_QUEUED, order->enterprise_id, id);
    if (!sp_failed(st))
        *ret_id = id;
    return st;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static bool read_error(arena *a, const db_rows *rows, int row, Operation *o)
{
    if (o->state != SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED)
        return true;
    Smartpass__V1__OperationError *error = arena_alloc(a, sizeof *error);
    if (!error)
        return false;
    smartpass__v1__operation_error__init(error);
    error->code = (int32_t)db_row_int(rows, row, 8);
    error->reason = (char *)db_row_text(rows, row, 9);
    error->message = (char *)db_row_text(rows, row, 10);
    o->error = error;
    return true;
}

static bool read_result(arena *a, const db_rows *rows, int row, Operation *o)
{
    const char *type = db_row_text(rows, row, 11);
    size_t size;

    if (!type[0])
        return true;
    Google__Protobuf__Any *result = arena_alloc(a, sizeof *result);
    if (!result)
        return false;
    google__protobuf__any__init(result);
    result->type_url = (char *)type;
    result->value.data = (uint8_t *)db_row_bytes(rows, row, 12, &size);
    result->value.len = size;
    o->result = result;
    return true;
}

static Operation *operation_from_row(arena *a, const db_rows *rows, int row)
{
    Operation *o = arena_alloc(a, sizeof *o);
    if (!o)
        return NULL;
    smartpass__v1__operation__init(o);
    o->id = db_row_int(rows, row, 0);
    o->kind = (char *)db_row_text(rows, row, 1);
    o->object = (char *)db_row_text(rows, row, 2);
    o->state = (Smartpass__V1__OperationState)db_row_int(rows, row, 3);
    o->progress = db_row_int(rows, row, 4);
    o->total = db_row_int(rows, row, 5);
    o->failures = db_row_int(rows, row, 6);
    o->stage = (char *)db_row_text(rows, row, 7);
    o->operator_ = (char *)db_row_text(rows, row, 13);
    o->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 14));
    o->finish_time = timestamp_or_null(a, db_row_time_ms(rows, row, 15));
    o->done = o->finish_time != NULL;
    o->cancel_requested = db_row_bool(rows, row, 16);
    return read_error(a, rows, row, o) && read_result(a, rows, row, o) ? o : NULL;
}

/* With id not 0, that one alone. */
static sp_status list(db_tx *tx, const operation_filter *f, int64_t id, const page *p, db_rows *ret_rows)
{
    return db_query(tx, SQL_OPERATION_LIST,
                    DB_ARGS(db_int64(f->enterprise_id), db_bool(f->viewer.sees_all), db_int64(f->viewer.user_id),
                            db_int16((int16_t)f->state), db_int64(id), db_bool(p->first), db_int64(p->id),
                            db_int32(p->size + 1), db_int32(p->skip)),
                    ret_rows);
}

sp_status operation_store_list(db_tx *tx, const operation_filter *filter, const page *p, Operation ***ret_operations,
                               size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = list(tx, filter, 0, p, &rows);

    if (sp_failed(st))
        return st;
    Operation **operations = arena_array(a, (size_t)rows.count + 1, sizeof *operations);
    for (int i = 0; i < rows.count; i++)
        if (!operations || !(operations[i] = operation_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_operations = operations;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status operation_store_count(db_tx *tx, const operation_filter *f, int32_t *ret_total)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_OPERATION_COUNT,
                            DB_ARGS(db_int64(f->enterprise_id), db_bool(f->viewer.sees_all),
                                    db_int64(f->viewer.user_id), db_int16((int16_t)f->state)),
                            &rows);
    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status operation_store_get(db_tx *tx, const operation_filter *filter, int64_t id, Operation **ret_operation,
                              int64_t *ret_operator_user_id)
{
    const page one = {.size = 1, .first = true, .text = ""};
    db_rows rows;

    if (id == 0)
        return OPERATION_NOT_FOUND;
    sp_status st = list(tx, filter, id, &one, &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return OPERATION_NOT_FOUND;
    Operation *operation = operation_from_row(db_tx_arena(tx), &rows, 0);
    if (!operation)
        return DB_NO_MEMORY;
    *ret_operation = operation;
    *ret_operator_user_id = db_row_int(&rows, 0, 17);
    return SP_DONE;
}

sp_status operation_read(db_tx *tx, int64_t enterprise_id, int64_t id, Operation **ret_operation,
                         int64_t *ret_operator_user_id)
{
    const operation_filter any = {.enterprise_id = enterprise_id, .viewer = {.sees_all = true}};

    return operation_store_get(tx, &any, id, ret_operation, ret_operator_user_id);
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

sp_status operation_store_cancel(db_tx *tx, const operation_filter *f, int64_t id, int64_t now_ms)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_OPERATION_CANCEL,
                            DB_ARGS(db_int64(f->enterprise_id), db_bool(f->viewer.sees_all),
                                    db_int64(f->viewer.user_id), db_int64(id), db_time(now_ms)),
                            &rows);
    if (sp_failed(st) || rows.affected == 0)
        return st;
    return operation_store_notify(tx, OPERATION_NEWS_CANCEL, f->enterprise_id, id);
}

sp_status operation_store_remove(db_tx *tx, const operation_filter *f, int64_t id, bool *ret_removed)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_OPERATION_REMOVE,
        DB_ARGS(db_int64(f->enterprise_id), db_bool(f->viewer.sees_all), db_int64(f->viewer.user_id), db_int64(id)),
        &rows);
    if (!sp_failed(st))
        *ret_removed = rows.affected > 0;
    return st;
}
