/* What becomes of commands, as whoever holds the terminal's stream sees it (role system). Each function is one
 * transaction. [any thread] */
#pragma once

#include "command_rules.h"
#include "commands.h"

typedef struct {
    int64_t enterprise_id;
    int64_t device_id;
} command_terminal;

typedef struct {
    int64_t id;
    command_kind kind;
    bool sign_out;
    int64_t expires_ms;
} command_order;

/* What has to go out on a stream of the terminal's that began at began_ms, in the order of being given: it counts as
 * sent when this returns. What went out on a former stream without an answer comes again, also when its time is over:
 * the terminal then says whether it had it. In the arena. */
sp_status command_take(db_pool *system, arena *a, const command_terminal *of, int64_t began_ms, int64_t now_ms,
                       command_order **ret_orders, size_t *ret_count) SP_MUST_USE;

/* What the terminal says of one; whatever it says is done with when this returns, also about one that is not known. A
 * reset that is done gives the terminal's settings their factory values, but for its password and its names. */
sp_status command_report(db_pool *system, const command_terminal *of, int64_t id, command_event event,
                         const char *reason, int64_t now_ms) SP_MUST_USE;

/* Which of these terminals (an array of ids) were not told yet of one that has time left: what a lost notification
 * would have said. In the arena. */
sp_status command_waiting(db_pool *system, arena *a, db_arg device_ids, int64_t now_ms, int64_t **ret_ids,
                          size_t *ret_count) SP_MUST_USE;
