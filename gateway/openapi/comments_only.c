/* comments-only IN OUT: a FileDescriptorSet without the positions in its source, of which the comments alone are wanted
 * at run time. Most of what --include_source_info adds are positions. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "google/protobuf/descriptor.pb-c.h"

typedef Google__Protobuf__FileDescriptorProto FileDescriptorProto;
typedef Google__Protobuf__FileDescriptorSet FileDescriptorSet;
typedef Google__Protobuf__SourceCodeInfo SourceCodeInfo;
typedef Google__Protobuf__SourceCodeInfo__Location Location;

enum { SET_MAX = 256 << 20 };

static int complain(const char *path, const char *why)
{
    fprintf(stderr, "comments-only: %s: %s\n", path, why);
    return EXIT_FAILURE;
}

/* How many locations have a comment; they come first then. */
static size_t put_comments_first(SourceCodeInfo *info)
{
    size_t kept = 0;

    for (size_t i = 0; i < info->n_location; i++) {
        Location *location = info->location[i];

        if (!location->leading_comments && !location->trailing_comments)
            continue;
        location->n_span = 0;
        info->location[i] = info->location[kept];
        info->location[kept++] = location;
    }
    return kept;
}

/* Google's own files have more comments than ours, and nobody looks there for them. */
static bool is_of_google(const FileDescriptorProto *file)
{
    return file->package && strncmp(file->package, "google.", 7) == 0;
}

static int write_set(const FileDescriptorSet *set, const char *path)
{
    size_t size = google__protobuf__file_descriptor_set__get_packed_size(set);
    uint8_t *bytes = malloc(size);
    sp_status status = OUT_OF_MEMORY;

    if (bytes) {
        google__protobuf__file_descriptor_set__pack(set, bytes);
        status = file_write(path, bytes, size, 0644);
    }
    free(bytes);
    return sp_failed(status) ? complain(path, status.message) : EXIT_SUCCESS;
}

/* Writes the first locations alone, then has all of them in place again, to be freed. */
static int write_comments(FileDescriptorSet *set, const char *path)
{
    size_t *counts = calloc(set->n_file + 1, sizeof *counts);
    int code;

    if (!counts)
        return complain(path, OUT_OF_MEMORY.message);
    for (size_t i = 0; i < set->n_file; i++) {
        SourceCodeInfo *info = set->file[i]->source_code_info;

        if (!info)
            continue;
        counts[i] = info->n_location;
        info->n_location = is_of_google(set->file[i]) ? 0 : put_comments_first(info);
    }
    code = write_set(set, path);
    for (size_t i = 0; i < set->n_file; i++)
        if (set->file[i]->source_code_info)
            set->file[i]->source_code_info->n_location = counts[i];
    free(counts);
    return code;
}

int main(int argc, char **argv)
{
    FileDescriptorSet *set;
    sp_status status;
    char *bytes;
    size_t size;
    int code;

    if (argc != 3)
        return complain("usage", "comments-only IN OUT");
    status = file_read(argv[1], SET_MAX, &bytes, &size);
    if (sp_failed(status))
        return complain(argv[1], status.message);
    set = google__protobuf__file_descriptor_set__unpack(NULL, size, (uint8_t *)bytes);
    free(bytes);
    if (!set)
        return complain(argv[1], "It is no descriptor set.");
    code = write_comments(set, argv[2]);
    google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    return code;
}
