/* One line a fact, on standard error: time, level, message, then key=value pairs. Libraries do not log: they return a
 * status; programs and the dispatcher do. Thread-safe; control characters in a value are escaped. */
#pragma once

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } log_level;

void log_set_level(log_level level);

/* "debug", "info", "warning", "error"; -1 for any other word. */
int log_level_from_name(const char *name);

/* The message is a constant sentence part; facts follow as key, value pairs of strings, ended by NULL:
 * log_write(LOG_WARNING, "terminal refused", "device", id, "reason", status.reason, NULL) */
void log_write(log_level level, const char *message, ...) __attribute__((sentinel));
