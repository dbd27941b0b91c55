/* Closes this process in: after sandbox_enter it can compute, use memory, and talk over one socket; nothing else. */
#pragma once

#include <stdbool.h>

#define SANDBOX_CPU_SECONDS 2 /* of processor time for a job */

/* No new privileges, no core dumps, no new files, little memory, and a system call filter: any other call ends the
 * process. False when the kernel refuses; the process must then end. Cannot be undone. */
bool sandbox_enter(int socket);

/* From here the job has SANDBOX_CPU_SECONDS until SIGPROF ends the process. */
void sandbox_job_begins(void);
void sandbox_job_ends(void);

/* Tries in a sandbox what must not work and prints a line for each attempt. True when nothing worked. */
bool sandbox_self_test(void);
