/* What the terminal makes of a command that the server gives it. Each is carried out at most once, so whatever is begun
 * is written down first, and what was begun when the terminal stopped is not begun again. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The numbers of smartpass.v1.CommandKind. */
typedef enum {
    ORDER_OPEN_DOOR = 1,
    ORDER_CLOSE_DOOR = 2,
    ORDER_RESTART = 3,
    ORDER_SHUT_DOWN = 4,
    ORDER_RESET = 5,
} order_kind;

/* As they are written down; never renumber. */
typedef enum {
    ORDER_BEGUN = 1,
    ORDER_DONE = 2,
    ORDER_FAILED = 3,
    ORDER_EXPIRED = 4,
} order_state;

typedef struct {
    int64_t id;
    int kind;
    int64_t not_after_ms; /* by the server's clock */
    uint32_t left_ms;     /* when it was sent */
} command_order;

typedef struct {
    bool clock_synced; /* now_ms is the server's */
    int64_t now_ms;
    bool can_switch;  /* the port restarts and shuts down */
    bool resetting;   /* a reset is under way */
    bool ending;      /* a restart or an end is under way */
    bool memory_lost; /* what was written down is lost, and not for long enough to be sure of this one */
} order_circumstances;

/* reason is static; "" for none. */
typedef struct {
    order_state state;
    const char *reason;
} order_verdict;

/* Of one that is not known yet: ORDER_BEGUN says that it is to be carried out. */
order_verdict order_judge(const command_order *o, const order_circumstances *at);

/* Of one that was begun when the terminal stopped. */
order_verdict order_recovered(int kind);
