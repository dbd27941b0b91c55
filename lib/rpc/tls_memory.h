/* TLS connections that say little and cost little. Linking this file also replaces two functions of OpenSSL for the
 * whole program, see tls_memory.c. */
#pragma once

#include <grpc/grpc.h>

/* What the core is told when it makes a server or a channel: how much of a message it seals at once, for which it keeps
 * two buffers with each connection. Larger messages go in several records. */
grpc_arg tls_memory_frame(void);
