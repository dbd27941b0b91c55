#include "http_post_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static http_library library;

static bool find_all(void *handle)
{
    const struct {
        void *function;
        const char *name;
    } wanted[] = {
        {&library.global_init, "curl_global_init"},
        {&library.easy_init, "curl_easy_init"},
        {&library.easy_cleanup, "curl_easy_cleanup"},
        {&library.easy_setopt, "curl_easy_setopt"},
        {&library.easy_getinfo, "curl_easy_getinfo"},
        {&library.easy_strerror, "curl_easy_strerror"},
        {&library.multi_init, "curl_multi_init"},
        {&library.multi_cleanup, "curl_multi_cleanup"},
        {&library.multi_setopt, "curl_multi_setopt"},
        {&library.multi_add_handle, "curl_multi_add_handle"},
        {&library.multi_remove_handle, "curl_multi_remove_handle"},
        {&library.multi_socket_action, "curl_multi_socket_action"},
        {&library.multi_info_read, "curl_multi_info_read"},
        {&library.slist_append, "curl_slist_append"},
        {&library.slist_free_all, "curl_slist_free_all"},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *found = dlsym(handle, wanted[i].name);

        if (!found)
            return false;
        memcpy(wanted[i].function, &found, sizeof found); /* POSIX makes a function of it, ISO C does not */
    }
    return true;
}

const http_library *http_library_load(void)
{
    static void *loaded; /* it stays: it may have threads that still ask for a name */

    if (!loaded) {
        void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

        if (!handle)
            return NULL;
        if (!find_all(handle) || library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            dlclose(handle);
            return NULL;
        }
        loaded = handle;
    }
    return &library;
}
