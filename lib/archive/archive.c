#include "archive.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive_directory.h"
#include "archive_source.h"

struct archive {
    zip_t *zip;
    int64_t entries;
};

struct archive_entry {
    zip_file_t *file;
    uint64_t left; /* bytes that the directory still promises */
};

static int bytes_compare(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* The first time that it is much, the C library's qsort asks the kernel how much memory there is. */
static void sort_much(void)
{
    char much[4096] = "";

    qsort(much, sizeof much, 1, bytes_compare);
}

void archive_prepare(void)
{
    sort_much();
    setenv("TZ", "UTC0", 1);
    tzset();
}

static bool is_bomb(const zip_stat_t *entry)
{
    return entry->size > ARCHIVE_RATIO_FREE_BYTES && entry->size / ARCHIVE_RATIO_MAX > entry->comp_size;
}

static sp_status entry_judge(archive *a, int64_t index, zip_stat_t *ret_entry)
{
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;

    if (zip_stat_index(a->zip, (zip_uint64_t)index, 0, ret_entry) != 0 || (ret_entry->valid & needed) != needed)
        return ARCHIVE_NOT_READABLE;
    return is_bomb(ret_entry) ? ARCHIVE_TOO_LARGE : SP_DONE;
}

static int names_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two readers of a container in which a name comes twice may see different files. */
static sp_status names_judge(const char **names, int64_t count)
{
    qsort(names, (size_t)count, sizeof *names, names_compare);
    for (int64_t i = 1; i < count; i++)
        if (names_compare(&names[i - 1], &names[i]) == 0)
            return ARCHIVE_OVERLAPS;
    return SP_DONE;
}

/* What lies side by side cannot be longer than the file. */
static sp_status directory_judge(archive *a, uint64_t file_size, uint64_t inflated_max)
{
    uint64_t stored = 0, inflated = 0;
    const char **names = malloc((size_t)a->entries * sizeof *names + 1);
    sp_status status = names ? SP_DONE : ARCHIVE_NO_MEMORY;

    for (int64_t i = 0; i < a->entries && !sp_failed(status); i++) {
        zip_stat_t entry;

        status = entry_judge(a, i, &entry);
        if (sp_failed(status))
            break;
        names[i] = entry.name;
        if (entry.size > inflated_max - inflated)
            status = ARCHIVE_TOO_LARGE;
        else if (entry.comp_size > file_size - stored)
            status = ARCHIVE_OVERLAPS;
        inflated += entry.size;
        stored += entry.comp_size;
    }
    if (!sp_failed(status))
        status = names_judge(names, a->entries);
    free(names);
    return status;
}

static sp_status zip_from(int fd, uint64_t size, zip_t **ret_zip)
{
    zip_source_t *source = archive_source(fd, size);
    zip_error_t error;
    bool memory_out;

    if (!source)
        return ARCHIVE_NO_MEMORY;
    zip_error_init(&error);
    *ret_zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    memory_out = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_error_fini(&error);
    if (*ret_zip)
        return SP_DONE;
    zip_source_free(source);
    return memory_out ? ARCHIVE_NO_MEMORY : ARCHIVE_NOT_READABLE;
}

sp_status archive_open(int fd, uint64_t size, archive_limits limits, archive **ret_archive)
{
    archive *a = calloc(1, sizeof *a);
    sp_status status = a ? zip_from(fd, size, &a->zip) : ARCHIVE_NO_MEMORY;

    if (!sp_failed(status)) {
        a->entries = zip_get_num_entries(a->zip, 0);
        status = a->entries > limits.entries ? ARCHIVE_TOO_LARGE : directory_judge(a, size, limits.inflated);
    }
    if (sp_failed(status)) {
        archive_close(a);
        return status;
    }
    *ret_archive = a;
    return SP_DONE;
}

sp_status archive_open_collection(int fd, uint64_t size, int64_t entries_max, archive **ret_archive)
{
    sp_status status = archive_directory_judge(fd, size, entries_max);
    archive *a = sp_failed(status) ? NULL : calloc(1, sizeof *a);

    if (sp_failed(status))
        return status;
    status = a ? zip_from(fd, size, &a->zip) : ARCHIVE_NO_MEMORY;
    if (!sp_failed(status)) {
        a->entries = zip_get_num_entries(a->zip, 0);
        status = a->entries > entries_max ? ARCHIVE_TOO_LARGE : SP_DONE;
    }
    if (sp_failed(status)) {
        archive_close(a);
        return status;
    }
    *ret_archive = a;
    return SP_DONE;
}

void archive_close(archive *a)
{
    if (a && a->zip)
        zip_discard(a->zip);
    free(a);
}

int64_t archive_entries(const archive *a)
{
    return a->entries;
}

const char *archive_name(const archive *a, int64_t index, uint64_t *ret_size)
{
    zip_stat_t entry = {0};

    if (zip_stat_index(a->zip, (zip_uint64_t)index, 0, &entry) != 0)
        return "";
    if (ret_size)
        *ret_size = entry.size;
    return entry.name;
}

int64_t archive_find(const archive *a, const char *name)
{
    return zip_name_locate(a->zip, name, ZIP_FL_NOCASE);
}

sp_status archive_entry_open(archive *a, int64_t index, archive_entry **ret_entry)
{
    archive_entry *entry;
    zip_stat_t facts;
    sp_status status = entry_judge(a, index, &facts);

    if (sp_failed(status))
        return status;
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) && facts.encryption_method != ZIP_EM_NONE)
        return ARCHIVE_ENCRYPTED;
    if (!(facts.valid & ZIP_STAT_COMP_METHOD) ||
        (facts.comp_method != ZIP_CM_STORE && facts.comp_method != ZIP_CM_DEFLATE))
        return ARCHIVE_PACKING_UNKNOWN;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return ARCHIVE_NO_MEMORY;
    entry->left = facts.size;
    entry->file = zip_fopen_index(a->zip, (zip_uint64_t)index, 0);
    if (!entry->file) {
        bool memory_out = zip_error_code_zip(zip_get_error(a->zip)) == ZIP_ER_MEMORY;

        free(entry);
        return memory_out ? ARCHIVE_NO_MEMORY : ARCHIVE_NOT_READABLE;
    }
    *ret_entry = entry;
    return SP_DONE;
}

sp_status archive_entry_read(archive_entry *entry, void *to, size_t room, size_t *ret_n)
{
    zip_int64_t n = zip_fread(entry->file, to, room);

    if (n < 0 || (uint64_t)n > entry->left || (n == 0 && entry->left > 0))
        return ARCHIVE_NOT_READABLE;
    entry->left -= (uint64_t)n;
    *ret_n = (size_t)n;
    return SP_DONE;
}

void archive_entry_close(archive_entry *entry)
{
    if (entry)
        zip_fclose(entry->file);
    free(entry);
}
