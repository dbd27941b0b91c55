/* The certificate that a listener shows, which may be renewed while it listens, and whose certificates it asks for. */
#pragma once

#include <grpc/grpc_security.h>
#include <pthread.h>

#include "rpc.h"

typedef struct {
    pthread_mutex_t lock; /* of all below */
    char *cert_pem;       /* NULL: no TLS */
    char *key_pem;
    char *client_ca_pem; /* may be NULL */
    bool asks;
    bool requires;
    bool is_new; /* the next connection must learn of it */
} port_identity;

/* Copies; OUT_OF_MEMORY, or CERTIFICATE_UNUSABLE when a key is missing. */
sp_status identity_init(port_identity *identity, const rpc_listener *listener);
void identity_done(port_identity *identity);

/* What the core takes; the identity must outlive the port. The caller releases it; NULL when it cannot be made. */
grpc_server_credentials *identity_credentials(port_identity *identity);

/* For the connections to come. CERTIFICATE_UNUSABLE changes nothing. */
sp_status identity_renew(port_identity *identity, const char *cert_pem, const char *key_pem);

extern const sp_status CERTIFICATE_UNUSABLE;
