/* From the package on the disk to a program in the other slot. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "upgrade_parts.h"

enum { PIECE = 256 * 1024 };

static void give_up(upgrade *u, upgrade_failure why)
{
    (void)upgrade_fail(&u->state, why);
    upgrade_install_end(u);
}

static upgrade_failure failure_of(sp_status status)
{
    return strcmp(status.reason, PACKAGE_SIGNATURE_BAD.reason) == 0 || strcmp(status.reason, PACKAGE_NO_KEY.reason) == 0
               ? UPGRADE_SIGNATURE_BAD
               : UPGRADE_DAMAGED;
}

static int open_program(const upgrade *u)
{
    char path[UPGRADE_PATH_MAX];

    upgrade_fresh_path(&u->folder, upgrade_other(u->state.current), path);
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

bool upgrade_install_begin(upgrade *u)
{
    size_t unusable = 0;

    upgrade_install_end(u);
    u->looked_at = 0;
    u->keys = package_keys_load(u->keys_folder, &unusable);
    u->check = u->keys ? package_check_new(u->keys, PACKAGE_PAYLOAD_MAX) : NULL;
    u->whole = sha256_new();
    u->program = open_program(u);
    if (unusable > 0)
        log_write(LOG_WARNING, "not every file of package-keys holds a key", NULL);
    if (u->check && u->whole && u->program >= 0 && u->part >= 0)
        return true;
    give_up(u, UPGRADE_NO_SPACE);
    return false;
}

void upgrade_install_end(upgrade *u)
{
    if (u->program >= 0)
        close(u->program);
    u->program = -1;
    package_check_free(u->check);
    package_keys_free(u->keys);
    sha256_free(u->whole);
    u->check = NULL;
    u->keys = NULL;
    u->whole = NULL;
}

/* A package for another model, or of a version that was not offered, is not written at all. */
static upgrade_failure judge(const upgrade *u, const package_manifest *manifest)
{
    if (manifest->model[0] && strcmp(manifest->model, u->model) != 0)
        return UPGRADE_WRONG_MODEL;
    if (package_version_compare(manifest->version, u->state.offer.version) != 0)
        return UPGRADE_DAMAGED;
    if (!u->state.offer.force && !upgrade_is_newer(u->state.current_version, manifest->version))
        return UPGRADE_OLDER;
    return UPGRADE_NO_FAILURE;
}

static bool write_payload(upgrade *u, const uint8_t *bytes, size_t n)
{
    size_t before = package_check_payload_offset(u->check);
    size_t skip = u->looked_at >= before ? 0 : (size_t)(before - u->looked_at);

    while (skip < n) {
        ssize_t written = write(u->program, bytes + skip, n - skip);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        skip += (size_t)written;
    }
    return true;
}

/* The package is whole and good. */
static void finish(upgrade *u)
{
    if (sp_failed(upgrade_program_place(&u->folder, upgrade_other(u->state.current), u->program))) {
        give_up(u, UPGRADE_NO_SPACE);
        return;
    }
    upgrade_install_end(u);
    (void)upgrade_installed(&u->state, u->online);
}

static void look_at_end(upgrade *u)
{
    uint8_t sha256[SHA256_SIZE];
    sp_status status = package_check_end(u->check);

    if (sp_failed(status))
        give_up(u, failure_of(status));
    else if (u->looked_at != u->state.offer.size || sp_failed(sha256_end(u->whole, sha256)) ||
             memcmp(sha256, u->state.offer.sha256, sizeof sha256) != 0)
        give_up(u, UPGRADE_DAMAGED);
    else
        finish(u);
}

bool upgrade_install_step(upgrade *u)
{
    uint8_t *piece = malloc(PIECE);
    ssize_t n = piece ? pread(u->part, piece, PIECE, (off_t)u->looked_at) : -1;
    upgrade_failure why = UPGRADE_NO_FAILURE;

    if (n > 0) {
        sp_status status = package_check_add(u->check, piece, (size_t)n);
        const package_manifest *manifest = package_check_manifest(u->check);

        sha256_add(u->whole, piece, (size_t)n);
        why = sp_failed(status) ? failure_of(status) : manifest ? judge(u, manifest) : UPGRADE_NO_FAILURE;
        if (why == UPGRADE_NO_FAILURE && manifest && !write_payload(u, piece, (size_t)n))
            why = UPGRADE_NO_SPACE;
        u->looked_at += (uint64_t)n;
    }
    free(piece);
    if (n < 0 || why != UPGRADE_NO_FAILURE)
        give_up(u, n < 0 ? UPGRADE_DAMAGED : why);
    else if (n == 0)
        look_at_end(u);
    return u->state.phase == UPGRADE_INSTALLING;
}
