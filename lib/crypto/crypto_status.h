/* What every function of this library may answer. After any failure OpenSSL's error queue is empty, so that a
 * connection of the same thread does not take our error for its own. */
#pragma once

#include "status.h"

SP_STATUS(CRYPTO_FAILED, SP_INTERNAL, "The cryptographic library failed.");
