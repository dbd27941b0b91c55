#include "fleet_orders.h"

#include <stdio.h>
#include <string.h>

/* ---- Journal ------------------------------------------------------------------------------------------------------
 */

static fleet_order *find(fleet_orders *o, int64_t id)
{
    for (size_t i = 0; i < FLEET_ORDERS; i++)
        if (o->journal[i].id == id)
            return &o->journal[i];
    return NULL;
}

static void note(fleet_orders *o, const fleet_order *order)
{
    if (o->note_count == FLEET_ORDERS) /* the server asks again on the next stream */
        return;
    o->notes[(o->first_note + o->note_count++) % FLEET_ORDERS] =
        (fleet_order_note){order->id, order->state, order->reason};
}

int fleet_orders_take(fleet_orders *o, const CommandOrder *message, const order_circumstances *at)
{
    const command_order asked = {message->id, (int)message->kind, message->not_after_ms, message->left_ms};
    fleet_order *order = find(o, asked.id);

    if (asked.id <= 0)
        return 0;
    if (order) {
        note(o, order);
        return 0;
    }
    const order_verdict verdict = order_judge(&asked, at);
    order = &o->journal[o->next];
    o->next = (o->next + 1) % FLEET_ORDERS;
    *order = (fleet_order){asked.id, asked.kind, verdict.state, verdict.reason, false};
    note(o, order);
    return order->state == ORDER_BEGUN ? order->kind : 0;
}

void fleet_orders_end(fleet_orders *o, int64_t id, order_state state, const char *reason)
{
    fleet_order *order = find(o, id);

    if (!order)
        return;
    order->state = state;
    order->reason = reason;
    note(o, order);
}

void fleet_orders_told(fleet_orders *o, int64_t id)
{
    fleet_order *order = find(o, id);

    if (order)
        order->told = true;
}

void fleet_orders_recover(fleet_orders *o)
{
    for (size_t i = 0; i < FLEET_ORDERS; i++) {
        fleet_order *order = &o->journal[i];

        if (order->id == 0 || order->state != ORDER_BEGUN)
            continue;
        const order_verdict verdict = order_recovered(order->kind);
        order->state = verdict.state;
        order->reason = verdict.reason;
    }
}

/* ---- Reports ------------------------------------------------------------------------------------------------------
 */

void fleet_orders_welcomed(fleet_orders *o)
{
    for (size_t i = 0; i < FLEET_ORDERS; i++) {
        const fleet_order *order = &o->journal[(o->next + i) % FLEET_ORDERS];

        if (order->id != 0 && order->state != ORDER_BEGUN && !order->told)
            note(o, order);
    }
}

void fleet_orders_lost(fleet_orders *o)
{
    o->first_note = o->note_count = 0;
}

bool fleet_orders_report(fleet_orders *o, ConnectRequest *message)
{
    static const smartpass_link_v1_CommandEvent events[] = {
        [ORDER_BEGUN] = smartpass_link_v1_CommandEvent_COMMAND_EVENT_RECEIVED,
        [ORDER_DONE] = smartpass_link_v1_CommandEvent_COMMAND_EVENT_DONE,
        [ORDER_FAILED] = smartpass_link_v1_CommandEvent_COMMAND_EVENT_FAILED,
        [ORDER_EXPIRED] = smartpass_link_v1_CommandEvent_COMMAND_EVENT_EXPIRED,
    };
    smartpass_link_v1_CommandReport *report = &message->message.command;

    if (o->note_count == 0)
        return false;
    const fleet_order_note *told = &o->notes[o->first_note];
    message->which_message = smartpass_link_v1_ConnectRequest_command_tag;
    memset(report, 0, sizeof *report);
    report->id = told->id;
    report->event = events[told->state];
    snprintf(report->reason, sizeof report->reason, "%s", told->reason);
    o->first_note = (o->first_note + 1) % FLEET_ORDERS;
    o->note_count--;
    return true;
}
