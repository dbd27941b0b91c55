/* What terminals are told to do at once. The rows say what (server/commands); here it goes out, once it counts as sent,
 * and what the terminal says of it is written down before the terminal may forget it. */
#include <stdio.h>

#include "clock.h"
#include "command_progress.h"
#include "link_parts.h"
#include "log.h"

enum { ORDERS_ARENA = 256 << 10 };

#define EVENT(name) SMARTPASS__LINK__V1__COMMAND_EVENT__COMMAND_EVENT_##name

static void send_order(terminal *t, const command_order *order)
{
    CommandOrder body = COMMAND_ORDER_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;
    int64_t left_ms = order->expires_ms - clock_now_ms();

    body.id = order->id;
    body.kind = order->kind;
    body.not_after_ms = order->expires_ms;
    body.left_ms = left_ms > 0 ? (uint32_t)left_ms : 0;
    body.sign_out = order->sign_out;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_COMMAND;
    message.command = &body;
    terminal_send(t, &message);
}

void orders_next(terminal *t)
{
    const command_terminal of = {t->enterprise_id, t->device_id};
    command_order *orders;
    size_t count;
    arena a;

    if (atomic_load(&t->closed) || atomic_load(&t->waiting))
        return;
    arena_init(&a, ORDERS_ARENA);
    sp_status st = command_take(t->link->options.system, &a, &of, t->welcomed_ms, clock_now_ms(), &orders, &count);
    if (sp_failed(st)) { /* then the slow look finds them, or their time ends them */
        log_write(LOG_WARNING, "commands wait", "reason", st.reason, NULL);
        count = 0;
    }
    for (size_t i = 0; i < count; i++)
        send_order(t, &orders[i]);
    arena_done(&a);
}

static void acknowledge(terminal *t, int64_t id)
{
    CommandAck body = COMMAND_ACK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.id = id;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_COMMAND_ACK;
    message.command_ack = &body;
    terminal_send(t, &message);
}

void order_reported(terminal *t, arena *a, const ConnectRequest *request)
{
    const command_terminal of = {t->enterprise_id, t->device_id};
    const link_hooks *hooks = &t->link->options.hooks;
    const CommandReport *report = request->command;

    (void)a;
    sp_status st =
        command_report(t->link->options.system, &of, report->id, report->event, report->reason, clock_now_ms());
    if (sp_failed(st)) {
        terminal_end(t, st); /* after the reconnect it tells the end again */
        return;
    }
    if (report->event != EVENT(RECEIVED))
        acknowledge(t, report->id);
    if (hooks->device_changed)
        hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
}

/* ---- Who hears that there are some ------------------------------------------------------------------------------- */

void orders_due(void *arg)
{
    terminal *t = arg;

    if (t->welcomed)
        orders_next(t);
    terminal_release(t);
}

void orders_look(server_link *link, arena *a, db_arg device_ids)
{
    int64_t *ids;
    size_t count;
    sp_status st = command_waiting(link->options.system, a, device_ids, clock_now_ms(), &ids, &count);

    for (size_t i = 0; !sp_failed(st) && i < count; i++)
        link_post(link, ids[i], orders_due);
}
