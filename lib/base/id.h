/* 63-bit identifiers made by the application: 41 bits of milliseconds since 2024-01-01 UTC, 10 bits of node,
 * 12 bits of counter. They rise with time, need no sequence in the database and fit a JSON string or a bigint. */
#pragma once

#include <stdint.h>

/* Once, before the first id_next; node is 0–1023 and differs between the servers of one installation. */
void id_set_node(unsigned node);

/* Never 0, never twice from one process even when the clock steps back. Thread-safe. */
int64_t id_next(void);
