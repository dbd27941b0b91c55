#include "random.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/rand.h>

static crypto_random_source replaced;

sp_status crypto_random(void *bytes, size_t n)
{
    bool filled;

    if (replaced)
        filled = replaced(bytes, n);
    else
        filled = n <= INT_MAX && RAND_bytes(bytes, (int)n) == 1;
    if (filled)
        return SP_DONE;
    ERR_clear_error();
    return CRYPTO_FAILED;
}

void crypto_random_replace(crypto_random_source source)
{
    replaced = source;
}
