#include "token.h"

#include <string.h>

#include "random.h"
#include "text.h"

enum { TOKEN_BYTES = 32 };

_Static_assert(BASE64URL_LENGTH(TOKEN_BYTES) + 1 == TOKEN_TEXT_SIZE, "a token's text is 32 bytes in base64url");

sp_status token_new(char ret_text[TOKEN_TEXT_SIZE], uint8_t ret_hash[SHA256_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    sp_status status = crypto_random(bytes, sizeof bytes);

    if (sp_failed(status))
        return status;
    base64url_encode(bytes, sizeof bytes, ret_text);
    explicit_bzero(bytes, sizeof bytes);
    return sha256_of(ret_text, TOKEN_TEXT_SIZE - 1, ret_hash);
}

sp_status token_hash(const char *text, uint8_t ret_hash[SHA256_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    bool ours = strnlen(text, TOKEN_TEXT_SIZE) == TOKEN_TEXT_SIZE - 1 && !strpbrk(text, "+/=") &&
                base64_decode(text, TOKEN_TEXT_SIZE - 1, bytes, sizeof bytes) == TOKEN_BYTES;

    explicit_bzero(bytes, sizeof bytes);
    if (!ours)
        return TOKEN_MALFORMED;
    return sha256_of(text, TOKEN_TEXT_SIZE - 1, ret_hash);
}
