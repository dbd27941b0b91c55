#include "pass_signature.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credentials.h"
#include "text.h"

enum {
    SIGNATURE_SIZE = 64, /* of ES256: two numbers of 32 bytes */
    DER_MAX = 3000,      /* of a certificate */
};

/* ---- The header -------------------------------------------------------------------------------------------------- */

static int certificate_der(const char *path, unsigned char out[DER_MAX])
{
    X509 *certificate = credential_certificate(path);
    int size = certificate ? i2d_X509(certificate, NULL) : 0;
    unsigned char *end = out;

    if (size > 0 && size <= DER_MAX)
        i2d_X509(certificate, &end);
    else
        size = 0;
    X509_free(certificate);
    return size;
}

/* Writes its base64url form. */
static bool make_header(const char *certificate, char out[SIGNATURE_TEXT_MAX])
{
    unsigned char der[DER_MAX];
    char base64[4 * (DER_MAX + 2) / 3 + 4];
    char header[sizeof base64 + 80];
    int size = certificate_der(certificate, der);
    int length;

    if (size == 0)
        return false;
    EVP_EncodeBlock((unsigned char *)base64, der, size);
    length = snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"smartpass-pass\",\"x5c\":[\"%s\"]}", base64);
    base64url_encode((const uint8_t *)header, (size_t)length, out);
    return true;
}

/* ---- The signature ----------------------------------------------------------------------------------------------- */

/* OpenSSL's form is DER; JOSE wants the two numbers side by side. */
static bool flatten(const unsigned char *der, size_t size, unsigned char out[SIGNATURE_SIZE])
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool flat =
        pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, SIGNATURE_SIZE / 2) == SIGNATURE_SIZE / 2 &&
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + SIGNATURE_SIZE / 2, SIGNATURE_SIZE / 2) == SIGNATURE_SIZE / 2;

    ECDSA_SIG_free(pair);
    return flat;
}

static bool sign(EVP_PKEY *key, const char *text, size_t length, unsigned char out[SIGNATURE_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[128];
    size_t size = sizeof der;
    bool made = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, der, &size, (const unsigned char *)text, length) == 1 &&
                flatten(der, size, out);

    EVP_MD_CTX_free(context);
    return made;
}

/* "HEADER.CONTENT", which is what is signed. NULL: memory is out. */
static char *signing_input(const char *header, const char *body, size_t size, size_t *ret_length)
{
    size_t header_length = strlen(header);
    char *input = malloc(header_length + 1 + BASE64URL_LENGTH(size) + 1);

    if (!input)
        return NULL;
    memcpy(input, header, header_length);
    input[header_length] = '.';
    base64url_encode((const uint8_t *)body, size, input + header_length + 1);
    *ret_length = header_length + 1 + strlen(input + header_length + 1);
    return input;
}

bool pass_signature(const char *key_path, const char *certificate, const char *body, size_t size,
                    char out[SIGNATURE_TEXT_MAX])
{
    unsigned char signature[SIGNATURE_SIZE];
    EVP_PKEY *key = credential_key(key_path);
    char *input = NULL;
    size_t length = 0;
    bool made = key && EVP_PKEY_get_bits(key) == 256 && make_header(certificate, out);

    if (made)
        input = signing_input(out, body, size, &length);
    made = made && input && sign(key, input, length, signature);
    if (made) {
        strcat(out, "..");
        base64url_encode(signature, sizeof signature, out + strlen(out));
    }
    free(input);
    EVP_PKEY_free(key);
    return made;
}
