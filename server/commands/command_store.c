#include "command_store.h"

#include "devices.h"
#include "id.h"
#include "server_commands_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Command Command;

#define STATE(name) SMARTPASS__V1__COMMAND_STATE__COMMAND_STATE_##name

sp_status command_store_targets(db_tx *tx, const command_scope *scope, const int64_t *ids, size_t id_count,
                                command_target **ret_targets, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_COMMAND_DEVICES,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups,
                         ids ? db_int64_array(a, ids, id_count) : db_null(), db_time(scope->now_ms - DEVICE_ONLINE_MS)),
                 &rows);
    if (sp_failed(st))
        return st;

    command_target *targets = arena_array(a, (size_t)rows.count + 1, sizeof *targets);
    if (!targets)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++)
        targets[i] = (command_target){db_row_int(&rows, i, 0), db_row_text(&rows, i, 1),
                                      command_refusal(db_row_bool(&rows, i, 2), db_row_bool(&rows, i, 3))};
    *ret_targets = targets;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

/* ---- Giving ------------------------------------------------------------------------------------------------------ */

static Command *command_new(arena *a, const command_wish *wish, const command_target *target, int64_t batch_id)
{
    Command *c = arena_alloc(a, sizeof *c);

    if (!c)
        return NULL;
    smartpass__v1__command__init(c);
    c->id = id_next();
    c->batch_id = batch_id;
    c->device_id = target->id;
    c->device_name = (char *)target->name;
    c->kind = wish->kind;
    c->state = *target->refusal ? STATE(FAILED) : STATE(SENT);
    c->reason = (char *)target->refusal;
    c->operator_ = (char *)wish->operator_name;
    c->create_time = timestamp_or_null(a, wish->now_ms);
    c->expire_time = timestamp_or_null(a, wish->now_ms + command_good_for_ms(wish->kind));
    if (*target->refusal)
        c->end_time = c->create_time;
    return c;
}

static sp_status write_down(db_tx *tx, const command_wish *wish, Command *const *commands, size_t count)
{
    arena *a = db_tx_arena(tx);
    db_column id, device, reason, told;

    db_column_init(&id, a, DB_COLUMN_INT64);
    db_column_init(&device, a, DB_COLUMN_INT64);
    db_column_init(&reason, a, DB_COLUMN_TEXT);
    db_column_init(&told, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&id, commands[i]->id);
        db_column_int(&device, commands[i]->device_id);
        db_column_text(&reason, commands[i]->reason);
        if (commands[i]->state == STATE(SENT))
            db_column_int(&told, commands[i]->device_id);
    }
    sp_status st =
        db_query(tx, SQL_COMMAND_ADD,
                 DB_ARGS(db_int64(wish->enterprise_id), db_int64(commands[0]->batch_id), db_int64(wish->user_id),
                         db_text(wish->operator_name), db_int16((int16_t)wish->kind), db_bool(wish->sign_out),
                         db_time(wish->now_ms), db_time(wish->now_ms + command_good_for_ms(wish->kind)),
                         db_column_arg(&id), db_column_arg(&device), db_column_arg(&reason)),
                 NULL);
    if (sp_failed(st) || told.count == 0)
        return st;
    return db_query(tx, SQL_COMMAND_NOTIFY, DB_ARGS(db_column_arg(&told)), NULL);
}

sp_status command_store_add(db_tx *tx, const command_wish *wish, const command_target *targets, size_t count,
                            Smartpass__V1__SendCommandsResponse *ret)
{
    arena *a = db_tx_arena(tx);

    ret->batch_id = id_next();
    ret->commands = arena_array(a, count + 1, sizeof *ret->commands);
    for (size_t i = 0; i < count; i++)
        if (!ret->commands || !(ret->commands[i] = command_new(a, wish, &targets[i], ret->batch_id)))
            return DB_NO_MEMORY;
    ret->n_commands = count;
    return count > 0 ? write_down(tx, wish, ret->commands, count) : SP_DONE;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static Command *command_from_row(arena *a, const db_rows *rows, int row)
{
    Command *c = arena_alloc(a, sizeof *c);

    if (!c)
        return NULL;
    smartpass__v1__command__init(c);
    c->id = db_row_int(rows, row, 0);
    c->batch_id = db_row_int(rows, row, 1);
    c->device_id = db_row_int(rows, row, 2);
    c->device_name = (char *)db_row_text(rows, row, 3);
    c->kind = (command_kind)db_row_int(rows, row, 4);
    c->state = (command_state)db_row_int(rows, row, 5);
    c->reason = (char *)db_row_text(rows, row, 6);
    c->operator_ = (char *)db_row_text(rows, row, 7);
    c->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 8));
    c->expire_time = timestamp_or_null(a, db_row_time_ms(rows, row, 9));
    c->receive_time = timestamp_or_null(a, db_row_time_ms(rows, row, 10));
    c->end_time = timestamp_or_null(a, db_row_time_ms(rows, row, 11));
    return c;
}

sp_status command_store_list(db_tx *tx, const command_scope *scope, const command_filter *filter, const page *p,
                             Command ***ret_commands, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_COMMAND_LIST,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(filter->device_id),
                                    db_int64(filter->batch_id), db_bool(p->first), db_int64(p->id),
                                    db_int32(p->size + 1), db_int32(p->skip), db_time(scope->now_ms)),
                            &rows);
    if (sp_failed(st))
        return st;

    Command **commands = arena_array(a, (size_t)rows.count + 1, sizeof *commands);
    for (int i = 0; i < rows.count; i++)
        if (!commands || !(commands[i] = command_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_commands = commands;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status command_store_count(db_tx *tx, const command_scope *scope, const command_filter *filter, int32_t *ret_total)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_COMMAND_COUNT,
        DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(filter->device_id), db_int64(filter->batch_id)),
        &rows);
    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}
