/* Build tool: turns .sql files into C.
 *
 *   embed_sql statements TARGET OUT.h OUT.c FILE.sql…   one db_statement for each section "-- name: …"
 *   embed_sql migrations OUT.c FILE.sql…                the db_migration table, in the order given */
#include <ctype.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SECTION[] = "-- name:";

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("embed_sql: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static FILE *file_open(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);

    if (!file)
        die("cannot open %s", path);
    return file;
}

static void file_close(FILE *file, const char *path)
{
    if (ferror(file) || fclose(file) != 0)
        die("cannot write %s", path);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* One line of SQL as a piece of a string literal, with its newline. */
static void line_write(FILE *out, const char *line)
{
    fputs("    \"", out);
    for (; *line && *line != '\n'; line++) {
        if (*line == '"' || *line == '\\')
            fputc('\\', out);
        fputc(*line, out);
    }
    fputs("\\n\"\n", out);
}

static void section_name(const char *line, const char *path, char name[64])
{
    char rest[64];

    if (sscanf(line + sizeof SECTION - 1, " %63[a-z0-9_] %63s", name, rest) != 1)
        die("%s: bad section line: %s", path, line);
}

static void upper_write(FILE *out, const char *name)
{
    for (; *name; name++)
        fputc(toupper((unsigned char)*name), out);
}

static void section_end(FILE *source, bool system, bool shared)
{
    fprintf(source, "    \"\", %s, %s};\n\n", system ? "true" : "false", shared ? "true" : "false");
}

/* names gathers the table at the file's end. */
static void statements_of_file(const char *path, FILE *header, FILE *source, FILE *names)
{
    FILE *in = file_open(path, "r");
    bool system = ends_with(path, ".system.sql"), shared = ends_with(path, ".shared.sql"), open = false;
    char line[4096], name[64];

    while (fgets(line, sizeof line, in)) {
        if (!strchr(line, '\n') && !feof(in))
            die("%s: a line is too long", path);
        if (strncmp(line, SECTION, sizeof SECTION - 1) == 0) {
            if (open)
                section_end(source, system, shared);
            section_name(line, path, name);
            open = true;
            fputs("extern const db_statement SQL_", header);
            upper_write(header, name);
            fputs(";\n", header);
            fputs("const db_statement SQL_", source);
            upper_write(source, name);
            fprintf(source, " = {\"%s\",\n", name);
            fputs("    &SQL_", names);
            upper_write(names, name);
            fputs(",\n", names);
        } else if (open && strncmp(line, "--", 2) != 0 && line[strspn(line, " \t\n")] != '\0') {
            line_write(source, line);
        }
    }
    if (open)
        section_end(source, system, shared);
    fclose(in);
}

static void statements(const char *target, const char *header_path, const char *source_path, char **files)
{
    FILE *header = file_open(header_path, "w"), *source = file_open(source_path, "w");
    char *table = NULL;
    size_t table_size = 0;
    FILE *names = open_memstream(&table, &table_size);

    if (!names)
        die("out of memory");
    fputs("#pragma once\n\n#include \"db.h\"\n\n", header);
    fprintf(source, "#include \"%s\"\n\n", base_name(header_path));
    for (; *files; files++)
        statements_of_file(*files, header, source, names);
    fclose(names);
    fprintf(source, "extern const db_statement *const %s_statements[];\n", target);
    fprintf(source, "const db_statement *const %s_statements[] = {\n%s    NULL,\n};\n", target, table);
    free(table);
    file_close(header, header_path);
    file_close(source, source_path);
}

static void sha256_write(FILE *out, const char *path)
{
    FILE *in = file_open(path, "r");
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    unsigned char bytes[4096];
    size_t n;

    if (!hash || !EVP_DigestInit_ex(hash, EVP_sha256(), NULL))
        die("no SHA-256");
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        EVP_DigestUpdate(hash, bytes, n);
    EVP_DigestFinal_ex(hash, bytes, NULL);
    for (int i = 0; i < 32; i++)
        fprintf(out, "%02x", bytes[i]);
    EVP_MD_CTX_free(hash);
    fclose(in);
}

static void migrations(const char *out_path, char **files)
{
    FILE *out = file_open(out_path, "w");
    int last = 0, count = 0;

    fputs("#include \"migrate.h\"\n\nconst db_migration DB_MIGRATIONS[] = {\n", out);
    for (; *files; files++, count++) {
        const char *name = base_name(*files);
        FILE *in = file_open(*files, "r");
        char line[4096];
        int number = atoi(name);

        if (number <= last)
            die("%s: migrations are numbered upwards", *files);
        last = number;
        fprintf(out, "    {%d, \"%s\", \"", number, name);
        sha256_write(out, *files);
        fputs("\",\n", out);
        while (fgets(line, sizeof line, in))
            line_write(out, line);
        fputs("    },\n", out);
        fclose(in);
    }
    fprintf(out, "};\nconst size_t DB_MIGRATION_COUNT = %d;\n", count);
    file_close(out, out_path);
}

int main(int argc, char **argv)
{
    if (argc >= 6 && strcmp(argv[1], "statements") == 0)
        statements(argv[2], argv[3], argv[4], argv + 5);
    else if (argc >= 4 && strcmp(argv[1], "migrations") == 0)
        migrations(argv[2], argv + 3);
    else
        die("usage: statements TARGET OUT.h OUT.c FILE… | migrations OUT.c FILE…");
    return 0;
}
