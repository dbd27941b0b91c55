#include "totp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "text.h"

enum { SHA1_SIZE = 20 };

/* The truncation of RFC 4226 §5.3: 31 bits from where the last half byte points. */
static uint32_t truncate(const uint8_t mac[SHA1_SIZE])
{
    const uint8_t *at = mac + (mac[SHA1_SIZE - 1] & 15);

    return (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

sp_status totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step, char ret_code[TOTP_CODE_SIZE])
{
    uint8_t counter[8], mac[SHA1_SIZE];
    uint32_t number;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, TOTP_SECRET_SIZE, counter, sizeof counter, mac, NULL)) {
        ERR_clear_error();
        return CRYPTO_FAILED;
    }
    number = truncate(mac);
    ret_code[TOTP_DIGITS] = '\0';
    for (int i = TOTP_DIGITS - 1; i >= 0; i--) {
        ret_code[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return SP_DONE;
}

sp_status totp_find(const uint8_t secret[TOTP_SECRET_SIZE], const char *code, int64_t now_ms, int64_t after,
                    int64_t *ret_step)
{
    char given[TOTP_CODE_SIZE] = "", right[TOTP_CODE_SIZE];
    int64_t now = now_ms / TOTP_STEP_MS;

    *ret_step = 0;
    if (strlen(code) == TOTP_DIGITS)
        memcpy(given, code, TOTP_CODE_SIZE);
    for (int64_t step = now + TOTP_WINDOW; step >= now - TOTP_WINDOW; step--) {
        sp_status status = totp_code(secret, step, right);

        if (sp_failed(status))
            return status;
        if (bytes_equal(given, right, TOTP_DIGITS) && step > after)
            *ret_step = step;
    }
    explicit_bzero(right, sizeof right);
    return SP_DONE;
}
