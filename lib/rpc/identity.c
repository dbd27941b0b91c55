/* Certificates of listeners. */
#include "identity.h"

#include <grpc/grpc.h>
#include <stdlib.h>
#include <string.h>

const sp_status CERTIFICATE_UNUSABLE = {SP_INVALID_ARGUMENT, "CERTIFICATE_UNUSABLE",
                                        "The listener's certificate and key cannot be used."};

SP_STATUS(CERTIFICATE_FIXED, SP_FAILED_PRECONDITION,
          "A listener that takes any client's certificate cannot change its own.");

static void drop_text(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text)); /* one of them is a private key */
    free(text);
}

/* NULL stays NULL; false when memory is out. */
static bool copy_text(const char *text, char **ret_copy)
{
    *ret_copy = text != NULL ? strdup(text) : NULL;
    return text == NULL || *ret_copy != NULL;
}

sp_status identity_init(port_identity *identity, const rpc_listener *listener)
{
    *identity = (port_identity){
        .asks = listener->ask_client_cert || listener->require_client_cert,
        .requires = listener->require_client_cert,
        .is_new = true,
    };
    pthread_mutex_init(&identity->lock, NULL);
    if (!copy_text(listener->cert_pem, &identity->cert_pem) || !copy_text(listener->key_pem, &identity->key_pem) ||
        !copy_text(listener->client_ca_pem, &identity->client_ca_pem))
        return OUT_OF_MEMORY;
    if (identity->cert_pem != NULL && identity->key_pem == NULL)
        return CERTIFICATE_UNUSABLE;
    return identity->requires && identity->client_ca_pem == NULL ? CERTIFICATE_UNUSABLE : SP_DONE;
}

void identity_done(port_identity *identity)
{
    drop_text(identity->cert_pem);
    drop_text(identity->key_pem);
    drop_text(identity->client_ca_pem);
    pthread_mutex_destroy(&identity->lock);
}

/* The core insists on some, also where nobody is asked for a certificate. */
static const char *authorities(const port_identity *identity)
{
    return identity->client_ca_pem != NULL ? identity->client_ca_pem : identity->cert_pem;
}

/* Clients that are asked for a certificate are told whose. Telling them nothing, so that they may show any, is only
 * possible with a certificate of the listener that stays. */
static bool is_fixed(const port_identity *identity)
{
    return identity->asks && identity->client_ca_pem == NULL;
}

/* The core asks before each handshake. */
static grpc_ssl_certificate_config_reload_status fetch(void *arg, grpc_ssl_server_certificate_config **ret_config)
{
    port_identity *identity = arg;
    bool is_new;

    pthread_mutex_lock(&identity->lock);
    is_new = identity->is_new;
    if (is_new) {
        grpc_ssl_pem_key_cert_pair pair = {identity->key_pem, identity->cert_pem};

        *ret_config = grpc_ssl_server_certificate_config_create(authorities(identity), &pair, 1);
        identity->is_new = false;
    }
    pthread_mutex_unlock(&identity->lock);
    return is_new ? GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW : GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
}

/* Unless it is required, the peer's certificate is shown to handlers and never judged here: an expired one may still
 * renew itself, and refusals are for the program to log. */
static grpc_ssl_client_certificate_request_type request_type(const port_identity *identity)
{
    if (identity->requires)
        return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    return identity->asks ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY
                          : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
}

grpc_server_credentials *identity_credentials(port_identity *identity)
{
    grpc_ssl_pem_key_cert_pair pair = {identity->key_pem, identity->cert_pem};

    if (identity->cert_pem == NULL)
        return grpc_insecure_server_credentials_create();
    if (is_fixed(identity))
        return grpc_ssl_server_credentials_create_ex(NULL, &pair, 1, request_type(identity), NULL);
    return grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(request_type(identity), fetch, identity));
}

/* The core tells of a useless certificate only when it opens a port, so a port is opened for the purpose. */
static bool is_usable(const char *cert_pem, const char *key_pem)
{
    grpc_ssl_pem_key_cert_pair pair = {key_pem, cert_pem};
    grpc_server_credentials *credentials =
        grpc_ssl_server_credentials_create_ex(NULL, &pair, 1, GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE, NULL);
    grpc_completion_queue *cq = grpc_completion_queue_create_for_pluck(NULL);
    grpc_server *trial = grpc_server_create(NULL, NULL);

    grpc_server_register_completion_queue(trial, cq, NULL);

    bool usable = grpc_server_add_http2_port(trial, "127.0.0.1:0", credentials) > 0;

    grpc_server_credentials_release(credentials);
    grpc_server_shutdown_and_notify(trial, cq, trial);
    grpc_completion_queue_pluck(cq, trial, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
    grpc_server_destroy(trial);
    grpc_completion_queue_shutdown(cq);
    grpc_completion_queue_destroy(cq);
    return usable;
}

sp_status identity_renew(port_identity *identity, const char *cert_pem, const char *key_pem)
{
    char *cert = NULL;
    char *key = NULL;

    if (is_fixed(identity))
        return CERTIFICATE_FIXED;
    if (identity->cert_pem == NULL || cert_pem == NULL || key_pem == NULL || !is_usable(cert_pem, key_pem))
        return CERTIFICATE_UNUSABLE;
    if (!copy_text(cert_pem, &cert) || !copy_text(key_pem, &key)) {
        drop_text(cert);
        return OUT_OF_MEMORY;
    }

    pthread_mutex_lock(&identity->lock);
    drop_text(identity->cert_pem);
    drop_text(identity->key_pem);
    identity->cert_pem = cert;
    identity->key_pem = key;
    identity->is_new = true;
    pthread_mutex_unlock(&identity->lock);
    return SP_DONE;
}
