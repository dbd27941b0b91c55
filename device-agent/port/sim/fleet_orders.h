/* The commands of one terminal of the fleet: the terminal's rules, over a journal in memory that outlives a simulated
 * kill. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command_rules.h"
#include "messages.h"

enum { FLEET_ORDERS = 32 };

typedef struct {
    int64_t id; /* 0: none */
    int kind;
    order_state state;
    const char *reason; /* static */
    bool told;          /* the server has its end */
} fleet_order;

typedef struct {
    int64_t id;
    order_state state;
    const char *reason;
} fleet_order_note;

/* Zeroed at first. */
typedef struct {
    fleet_order journal[FLEET_ORDERS]; /* the durable part; the oldest makes room */
    size_t next;
    fleet_order_note notes[FLEET_ORDERS]; /* that the server is to hear, in this order */
    size_t first_note, note_count;
} fleet_orders;

/* Writes down what the rules make of it, once. The kind to be carried out now, or 0. */
int fleet_orders_take(fleet_orders *o, const CommandOrder *order, const order_circumstances *at);

/* The end of one that was begun. */
void fleet_orders_end(fleet_orders *o, int64_t id, order_state state, const char *reason);

/* The server has the end of it. */
void fleet_orders_told(fleet_orders *o, int64_t id);

/* A new conversation: every end that the server does not have is told. The conversation is over. The terminal was
 * killed and starts again. */
void fleet_orders_welcomed(fleet_orders *o);
void fleet_orders_lost(fleet_orders *o);
void fleet_orders_recover(fleet_orders *o);

/* Fills what the server is to hear next; false: nothing. */
bool fleet_orders_report(fleet_orders *o, ConnectRequest *ret_message);
