#include "csr.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "x509_parts.h"

void secret_text_free(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

static X509_REQ *request_new(EVP_PKEY *key, const char *common_name)
{
    X509_REQ *request = X509_REQ_new();

    if (request && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
        x509_add_name(X509_REQ_get_subject_name(request), NID_commonName, common_name) &&
        X509_REQ_set_pubkey(request, key) == 1 && X509_REQ_sign(request, key, EVP_sha256()) > 0)
        return request;
    X509_REQ_free(request);
    return NULL;
}

sp_status csr_new(const char *common_name, char **ret_key_pem, char **ret_csr_pem)
{
    EVP_PKEY *key;
    X509_REQ *request;
    char *key_pem, *csr_pem;

    if (!x509_name_is_valid(common_name))
        return CSR_NAME_INVALID;
    key = x509_new_key();
    request = key ? request_new(key, common_name) : NULL;
    key_pem = key ? x509_key_text(key) : NULL;
    csr_pem = request ? x509_request_text(request) : NULL;
    X509_REQ_free(request);
    EVP_PKEY_free(key);
    if (!key_pem || !csr_pem) {
        secret_text_free(key_pem);
        free(csr_pem);
        ERR_clear_error();
        return CRYPTO_FAILED;
    }
    *ret_key_pem = key_pem;
    *ret_csr_pem = csr_pem;
    return SP_DONE;
}
