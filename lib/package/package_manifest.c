#include "package_manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static const uint8_t magic[8] = {0x89, 'S', 'P', 'P', 'K', 'G', '\r', '\n'};

/* ---- What may be in it ---- */

static bool text_is_plain(const char *text, size_t max, bool lines)
{
    size_t n = strnlen(text, max + 1);

    for (size_t i = 0; i < n && i <= max; i++)
        if (((unsigned char)text[i] < 0x20 && !(lines && text[i] == '\n')) || text[i] == 0x7F)
            return false;
    return n <= max && utf8_is_valid(text, n);
}

static bool is_sound(const package_manifest *m)
{
    return m->size > 0 && m->size <= PACKAGE_SIZE_MAX && text_is_plain(m->model, PACKAGE_MODEL_MAX, false) &&
           text_is_plain(m->notes, PACKAGE_NOTES_MAX, true);
}

/* ---- Writing ---- */

size_t package_manifest_write(const package_manifest *m, uint8_t out[PACKAGE_MANIFEST_MAX])
{
    char version[PACKAGE_VERSION_SIZE];
    char sha256[2 * PACKAGE_SHA256_SIZE + 1];
    char text[PACKAGE_MANIFEST_MAX + 1];
    int n;

    if (!is_sound(m))
        return 0;
    package_version_text(m->version, version);
    hex_encode(m->sha256, sizeof m->sha256, sha256);
    n = snprintf(text, sizeof text, "version=%s\nmodel=%s\nsize=%" PRIu64 "\nsha256=%s\nnotes=%s", version, m->model,
                 m->size, sha256, m->notes);
    if (n <= 0 || n > PACKAGE_MANIFEST_MAX)
        return 0;
    memcpy(out, text, (size_t)n);
    return (size_t)n;
}

/* ---- Reading ---- */

/* The value of the line that must begin here with name, ended by a NUL in place of its line break; NULL: it does not.
 */
static char *take_line(char **at, const char *name)
{
    size_t n = strlen(name);
    char *value = *at + n;
    char *end;

    if (strncmp(*at, name, n) != 0 || !(end = strchr(value, '\n')))
        return NULL;
    *end = '\0';
    *at = end + 1;
    return value;
}

static bool copy(char *out, size_t cap, const char *value)
{
    return (size_t)snprintf(out, cap, "%s", value) < cap;
}

static bool read_lines(char *text, package_manifest *m)
{
    char *value;
    int64_t size;

    if (!(value = take_line(&text, "version=")) || !package_version_parse(value, &m->version))
        return false;
    if (!(value = take_line(&text, "model=")) || !copy(m->model, sizeof m->model, value))
        return false;
    if (!(value = take_line(&text, "size=")) || !int64_parse(value, 1, (int64_t)PACKAGE_SIZE_MAX, &size))
        return false;
    m->size = (uint64_t)size;
    if (!(value = take_line(&text, "sha256=")) || !hex_decode(value, m->sha256, sizeof m->sha256))
        return false;
    return strncmp(text, "notes=", 6) == 0 && copy(m->notes, sizeof m->notes, text + 6);
}

bool package_manifest_read(const uint8_t *bytes, size_t size, package_manifest *ret_manifest)
{
    package_manifest m = {0};
    uint8_t again[PACKAGE_MANIFEST_MAX];
    char text[PACKAGE_MANIFEST_MAX + 1];

    if (size == 0 || size > PACKAGE_MANIFEST_MAX || memchr(bytes, '\0', size))
        return false;
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (!read_lines(text, &m) || package_manifest_write(&m, again) != size || memcmp(again, bytes, size) != 0)
        return false;
    *ret_manifest = m;
    return true;
}

/* ---- The head ---- */

void package_head_write(size_t manifest_size, uint8_t out[PACKAGE_SIGNED_HEAD_SIZE])
{
    memcpy(out, magic, sizeof magic);
    out[8] = PACKAGE_FORMAT >> 8;
    out[9] = PACKAGE_FORMAT & 0xFF;
    out[10] = (uint8_t)(manifest_size >> 8);
    out[11] = (uint8_t)(manifest_size & 0xFF);
}

bool package_head_read(const uint8_t head[PACKAGE_SIGNED_HEAD_SIZE], size_t *ret_manifest_size)
{
    size_t size = (size_t)head[10] << 8 | head[11];

    if (memcmp(head, magic, sizeof magic) != 0 || (head[8] << 8 | head[9]) != PACKAGE_FORMAT)
        return false;
    if (size == 0 || size > PACKAGE_MANIFEST_MAX)
        return false;
    *ret_manifest_size = size;
    return true;
}
