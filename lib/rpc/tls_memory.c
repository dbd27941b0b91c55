/* The memory of a TLS connection that says nothing, as most connections of terminals do most of the time. gRPC's core
 * asks OpenSSL for two things that keep 68 KiB of buffers for as long as a connection lives, and has no setting for
 * either; here they are made of OpenSSL's own parts, and the linker gives them to the core. For a server with thousands
 * of terminals: it is a library of its own (sp_rpc_tls_memory), so that no client's program has its OpenSSL changed. */
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "core.h"

/* Between connection and OpenSSL, each way: a record as the core seals it, with what TLS adds; of others, parts. */
enum { PAIR_BYTES = CORE_TLS_FRAME_BYTES + 512 };

/* Buffers of a record are given back as soon as they are empty. */
SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new_ex(NULL, NULL, method);

    if (context)
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    return context;
}

static BIO *half(size_t bytes)
{
    BIO *bio = BIO_new(BIO_s_bio());

    if (bio && BIO_set_write_buf_size(bio, (long)(bytes > 0 ? bytes : PAIR_BYTES)) == 1)
        return bio;
    BIO_free(bio);
    return NULL;
}

int BIO_new_bio_pair(BIO **ret_one, size_t one_bytes, BIO **ret_other, size_t other_bytes)
{
    *ret_one = half(one_bytes);
    *ret_other = half(other_bytes);
    if (*ret_one && *ret_other && BIO_make_bio_pair(*ret_one, *ret_other) == 1)
        return 1;
    BIO_free(*ret_one);
    BIO_free(*ret_other);
    *ret_one = *ret_other = NULL;
    return 0;
}
