#include "certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <string.h>

#include "certificate_parts.h"
#include "text.h"

static bool read_serial(const X509 *certificate, char ret_serial[CERTIFICATE_SERIAL_SIZE])
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    int n = ASN1_STRING_length(serial);

    if (n < 1 || n > (CERTIFICATE_SERIAL_SIZE - 1) / 2 || ASN1_STRING_type(serial) != V_ASN1_INTEGER)
        return false;
    hex_encode(ASN1_STRING_get0_data(serial), (size_t)n, ret_serial);
    return true;
}

/* "" when the part is missing. Two parts of one kind could be read differently by two readers, so none is. */
static bool read_name(X509_NAME *name, int nid, char ret_text[CERTIFICATE_NAME_SIZE])
{
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    unsigned char *text;
    bool fits;
    int n;

    if (at < 0) {
        ret_text[0] = '\0';
        return true;
    }
    if (X509_NAME_get_index_by_NID(name, nid, at) >= 0)
        return false;
    n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (n < 0)
        return false;
    fits = n < CERTIFICATE_NAME_SIZE && utf8_is_valid((char *)text, (size_t)n);
    if (fits) {
        memcpy(ret_text, text, (size_t)n);
        ret_text[n] = '\0';
    }
    OPENSSL_free(text);
    return fits;
}

bool certificate_read_facts(X509 *certificate, certificate_facts *ret_facts)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    certificate_facts facts = {.not_before_ms = 0};

    if (!read_serial(certificate, facts.serial) || !read_name(subject, NID_commonName, facts.common_name) ||
        !read_name(subject, NID_organizationName, facts.organization) ||
        !read_name(subject, NID_organizationalUnitName, facts.unit) ||
        !x509_time_ms(X509_get0_notBefore(certificate), &facts.not_before_ms) ||
        !x509_time_ms(X509_get0_notAfter(certificate), &facts.not_after_ms) ||
        X509_digest(certificate, EVP_sha256(), facts.fingerprint, NULL) != 1)
        return false;
    *ret_facts = facts;
    return true;
}

sp_status certificate_inspect(const char *pem, certificate_facts *ret_facts)
{
    X509 *certificate = x509_read(pem);
    bool read = certificate && certificate_read_facts(certificate, ret_facts);

    X509_free(certificate);
    if (read)
        return SP_DONE;
    ERR_clear_error();
    return CERTIFICATE_MALFORMED;
}

void fingerprint_text(const uint8_t fingerprint[SHA256_SIZE], char ret_text[FINGERPRINT_TEXT_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < SHA256_SIZE; i++) {
        ret_text[3 * i] = digits[fingerprint[i] >> 4];
        ret_text[3 * i + 1] = digits[fingerprint[i] & 15];
        ret_text[3 * i + 2] = i + 1 < SHA256_SIZE ? ':' : '\0';
    }
}

sp_status fingerprint_parse(const char *text, uint8_t ret_fingerprint[SHA256_SIZE])
{
    char plain[2 * SHA256_SIZE + 1];
    uint8_t fingerprint[SHA256_SIZE];
    size_t n = strnlen(text, FINGERPRINT_TEXT_SIZE);
    size_t step = n == FINGERPRINT_TEXT_SIZE - 1 ? 3 : 2;

    if (n != FINGERPRINT_TEXT_SIZE - 1 && n != 2 * SHA256_SIZE)
        return FINGERPRINT_MALFORMED;
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        memcpy(plain + 2 * i, text + step * i, 2);
        if (step == 3 && i > 0 && text[3 * i - 1] != ':')
            return FINGERPRINT_MALFORMED;
    }
    plain[2 * SHA256_SIZE] = '\0';
    if (!hex_decode(plain, fingerprint, sizeof fingerprint))
        return FINGERPRINT_MALFORMED;
    memcpy(ret_fingerprint, fingerprint, sizeof fingerprint);
    return SP_DONE;
}

const char *fingerprint_list_next(const char *list, uint8_t ret_fingerprint[SHA256_SIZE])
{
    char one[FINGERPRINT_TEXT_SIZE];
    size_t length;

    list += strspn(list, ", ");
    length = strcspn(list, ", ");
    if (length == 0 || length >= sizeof one)
        return NULL;
    memcpy(one, list, length);
    one[length] = '\0';
    return sp_failed(fingerprint_parse(one, ret_fingerprint)) ? NULL : list + length;
}

bool fingerprint_list_is_legal(const char *list)
{
    uint8_t fingerprint[SHA256_SIZE];
    const char *end = list + strlen(list), *at = fingerprint_list_next(list, fingerprint);

    while (at && at < end && at[strspn(at, ", ")] != '\0')
        at = fingerprint_list_next(at, fingerprint);
    return at != NULL;
}
