/* Head and manifest of a package. Whatever is read is written again as the same bytes; what no key has signed is never
 * good. */
#include <string.h>

#include "fuzz.h"
#include "package_check.h"

static void manifest_round_trip(const uint8_t *data, size_t size)
{
    package_manifest m;
    uint8_t again[PACKAGE_MANIFEST_MAX];

    if (!package_manifest_read(data, size, &m))
        return;
    REQUIRE(m.size > 0 && m.size <= PACKAGE_SIZE_MAX);
    REQUIRE(package_manifest_write(&m, again) == size && memcmp(again, data, size) == 0);
}

/* A key whose private half was thrown away: no input can carry its signature. */
static const package_keys *trusted(void)
{
    static package_keys *keys;
    size_t unusable;

    if (!keys)
        keys = package_keys_load(FUZZ_PACKAGE_KEYS, &unusable);
    REQUIRE(keys && package_keys_count(keys) == 1);
    return keys;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t manifest_size;

    manifest_round_trip(data, size);
    if (size >= PACKAGE_SIGNED_HEAD_SIZE && package_head_read(data, &manifest_size))
        REQUIRE(manifest_size > 0 && manifest_size <= PACKAGE_MANIFEST_MAX);

    package_check *check = package_check_new(trusted(), PACKAGE_PAYLOAD_MAX);
    size_t half = size / 2;
    REQUIRE(check);
    sp_status status =
        sp_first_failure(package_check_add(check, data, half), package_check_add(check, data + half, size - half));
    REQUIRE(sp_failed(sp_first_failure(status, package_check_end(check))) && !package_check_manifest(check));
    package_check_free(check);
    return 0;
}
