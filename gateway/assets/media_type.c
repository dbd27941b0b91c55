#include "media_type.h"

#include <string.h>
#include <strings.h>

const media_type *media_type_of(const char *path)
{
    static const media_type types[] = {
        {"css", "text/css; charset=utf-8", true},
        {"html", "text/html; charset=utf-8", true},
        {"ico", "image/x-icon", false},
        {"jpeg", "image/jpeg", false},
        {"jpg", "image/jpeg", false},
        {"js", "text/javascript; charset=utf-8", true},
        {"json", "application/json", true},
        {"map", "application/json", true},
        {"mjs", "text/javascript; charset=utf-8", true},
        {"png", "image/png", false},
        {"svg", "image/svg+xml", true},
        {"txt", "text/plain; charset=utf-8", true},
        {"wasm", "application/wasm", true},
        {"webmanifest", "application/manifest+json", true},
        {"webp", "image/webp", false},
        {"woff2", "font/woff2", false},
    };
    static const media_type unknown = {"", "application/octet-stream", false};
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(dot + 1, types[i].extension) == 0)
            return &types[i];
    return &unknown;
}
