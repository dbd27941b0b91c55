#include "menu_lock.h"

static int64_t wait_after(uint32_t failures)
{
    int64_t wait_ms = MENU_FIRST_WAIT_MS;

    if (failures < MENU_FREE_FAILURES)
        return 0;
    for (uint32_t i = MENU_FREE_FAILURES; i < failures && wait_ms < MENU_LONGEST_WAIT_MS; i++)
        wait_ms *= 2;
    return wait_ms < MENU_LONGEST_WAIT_MS ? wait_ms : MENU_LONGEST_WAIT_MS;
}

menu_lock menu_lock_begin(uint32_t failures, int64_t now_ms)
{
    return (menu_lock){failures, now_ms + wait_after(failures)};
}

int64_t menu_lock_wait_ms(const menu_lock *lock, int64_t now_ms)
{
    return lock->until_ms > now_ms ? lock->until_ms - now_ms : 0;
}

void menu_lock_tried(menu_lock *lock, bool right, int64_t now_ms)
{
    if (right)
        *lock = (menu_lock){0};
    else if (lock->failures < UINT32_MAX)
        *lock = menu_lock_begin(lock->failures + 1, now_ms);
}
