#include "source.h"

#include <string.h>

#include "scratch.h"

const source_path source_root = {NULL, 0};

source_path source_path_below(source_path above, int32_t number, size_t index)
{
    int32_t *steps = SCRATCH_ARRAY(above.count + 2, int32_t);

    if (above.count > 0)
        memcpy(steps, above.steps, above.count * sizeof *steps);
    steps[above.count] = number;
    steps[above.count + 1] = (int32_t)index;
    return (source_path){steps, above.count + 2};
}

static const Location *find(const FileDescriptorProto *file, source_path path)
{
    if (file->source_code_info == NULL)
        return NULL;
    for (size_t i = 0; i < file->source_code_info->n_location; i++) {
        const Location *location = file->source_code_info->location[i];

        if (location->n_path == path.count && memcmp(location->path, path.steps, path.count * sizeof *path.steps) == 0)
            return location;
    }
    return NULL;
}

const char *source_comment(const FileDescriptorProto *file, source_path path)
{
    const Location *location = find(file, path);

    if (location != NULL && location->leading_comments != NULL)
        return location->leading_comments;
    return location != NULL && location->trailing_comments != NULL ? location->trailing_comments : "";
}

source_place source_place_of(const FileDescriptorProto *file, source_path path)
{
    const Location *location = find(file, path);

    if (location == NULL || location->n_span < 2 || location->span[0] == INT32_MAX || location->span[1] == INT32_MAX)
        return (source_place){0, 0};
    return (source_place){location->span[0] + 1, location->span[1] + 1};
}
