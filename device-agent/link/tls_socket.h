/* A TCP connection with TLS on it, never blocking: dial, then advance whenever the descriptor is ready. SIGPIPE must
 * be ignored by the program. One thread at a time. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef enum { TLS_SOCKET_CLOSED, TLS_SOCKET_CONNECTING, TLS_SOCKET_SECURING, TLS_SOCKET_OPEN } tls_socket_state;

typedef struct {
    tls_socket_state state;
    int fd;
    SSL *ssl;
    bool wants_write;  /* wait for writability as well */
    bool refused;      /* the peer rejected our certificate, or we showed none */
    char failure[128]; /* why it is closed */
} tls_socket;

void tls_socket_init(tls_socket *s);

/* Begins to connect; the context is borrowed until close. False when that fails at once. The server's name is sent
 * (SNI) unless it is an address. */
bool tls_socket_dial(tls_socket *s, SSL_CTX *context, const struct sockaddr *address, socklen_t size,
                     const char *server_name);

/* Goes on with connecting and the handshake. False: closed, see failure. */
bool tls_socket_advance(tls_socket *s);

/* Bytes read or written; 0: would block; -1: closed, see failure. */
ssize_t tls_socket_read(tls_socket *s, void *out, size_t cap);
ssize_t tls_socket_write(tls_socket *s, const void *bytes, size_t size);

/* Says good-bye when it can without waiting. */
void tls_socket_close(tls_socket *s);

/* Says nothing: what was written and not yet sent is lost, as when a cable is pulled. */
void tls_socket_cut(tls_socket *s);
