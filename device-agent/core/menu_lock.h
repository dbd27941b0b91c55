/* Who may try the menu's password, and when: five failures are free, after each further one the wait doubles. Times are
 * of the monotonic clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    MENU_FREE_FAILURES = 5,
    MENU_FIRST_WAIT_MS = 30000,
    MENU_LONGEST_WAIT_MS = 60 * 60000,
};

typedef struct {
    uint32_t failures; /* since the last success; worth keeping over a restart */
    int64_t until_ms;  /* nothing is tried before */
} menu_lock;

/* After a start: with as many failures as were kept, the wait begins anew. */
menu_lock menu_lock_begin(uint32_t failures, int64_t now_ms);

/* How long to wait before the next attempt; 0: it may be made now. */
int64_t menu_lock_wait_ms(const menu_lock *lock, int64_t now_ms);

/* An attempt was made. */
void menu_lock_tried(menu_lock *lock, bool right, int64_t now_ms);
