/* Bytes in and out of a socket, with TLS in between when the connection is secure. */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_parts.h"

/* ---- The context ---- */

static bool use_chain(SSL_CTX *tls, BIO *pem)
{
    X509 *leaf = PEM_read_bio_X509_AUX(pem, NULL, NULL, NULL), *next;
    bool taken = leaf && SSL_CTX_use_certificate(tls, leaf) == 1;

    X509_free(leaf);
    while (taken && (next = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        taken = SSL_CTX_add0_chain_cert(tls, next) == 1;
        if (!taken)
            X509_free(next);
    }
    return taken;
}

static bool use_key(SSL_CTX *tls, BIO *pem)
{
    EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, NULL, "");
    bool taken = key && SSL_CTX_use_PrivateKey(tls, key) == 1;

    EVP_PKEY_free(key);
    return taken && SSL_CTX_check_private_key(tls) == 1;
}

static bool with_text(SSL_CTX *tls, const char *text, bool (*use)(SSL_CTX *tls, BIO *pem))
{
    BIO *pem = BIO_new_mem_buf(text, -1);
    bool used = pem && use(tls, pem);

    BIO_free(pem);
    return used;
}

/* HTTP/1.1 is all that is spoken here; a client that wants something else alone is told so by the handshake. */
static int choose_protocol(SSL *tls, const unsigned char **out, unsigned char *out_size, const unsigned char *in,
                           unsigned in_size, void *context)
{
    static const unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    int found = SSL_select_next_proto((unsigned char **)out, out_size, ours, sizeof ours, in, in_size);

    (void)tls, (void)context;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

SSL_CTX *tls_context_new(const char *cert, const char *key, char *fault, size_t fault_size)
{
    static const unsigned char id[] = "smartpass-gateway";
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    const char *wrong = NULL;

    if (!tls)
        wrong = "memory is out";
    else if (!with_text(tls, cert, use_chain))
        wrong = "the certificate cannot be used";
    else if (!with_text(tls, key, use_key))
        wrong = "the certificate and the key do not fit";
    ERR_clear_error();
    if (wrong) {
        snprintf(fault, fault_size, "%s", wrong);
        SSL_CTX_free(tls);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(tls, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(tls, id, sizeof id - 1);
    SSL_CTX_set_alpn_select_cb(tls, choose_protocol, NULL);
    return tls;
}

/* ---- Transfers ---- */

static ssize_t tls_outcome(http_connection *c, int outcome)
{
    int why = SSL_get_error(c->tls, outcome);

    ERR_clear_error();
    if (outcome > 0)
        return outcome;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return TRANSFER_WAIT;
    return why == SSL_ERROR_ZERO_RETURN ? 0 : TRANSFER_BROKEN;
}

ssize_t transfer_in(http_connection *c, void *into, size_t room)
{
    ssize_t n;

    if (c->fd < 0)
        return TRANSFER_BROKEN;
    if (c->tls)
        return tls_outcome(c, SSL_read(c->tls, into, (int)room));
    do
        n = recv(c->fd, into, room, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? TRANSFER_WAIT : TRANSFER_BROKEN;
}

static ssize_t tls_out(http_connection *c, const struct iovec *pieces, int count)
{
    ssize_t all = 0;

    for (int i = 0; i < count; i++) {
        size_t done = 0;

        while (done < pieces[i].iov_len) {
            size_t left = pieces[i].iov_len - done;
            ssize_t n = tls_outcome(c, SSL_write(c->tls, (const char *)pieces[i].iov_base + done,
                                                 left > INT32_MAX ? INT32_MAX : (int)left));

            if (n <= 0)
                return all > 0 && n == TRANSFER_WAIT ? all : n == TRANSFER_WAIT ? n : TRANSFER_BROKEN;
            done += (size_t)n;
            all += n;
        }
    }
    return all;
}

ssize_t transfer_out(http_connection *c, const struct iovec *pieces, int count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
    ssize_t n;

    if (c->fd < 0)
        return TRANSFER_BROKEN;
    if (c->tls)
        return tls_out(c, pieces, count);
    do
        n = sendmsg(c->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? TRANSFER_WAIT : TRANSFER_BROKEN;
}

bool transfer_handshake(http_connection *c, bool *ret_done)
{
    ssize_t outcome = tls_outcome(c, SSL_accept(c->tls));

    *ret_done = outcome > 0;
    return outcome > 0 || outcome == TRANSFER_WAIT;
}
