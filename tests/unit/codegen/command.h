/* Runs programs the way a build does, and looks at what they say and write. */
#pragma once

#include <stdbool.h>

/* Runs a shell command and returns its exit status; *ret_output (malloc's) is what it wrote to stdout and stderr. */
int command_run(char **ret_output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The whole file as text, malloc's; NULL when it cannot be read. */
char *file_text(const char *path);

bool file_write(const char *path, const char *text);

/* A fresh folder below the system's folder for temporary files, malloc's; folder_remove deletes it and frees the name.
 */
char *folder_make(void);
void folder_remove(char *folder);

/* printf to malloc'd text. */
char *text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
