/* replay PATH…: runs a fuzz target once over every file of the paths, for builds without libFuzzer. Each input lies in
 * memory of exactly its size, so that a sanitizer sees every byte read too far. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { INPUT_MAX = 1 << 20 };

static void refuse(const char *path, const char *why)
{
    fprintf(stderr, "replay: %s: %s\n", path, why);
    exit(2);
}

static size_t replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    static uint8_t room[INPUT_MAX];
    uint8_t *input;
    size_t size;

    if (!file)
        refuse(path, "cannot be opened");
    size = fread(room, 1, sizeof room, file);
    if (ferror(file) || fgetc(file) != EOF)
        refuse(path, "cannot be read, or is too long");
    fclose(file);
    input = malloc(size ? size : 1);
    if (!input)
        refuse(path, "no memory");
    memcpy(input, room, size);
    LLVMFuzzerTestOneInput(input, size);
    free(input);
    return 1;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    size_t replayed = 0;

    if (count < 0)
        refuse(path, "cannot be listed");
    for (int i = 0; i < count; i++) {
        char inner[4096];

        if (snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name) >= (int)sizeof inner)
            refuse(path, "too long a path");
        replayed += replay_file(inner);
        free(entries[i]);
    }
    free(entries);
    return replayed;
}

int main(int argc, char **argv)
{
    size_t replayed = 0;

    for (int i = 1; i < argc; i++) {
        struct stat about;

        if (stat(argv[i], &about) != 0)
            refuse(argv[i], "does not exist");
        replayed += S_ISDIR(about.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]);
    }
    printf("replayed %zu inputs\n", replayed);
    return replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
