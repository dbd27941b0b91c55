/* The terminal's own log: what becomes a line, and its way to the server. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "terminal_parts.h"

void terminal_log(terminal *t, line_level level, const char *event, const char *format, ...)
{
    log_line line = {.at_ms = terminal_now_ms(t), .level = level};
    va_list arguments;

    if (!t->store)
        return;
    snprintf(line.event, sizeof line.event, "%s", event);
    va_start(arguments, format);
    vsnprintf(line.detail, sizeof line.detail, format, arguments);
    va_end(arguments);
    log_store_add(store_log(t->store), &line);
    if (level == LINE_ERROR)
        terminal_note_error(t, line.event, line.detail);
    if (level == LINE_INFO)
        return; /* goes with the next settling */
    log_store_settle(store_log(t->store));
    if (t->link)
        terminal_link_report(t->link);
}

/* ---- What is told ------------------------------------------------------------------------------------------------ */

void terminal_log_started(terminal *t)
{
    const char *how = store_was_made(t->store)   ? "with a new store"
                      : store_was_left(t->store) ? "after it was cut off"
                                                 : "after it was stopped";

    terminal_log(t, LINE_INFO, "STARTED", "version %s, start %lld, %s", t->version, (long long)store_boots(t->store),
                 how);
    log_store_settle(store_log(t->store)); /* however soon it ends */
}

void terminal_log_link(terminal *t, link_state state)
{
    if (state == LINK_ONLINE)
        terminal_log(t, LINE_INFO, "LINK_UP", "%s", "");
    else if (t->was_online)
        terminal_log(t, LINE_INFO, "LINK_DOWN", "%s", state == LINK_CUT ? "no carrier" : t->last_problem);
    t->was_online = state == LINK_ONLINE;
}

/* Neither a password nor an address, in which one may stand, is shown. */
static bool is_secret(const setting_rule *rule)
{
    return rule->kind == SETTING_PIN || rule->kind == SETTING_URL;
}

void terminal_log_settings(terminal *t, const terminal_settings *before)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_rule *rule = &setting_rules[i];
        const setting_value was = settings_get(before, rule), is = settings_get(t->settings, rule);

        if (setting_equal(rule, was, is))
            continue;
        if (is_secret(rule))
            terminal_log(t, LINE_INFO, "SETTING_CHANGED", "%s", rule->name);
        else if (setting_is_text(rule))
            terminal_log(t, LINE_INFO, "SETTING_CHANGED", "%s = %s", rule->name, is.text);
        else
            terminal_log(t, LINE_INFO, "SETTING_CHANGED", "%s = %lld", rule->name, (long long)is.number);
    }
}

void terminal_log_camera(terminal *t, bool failed)
{
    if (failed && !t->camera_failed)
        terminal_log(t, LINE_ERROR, "CAMERA_FAILED", "%s", "it gives no picture");
    else if (!failed && t->camera_failed)
        terminal_log(t, LINE_INFO, "CAMERA_WORKS", "%s", "");
    t->camera_failed = failed;
}

void terminal_log_storage(terminal *t, bool full)
{
    if (full && !t->storage_full)
        terminal_log(t, LINE_ERROR, "STORAGE_FULL", "%llu bytes free", (unsigned long long)store_free_bytes(t->store));
    else if (!full && t->storage_full)
        terminal_log(t, LINE_INFO, "STORAGE_FREE", "%llu bytes free", (unsigned long long)store_free_bytes(t->store));
    t->storage_full = full;
}

/* ---- To the server ----------------------------------------------------------------------------------------------- */

enum { BATCH = 16 };

bool terminal_log_batch(terminal *t, ConnectRequest *message)
{
    log_line lines[BATCH];
    uint32_t count = t->store ? log_store_read(store_log(t->store), lines, BATCH) : 0;
    LogBatch *batch = &message->message.log;

    if (count == 0)
        return false;
    message->which_message = smartpass_link_v1_ConnectRequest_log_tag;
    batch->lines_count = (pb_size_t)count;
    for (uint32_t i = 0; i < count; i++) {
        smartpass_link_v1_LogLine *line = &batch->lines[i];

        line->number = lines[i].number;
        line->at_ms = lines[i].at_ms;
        line->level = (uint32_t)lines[i].level;
        memcpy(line->event, lines[i].event, sizeof line->event);
        memcpy(line->detail, lines[i].detail, sizeof line->detail);
    }
    t->log_sent = lines[count - 1].number;
    return true;
}

/* A server that acknowledges more than it was sent does not make lines go away. */
void terminal_log_acked(terminal *t, uint64_t number)
{
    log_store_sent(store_log(t->store), number < t->log_sent ? number : t->log_sent);
}
