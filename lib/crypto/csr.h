/* The asking side of certificates: a new key, and the request that an authority signs. Thread-safe. */
#pragma once

#include "crypto_status.h"

SP_STATUS(CSR_NAME_INVALID, SP_INVALID_ARGUMENT, "A common name is 1 to 64 bytes of UTF-8.");

/* Makes an EC P-256 key and a request signed with it, both PEM. ret_csr_pem is for free(), ret_key_pem for
 * secret_text_free(). The key is not encrypted: keep its file readable by its owner alone. */
SP_MUST_USE sp_status csr_new(const char *common_name, char **ret_key_pem, char **ret_csr_pem);

/* Overwrites and frees a malloc'd text; accepts NULL. */
void secret_text_free(char *text);
