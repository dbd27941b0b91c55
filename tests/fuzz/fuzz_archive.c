/* Zips that hold files together: names are text, and nothing is inflated further than its entry promised. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive.h"
#include "collection.h"
#include "fuzz.h"
#include "text.h"

enum { ENTRIES_MAX = 64, READ_MAX = 4096 };

static void check_name(const char *path)
{
    char name[COLLECTION_NAME_MAX + 1];

    collection_name(path, name);
    REQUIRE(utf8_is_valid(name, strlen(name)) && !strpbrk(name, "/\\\r\n\t"));
    REQUIRE(*name != '\0' || collection_skips(path));
}

static void check_entry(archive *a, int64_t index)
{
    static uint8_t bytes[READ_MAX];
    uint64_t promised = 0, read = 0;
    archive_entry *entry;
    size_t n = 1;

    check_name(archive_name(a, index, &promised));
    if (sp_failed(archive_entry_open(a, index, &entry)))
        return;
    while (n > 0 && !sp_failed(archive_entry_read(entry, bytes, sizeof bytes, &n))) {
        read += n;
        REQUIRE(read <= promised && read <= ARCHIVE_RATIO_FREE_BYTES * 64ull);
    }
    archive_entry_close(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    archive *a;

    if (fd < 0)
        fd = memfd_create("zip", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    if (sp_failed(archive_open_collection(fd, size, ENTRIES_MAX, &a)))
        return 0;
    REQUIRE(archive_entries(a) <= ENTRIES_MAX);
    for (int64_t i = 0; i < archive_entries(a); i++)
        check_entry(a, i);
    archive_close(a);
    return 0;
}
