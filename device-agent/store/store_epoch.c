#include "store_epoch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "text.h"

SP_STATUS(STORE_EPOCH_UNREADABLE, SP_DATA_LOSS, "The file with the store's epoch makes no sense.");

static bool path_of(const char *folder, const char *name, char *out, size_t cap)
{
    int n = snprintf(out, cap, "%s/%s", folder, name);

    return n > 0 && (size_t)n < cap;
}

static sp_status read_number(const char *folder, const char *name, uint32_t *ret_epoch)
{
    char path[1024];
    char *text;
    int64_t epoch;
    sp_status status;

    if (!path_of(folder, name, path, sizeof path))
        return FILE_NOT_READABLE;
    status = file_read(path, 32, &text, NULL);
    if (status.code == SP_NOT_FOUND) {
        *ret_epoch = 0;
        return SP_DONE;
    }
    if (sp_failed(status))
        return status;
    text[strcspn(text, "\n")] = '\0';
    if (!int64_parse(text, 1, INT32_MAX, &epoch))
        status = STORE_EPOCH_UNREADABLE;
    free(text);
    if (!sp_failed(status))
        *ret_epoch = (uint32_t)epoch;
    return status;
}

static sp_status write_number(const char *folder, const char *name, uint32_t epoch)
{
    char path[1024];
    char text[16];
    int n = snprintf(text, sizeof text, "%u\n", epoch);

    if (!path_of(folder, name, path, sizeof path))
        return FILE_NOT_WRITABLE;
    return file_write(path, text, (size_t)n, 0600);
}

sp_status store_epoch_read(const char *folder, uint32_t *ret_epoch)
{
    return read_number(folder, "epoch", ret_epoch);
}

sp_status store_epoch_write(const char *folder, uint32_t epoch)
{
    return write_number(folder, "epoch", epoch);
}

sp_status store_epoch_ordered(const char *folder, uint32_t *ret_epoch)
{
    return read_number(folder, "epoch_ordered", ret_epoch);
}

sp_status store_epoch_order(const char *folder, uint32_t epoch)
{
    return write_number(folder, "epoch_ordered", epoch);
}
