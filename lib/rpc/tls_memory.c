/* The memory of a TLS connection that says nothing, as most connections of terminals do most of the time. gRPC's core
 * asks OpenSSL for two things that keep 68 KiB of buffers for as long as a connection lives, and has no setting for
 * either; here they are made of OpenSSL's own parts, and the linker gives them to the core. */
#include "tls_memory.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "core.h"

enum {
    FRAME_BYTES = 4096,
    PAIR_BYTES = 4608, /* between connection and OpenSSL, each way: a record of FRAME_BYTES, or a part of one */
};

grpc_arg tls_memory_frame(void)
{
    return core_arg_int(GRPC_ARG_TSI_MAX_FRAME_SIZE, FRAME_BYTES);
}

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
