#include "tls_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Unacknowledged data kills the connection after this long, whatever TCP's own patience. */
enum { USER_TIMEOUT_MS = 20000 };

void tls_socket_init(tls_socket *s)
{
    *s = (tls_socket){.fd = -1};
}

static bool fail(tls_socket *s, const char *why)
{
    snprintf(s->failure, sizeof s->failure, "%s", why);
    tls_socket_close(s);
    return false;
}

static bool is_address(const char *name)
{
    uint8_t address[16];

    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

static bool prepare_tls(tls_socket *s, SSL_CTX *context, const char *server_name)
{
    s->ssl = SSL_new(context);
    if (!s->ssl || SSL_set_fd(s->ssl, s->fd) != 1)
        return false;
    SSL_set_connect_state(s->ssl);
    return is_address(server_name) || SSL_set_tlsext_host_name(s->ssl, server_name) == 1;
}

bool tls_socket_dial(tls_socket *s, SSL_CTX *context, const struct sockaddr *address, socklen_t size,
                     const char *server_name)
{
    const int on = 1;
    const unsigned patience = USER_TIMEOUT_MS;

    tls_socket_init(s);
    s->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return fail(s, strerror(errno));
    (void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(s->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    if (!prepare_tls(s, context, server_name))
        return fail(s, "TLS cannot be set up");
    s->state = TLS_SOCKET_CONNECTING;
    s->wants_write = true;
    if (connect(s->fd, address, size) != 0 && errno != EINPROGRESS)
        return fail(s, strerror(errno));
    return true;
}

/* With TLS 1.3 the server's verdict on our certificate arrives only after the handshake, as an alert. */
static bool is_certificate_alert(unsigned long error)
{
    switch (ERR_GET_REASON(error)) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return ERR_GET_LIB(error) == ERR_LIB_SSL;
    default:
        return false;
    }
}

/* What SSL_get_error means for us: go on later (true) or closed. */
static bool judge(tls_socket *s, int result)
{
    int kind = SSL_get_error(s->ssl, result);
    unsigned long error = ERR_peek_last_error();
    char text[120];

    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
        s->wants_write = kind == SSL_ERROR_WANT_WRITE;
        return true;
    }
    if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && error == 0))
        return fail(s, "the server closed the connection");
    s->refused = is_certificate_alert(error);
    if (SSL_get_verify_result(s->ssl) != X509_V_OK)
        snprintf(text, sizeof text, "the server's certificate is not trusted: %s",
                 X509_verify_cert_error_string(SSL_get_verify_result(s->ssl)));
    else
        ERR_error_string_n(error, text, sizeof text);
    return fail(s, text);
}

static bool speaks_h2(SSL *ssl)
{
    const unsigned char *protocol;
    unsigned size;

    SSL_get0_alpn_selected(ssl, &protocol, &size);
    return size == 2 && memcmp(protocol, "h2", 2) == 0;
}

static bool connected(tls_socket *s)
{
    int error = 0;
    socklen_t size = sizeof error;
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof peer;

    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
        return fail(s, strerror(error != 0 ? error : errno));
    if (getpeername(s->fd, (struct sockaddr *)&peer, &peer_size) != 0)
        return true; /* not yet */
    s->state = TLS_SOCKET_SECURING;
    s->wants_write = false;
    return true;
}

bool tls_socket_advance(tls_socket *s)
{
    int done;

    if (s->state == TLS_SOCKET_CONNECTING && !connected(s))
        return false;
    if (s->state != TLS_SOCKET_SECURING)
        return s->state != TLS_SOCKET_CLOSED;
    ERR_clear_error();
    s->wants_write = false;
    done = SSL_do_handshake(s->ssl);
    if (done != 1)
        return judge(s, done);
    if (!speaks_h2(s->ssl))
        return fail(s, "the server does not speak HTTP/2");
    s->state = TLS_SOCKET_OPEN;
    return true;
}

ssize_t tls_socket_read(tls_socket *s, void *out, size_t cap)
{
    int n;

    if (s->state != TLS_SOCKET_OPEN)
        return -1;
    ERR_clear_error();
    n = SSL_read(s->ssl, out, cap < INT_MAX ? (int)cap : INT_MAX);
    if (n > 0)
        return n;
    return judge(s, n) ? 0 : -1;
}

ssize_t tls_socket_write(tls_socket *s, const void *bytes, size_t size)
{
    int n;

    if (s->state != TLS_SOCKET_OPEN)
        return -1;
    ERR_clear_error();
    n = SSL_write(s->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX);
    if (n > 0)
        return n;
    return judge(s, n) ? 0 : -1;
}

void tls_socket_close(tls_socket *s)
{
    if (s->ssl && s->state == TLS_SOCKET_OPEN && s->failure[0] == '\0') {
        ERR_clear_error();
        (void)SSL_shutdown(s->ssl);
    }
    SSL_free(s->ssl);
    if (s->fd >= 0)
        close(s->fd);
    s->ssl = NULL;
    s->fd = -1;
    s->state = TLS_SOCKET_CLOSED;
    s->wants_write = false;
}

void tls_socket_cut(tls_socket *s)
{
    const struct linger at_once = {.l_onoff = 1};

    if (s->fd >= 0)
        (void)setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (s->state != TLS_SOCKET_CLOSED)
        fail(s, "the connection was cut");
}
