#include "one_time_password.h"

#include <string.h>

#include "random.h"

/* Without 0 and o, 1, l and i. */
static const char CHARACTERS[] = "23456789abcdefghjkmnpqrstuvwxyz";

enum { COUNT = sizeof CHARACTERS - 1, FAIR = 256 - 256 % COUNT, DRAWN = 32 };

sp_status one_time_password_new(char ret_password[ONE_TIME_PASSWORD_SIZE])
{
    uint8_t bytes[DRAWN];
    size_t made = 0;

    while (made < ONE_TIME_PASSWORD_SIZE - 1) {
        sp_status status = crypto_random(bytes, sizeof bytes);

        if (sp_failed(status))
            return status;
        /* The few values beyond a multiple of the count would make some characters likelier. */
        for (size_t i = 0; i < DRAWN && made < ONE_TIME_PASSWORD_SIZE - 1; i++)
            if (bytes[i] < FAIR)
                ret_password[made++] = CHARACTERS[bytes[i] % COUNT];
    }
    ret_password[made] = '\0';
    explicit_bzero(bytes, sizeof bytes);
    return SP_DONE;
}
