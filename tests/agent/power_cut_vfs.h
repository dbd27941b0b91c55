/* A file system for SQLite whose power can be cut: what was written and not yet synced survives in part, in sectors of
 * 512 bytes, or not at all. Sits on the usual VFS; one program, one thread. */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

/* Registers the VFS "power-cut". Once. */
void power_cut_register(void);

/* From here on, the given number of writes, syncs and deletions succeed; then the power goes: longjmp(*to, 1). */
void power_cut_after(long operations, jmp_buf *to);

/* How many bytes all files may have together with the one at `beside`, which SQLite knows nothing of; a write that
 * would make them more is SQLITE_FULL. capacity 0: as many as they like. */
void power_cut_disk(int64_t capacity, const char *beside);
int64_t power_cut_disk_used(void);

/* What the disk holds when the power is back: writes every file's surviving content under `folder`, with the choice of
 * the lost sectors made by dice. Then forgets everything. */
bool power_cut_restore(const char *folder, unsigned dice);

/* Forgets everything that is known of files; the power stays on. */
void power_cut_forget(void);
