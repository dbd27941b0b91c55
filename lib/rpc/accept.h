/* Admission of TCP connections, for the whole process.
 *
 * libgrpc closes its listener for good when accept4 fails once because the process has no descriptor left. This part
 * therefore defines accept4 itself, which the program's linker puts before libc's: it keeps one descriptor in reserve,
 * with which it turns a connection away that cannot be kept, and it never lets more than the given number live.
 * Connections on unix sockets are not counted: the gateway must get in when terminals have taken every place. */
#pragma once

/* A server with room for so many connections starts or has stopped; the process takes the sum of all. Each open is
 * matched by one close with the same number. */
void accept_open(int connections_max);
void accept_close(int connections_max);
