/* Answers of one round leave together.
 *
 * A busy queue thread or worker answers several calls of one connection one after the other, and each answer would be a
 * system call that takes a packet through the whole TCP stack. libgrpc offers no way to join them, so this part defines
 * sendmsg, which the program's linker puts before libc's: within send_begin and send_end the kernel is told that more
 * follows (MSG_MORE), and a push sends what it has gathered. Threads that never call send_gather are not concerned. */
#pragma once

#include <stdbool.h>

/* Whether this thread gathers from now on. While it does, it must push before it waits for anything (workers give
 * send_push to before_waiting_do); turning it off pushes. */
void send_gather(bool gathers);

/* Around the calls of the core that answer. */
void send_begin(void);
void send_end(void);

/* Whether there is anything to push. */
bool send_waits(void);
void send_push(void);
