/* The terminal's menu, and what the screen does when nobody is there. */
#include <string.h>

#include "clock.h"
#include "log.h"
#include "pin_hash.h"
#include "terminal_parts.h"

#define FAILURES "menu_failures"

void menu_begin(terminal *t)
{
    t->menu = menu_lock_begin((uint32_t)store_number(t->store, FAILURES), clock_monotonic_ms());
}

static bool is_right(const terminal *t, const char *pin)
{
    const char *hash = t->settings->password;
    bool matches = false;

    if (hash[0] == '\0')
        return strcmp(pin, PIN_INITIAL) == 0;
    return !sp_failed(pin_hash_matches(hash, pin, &matches)) && matches;
}

/* The failure is on the disk before the answer: a restart gives no further attempts. */
menu_answer terminal_open_menu(terminal *t, const char *pin)
{
    int64_t now_ms = clock_monotonic_ms();
    menu_lock tried = t->menu;
    bool right;

    if (photo_screen_is_shown(t))
        return MENU_BUSY;
    if (menu_lock_wait_ms(&t->menu, now_ms) > 0)
        return MENU_LOCKED;
    right = is_right(t, pin);
    menu_lock_tried(&tried, right, now_ms);
    if (tried.failures != t->menu.failures && sp_failed(store_set_number(t->store, FAILURES, tried.failures)))
        log_write(LOG_ERROR, "an attempt at the menu cannot be noted", NULL);
    t->menu = tried;
    if (!right) {
        terminal_log(t, LINE_WARNING, "MENU_REFUSED", "%u wrong passwords", (unsigned)tried.failures);
        return MENU_WRONG;
    }
    terminal_log(t, LINE_INFO, "MENU_OPENED", "%s", "");
    screen_show_note(&t->screen, SCREEN_MENU, "Settings");
    t->home_ms = t->settings->daemon ? now_ms + (int64_t)t->settings->daemon_seconds * 1000 : INT64_MAX;
    terminal_show(t);
    return MENU_OPENED;
}

bool menu_is_shown(const terminal *t)
{
    return t->screen.mood == SCREEN_MENU;
}

void terminal_leave_menu(terminal *t)
{
    if (!menu_is_shown(t))
        return;
    t->home_ms = INT64_MAX;
    t->face_ms = clock_monotonic_ms();
    screen_go_home(&t->screen);
    terminal_refresh(t);
}

/* ---- Nobody is there ----------------------------------------------------------------------------------------------
 */

int64_t saver_due_ms(const terminal *t)
{
    if (!t->settings->screen_saver || t->screen.mood != SCREEN_HOME)
        return INT64_MAX;
    return t->face_ms + (int64_t)t->settings->screen_saver_seconds * 1000;
}

void saver_tick(terminal *t, int64_t now_ms)
{
    if (now_ms < saver_due_ms(t))
        return;
    screen_show_note(&t->screen, SCREEN_SAVER, "");
    terminal_show(t);
}
