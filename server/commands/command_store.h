/* The SQL of commands, for whoever gives them and looks at them (role app). Texts and messages live in the
 * transaction's arena. */
#pragma once

#include "command_rules.h"
#include "commands.h"
#include "page.h"

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
    int64_t now_ms;
} command_scope;

/* A terminal that a command is meant for. */
typedef struct {
    int64_t id;
    const char *name;
    const char *refusal; /* why it cannot be sent; "": it can */
} command_target;

/* Of those of ids that the scope sees; ids NULL: all of it. By name. */
sp_status command_store_targets(db_tx *tx, const command_scope *scope, const int64_t *ids, size_t id_count,
                                command_target **ret_targets, size_t *ret_count) SP_MUST_USE;

typedef struct {
    int64_t enterprise_id, user_id;
    const char *operator_name;
    command_kind kind;
    bool sign_out;
    int64_t now_ms;
} command_wish;

/* One for each, in their order; the streams of those that can be reached hear of it with the COMMIT. */
sp_status command_store_add(db_tx *tx, const command_wish *wish, const command_target *targets, size_t count,
                            Smartpass__V1__SendCommandsResponse *ret) SP_MUST_USE;

typedef struct {
    int64_t device_id, batch_id; /* 0: all */
} command_filter;

/* The newest first; up to the page's size plus one. */
sp_status command_store_list(db_tx *tx, const command_scope *scope, const command_filter *filter, const page *p,
                             Smartpass__V1__Command ***ret_commands, size_t *ret_count) SP_MUST_USE;
sp_status command_store_count(db_tx *tx, const command_scope *scope, const command_filter *filter,
                              int32_t *ret_total) SP_MUST_USE;
