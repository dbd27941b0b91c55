/* Makes a package of a file. */
#pragma once

#include <stdio.h>

#include "package_manifest.h"
#include "status.h"

SP_STATUS(PACKAGE_PAYLOAD_SIZE, SP_INVALID_ARGUMENT, "What is packed is empty, or larger than 512 MiB.");
SP_STATUS(PACKAGE_TEXT_INVALID, SP_INVALID_ARGUMENT, "Model or notes are too long, or hold control characters.");
SP_STATUS(PACKAGE_NOT_READABLE, SP_FAILED_PRECONDITION, "What is packed cannot be read, or has changed meanwhile.");
SP_STATUS(PACKAGE_NOT_WRITABLE, SP_FAILED_PRECONDITION, "The package cannot be written.");

/* Reads the payload twice, from its start: once for its hash, once to copy it behind head and manifest. size and sha256
 * of the manifest are filled in. What was written before a failure is no package. */
SP_MUST_USE sp_status package_write(FILE *payload, const char *private_pem, package_manifest *manifest, FILE *out);
