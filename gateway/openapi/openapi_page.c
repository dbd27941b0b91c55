#include "openapi_page.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assets.h"

enum { DOCUMENT_MAX = 64 << 20 };

struct openapi_page {
    assets *files;
};

static bool is_path(const char *path, size_t length, const char *wanted)
{
    return length == strlen(wanted) && memcmp(path, wanted, length) == 0;
}

/* Beside an installed program, else in the tree that it was built in; NULL when there is none. */
static const char *page_folder(char folder[PATH_MAX])
{
    static const char beside[] = "/../share/smartpass/openapi";
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    folder[n > 0 ? n : 0] = '\0';
    slash = strrchr(folder, '/');
    if (slash && (size_t)(slash - folder) + sizeof beside <= PATH_MAX) {
        memcpy(slash, beside, sizeof beside);
        if (access(folder, R_OK | X_OK) == 0)
            return folder;
    }
    return access(SMARTPASS_OPENAPI_PAGE, R_OK | X_OK) == 0 ? SMARTPASS_OPENAPI_PAGE : NULL;
}

openapi_page *openapi_page_new(const uint8_t *set, size_t size, const openapi_options *options, bool secure,
                               char *fault, size_t fault_size)
{
    openapi_page *page = calloc(1, sizeof *page);
    char folder[PATH_MAX];
    byte_buffer text;

    byte_buffer_init(&text, DOCUMENT_MAX);
    if (page && openapi_write(set, size, options, &text, fault, fault_size)) {
        const asset_file document = {"/openapi.json", text.data, text.size};

        page->files = assets_load_with(&document, page_folder(folder), secure, fault, fault_size);
    }
    byte_buffer_done(&text);
    if (page && page->files)
        return page;
    free(page);
    return NULL;
}

void openapi_page_free(openapi_page *page)
{
    if (!page)
        return;
    assets_free(page->files);
    free(page);
}

bool openapi_page_answer(const openapi_page *page, http_exchange *x)
{
    static const char index[] = "/docs/index.html";
    size_t length;
    const char *path = http_path(x, &length);

    if (is_path(path, length, "/docs") || is_path(path, length, "/docs/"))
        return assets_answer_file(page->files, index, sizeof index - 1, x);
    return assets_answer_file(page->files, path, length, x);
}
