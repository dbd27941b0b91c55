/* Checks a package as it streams by, with the memory of its manifest alone. Thread-safe, except that one check belongs
 * to one thread at a time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "package_keys.h"
#include "package_manifest.h"
#include "status.h"

/* The reasons of the contract. */
static const sp_status PACKAGE_NOT_ONE = {SP_INVALID_ARGUMENT, "NOT_A_PACKAGE", "The file is no package."};
static const sp_status PACKAGE_NO_KEY = {SP_FAILED_PRECONDITION, "NO_KEY", "No key is known that may sign packages."};
static const sp_status PACKAGE_SIGNATURE_BAD = {SP_PERMISSION_DENIED, "SIGNATURE_BAD",
                                                "No key that is trusted has signed the package."};
static const sp_status PACKAGE_TOO_LARGE = {SP_INVALID_ARGUMENT, "TOO_LARGE", "The package is too large."};
static const sp_status PACKAGE_DAMAGED = {SP_INVALID_ARGUMENT, "DAMAGED", "The package is not whole, or was altered."};

typedef struct package_check package_check;

/* The keys are borrowed. limit: bytes of payload that are taken at most. NULL: memory is out. */
package_check *package_check_new(const package_keys *keys, uint64_t limit);
void package_check_free(package_check *check); /* accepts NULL */

/* The next bytes of the file. The signature is judged as soon as the manifest is there, before anything else is looked
 * at; once it has failed it goes on failing. */
SP_MUST_USE sp_status package_check_add(package_check *check, const void *bytes, size_t n);

/* The file is over: is it what its manifest says? */
SP_MUST_USE sp_status package_check_end(package_check *check);

/* NULL until the signature is found good; the name of its key. Both live as long as the check and its keys. */
const package_manifest *package_check_manifest(const package_check *check);
const char *package_check_key_name(const package_check *check);

/* Bytes before the payload; 0 until the signature is found good. */
size_t package_check_payload_offset(const package_check *check);
