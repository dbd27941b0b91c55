#include "tls_client.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

static SSL_CTX *context_new(void)
{
    static const unsigned char alpn[] = "\x02h2";
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (!context)
        return NULL;
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(context, alpn, sizeof alpn - 1) != 0) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return context;
}

static bool is_server_certificate(X509 *certificate)
{
    uint32_t purposes = X509_get_extended_key_usage(certificate);

    return purposes != UINT32_MAX && (purposes & XKU_SSL_SERVER) != 0;
}

/* A terminal without a battery begins its life in 1970. It is at least as late as its own certificate. */
static void judge_at_plausible_time(X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const X509 *own = ssl ? SSL_get_certificate(ssl) : NULL;
    struct tm tm;
    time_t earliest;

    if (!own || ASN1_TIME_to_tm(X509_get0_notBefore(own), &tm) != 1)
        return;
    earliest = timegm(&tm);
    if (time(NULL) < earliest)
        X509_STORE_CTX_set_time(store, 0, earliest);
}

/* OpenSSL lets a certificate without any stated purpose pass as a server's; we do not. */
static int verify_enrolled(X509_STORE_CTX *store, void *unused)
{
    (void)unused;
    judge_at_plausible_time(store);
    if (X509_verify_cert(store) != 1)
        return 0;
    if (!is_server_certificate(X509_STORE_CTX_get0_cert(store))) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE);
        return 0;
    }
    return 1;
}

SSL_CTX *tls_client_enrolled(const char *authority, const char *certificate, const char *key, const char **why)
{
    SSL_CTX *context = context_new();
    const char *reason = NULL;

    if (!context)
        reason = "TLS is not available.";
    else if (SSL_CTX_load_verify_file(context, authority) != 1)
        reason = "The authority's certificate cannot be read.";
    else if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        reason = "The terminal's certificate cannot be read.";
    else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        reason = "The terminal's key cannot be read.";
    else if (SSL_CTX_check_private_key(context) != 1)
        reason = "The terminal's key does not fit its certificate.";
    if (reason) {
        SSL_CTX_free(context);
        if (why)
            *why = reason;
        return NULL;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify_enrolled, NULL);
    return context;
}

static bool fingerprint_of(X509 *certificate, uint8_t out[SHA256_SIZE])
{
    unsigned size = SHA256_SIZE;

    return X509_digest(certificate, EVP_sha256(), out, &size) == 1 && size == SHA256_SIZE;
}

static bool has_fingerprint(X509 *certificate, const uint8_t fingerprint[SHA256_SIZE])
{
    uint8_t found[SHA256_SIZE];

    return fingerprint_of(certificate, found) && memcmp(found, fingerprint, sizeof found) == 0;
}

static X509 *find_pinned(STACK_OF(X509) * shown, const uint8_t fingerprint[SHA256_SIZE])
{
    for (int i = 0; i < sk_X509_num(shown); i++)
        if (has_fingerprint(sk_X509_value(shown, i), fingerprint))
            return sk_X509_value(shown, i);
    return NULL;
}

static int verify_against_pin(X509_STORE_CTX *store, const tls_first_sight *sight)
{
    X509 *pinned = find_pinned(X509_STORE_CTX_get0_untrusted(store), sight->fingerprint);
    STACK_OF(X509) * trusted;
    int verified;

    if (!pinned) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
        return 0;
    }
    trusted = sk_X509_new_null();
    if (!trusted || sk_X509_push(trusted, pinned) == 0) {
        sk_X509_free(trusted);
        X509_STORE_CTX_set_error(store, X509_V_ERR_OUT_OF_MEM);
        return 0;
    }
    X509_STORE_CTX_set0_trusted_stack(store, trusted);
    X509_STORE_CTX_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    verified = X509_verify_cert(store);
    sk_X509_free(trusted);
    return verified == 1;
}

static int verify_first_sight(X509_STORE_CTX *store, void *self)
{
    tls_first_sight *sight = self;
    X509 *server = X509_STORE_CTX_get0_cert(store);

    if (!server || !is_server_certificate(server)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE);
        return 0;
    }
    if (sight->pinned && !verify_against_pin(store, sight))
        return 0;
    X509_free(sight->server);
    sight->server = X509_up_ref(server) == 1 ? server : NULL;
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return sight->server != NULL;
}

SSL_CTX *tls_client_enrolling(tls_first_sight *sight)
{
    SSL_CTX *context = context_new();

    if (!context)
        return NULL;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify_first_sight, sight);
    return context;
}

static X509 *parse_pem(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return certificate;
}

bool tls_first_sight_vouched(const tls_first_sight *sight, const char *authority_pem,
                             char ret_fingerprint[FINGERPRINT_TEXT_SIZE])
{
    X509 *authority = parse_pem(authority_pem);
    uint8_t fingerprint[SHA256_SIZE];
    bool vouched = false;

    if (authority && sight->server && X509_check_ca(authority) != 0 && fingerprint_of(authority, fingerprint) &&
        X509_verify(sight->server, X509_get0_pubkey(authority)) == 1) {
        vouched = !sight->pinned || memcmp(fingerprint, sight->fingerprint, sizeof fingerprint) == 0 ||
                  has_fingerprint(sight->server, sight->fingerprint);
        fingerprint_text(fingerprint, ret_fingerprint);
    }
    X509_free(authority);
    return vouched;
}

void tls_first_sight_done(tls_first_sight *sight)
{
    X509_free(sight->server);
    sight->server = NULL;
}
