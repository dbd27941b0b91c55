/* Closes this process in: after sandbox_enter it can compute, use memory, talk over one socket, and read one file that
 * comes over it; nothing else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int socket;
    int file;      /* the descriptor that a file will get, socket + 1; -1: no file is taken */
    size_t memory; /* bytes of address space */
} sandbox_room;

/* No new privileges, no core dumps, no new files, little memory, and a system call filter: any other call ends the
 * process. False when the kernel refuses; the process must then end. Cannot be undone. */
bool sandbox_enter(const sandbox_room *room);

/* From here the job has so much processor time until SIGPROF ends the process. */
void sandbox_job_begins(int seconds);
void sandbox_job_ends(void);

/* Tries in a sandbox what must not work and prints a line for each attempt. True when nothing worked. */
bool sandbox_self_test(void);
