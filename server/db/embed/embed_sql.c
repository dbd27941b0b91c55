/* Build tool: turns .sql files into C.
 *
 *   embed_sql statements TARGET OUT.h OUT.c FILE.sql…   one db_statement for each section "-- name: …"; what several
 *       of a file share stands before them in a section "-- part: …" and goes where they say "-- use: …"
 *   embed_sql migrations OUT.c FILE.sql…                the db_migration table, in the order given */
#include <ctype.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SECTION[] = "-- name:", PART[] = "-- part:", USE[] = "-- use:";

enum { PARTS_MAX = 32 }; /* of one file */

typedef struct {
    char name[64];
    char *lines; /* pieces of a string literal */
    size_t size;
} part;

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

static bool begins_with(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* What follows the colon. */
static void section_name(const char *line, const char *path, char name[64])
{
    char rest[64];

    if (sscanf(strchr(line, ':') + 1, " %63[a-z0-9_] %63s", name, rest) != 1)
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

/* One file while it is read. */
typedef struct {
    const char *path;
    bool system, shared;
    FILE *header, *source, *names; /* names gathers the table at the file's end */
    FILE *out;                     /* where lines go: source, the part that is open, or NULL before the first section */
    part parts[PARTS_MAX];
    int part_count;
} sql_file;

static void close_section(sql_file *f)
{
    if (f->out == f->source)
        section_end(f->source, f->system, f->shared);
    else if (f->out)
        fclose(f->out);
    f->out = NULL;
}

static void open_statement(sql_file *f, const char *line)
{
    char name[64];

    section_name(line, f->path, name);
    fputs("extern const db_statement SQL_", f->header);
    upper_write(f->header, name);
    fputs(";\n", f->header);
    fputs("const db_statement SQL_", f->source);
    upper_write(f->source, name);
    fprintf(f->source, " = {\"%s\",\n", name);
    fputs("    &SQL_", f->names);
    upper_write(f->names, name);
    fputs(",\n", f->names);
    f->out = f->source;
}

static void open_part(sql_file *f, const char *line)
{
    part *p = &f->parts[f->part_count++];

    if (f->part_count > PARTS_MAX)
        die("%s: too many parts", f->path);
    section_name(line, f->path, p->name);
    f->out = open_memstream(&p->lines, &p->size);
    if (!f->out)
        die("out of memory");
}

static void use_part(sql_file *f, const char *line)
{
    char name[64];

    section_name(line, f->path, name);
    for (int i = 0; i < f->part_count; i++)
        if (strcmp(f->parts[i].name, name) == 0 && f->parts[i].lines) {
            fputs(f->parts[i].lines, f->out);
            return;
        }
    die("%s: there is no part before this: %s", f->path, line);
}

static void read_line(sql_file *f, const char *line)
{
    const char *text = line + strspn(line, " \t");

    if (begins_with(line, SECTION) || begins_with(line, PART))
        close_section(f);
    if (begins_with(line, SECTION))
        open_statement(f, line);
    else if (begins_with(line, PART))
        open_part(f, line);
    else if (f->out && begins_with(text, USE))
        use_part(f, text);
    else if (f->out && !begins_with(line, "--") && *text != '\n' && *text != '\0')
        line_write(f->out, line);
}

static void statements_of_file(const char *path, FILE *header, FILE *source, FILE *names)
{
    sql_file f = {.path = path,
                  .system = ends_with(path, ".system.sql"),
                  .shared = ends_with(path, ".shared.sql"),
                  .header = header,
                  .source = source,
                  .names = names};
    FILE *in = file_open(path, "r");
    char line[4096];

    while (fgets(line, sizeof line, in)) {
        if (!strchr(line, '\n') && !feof(in))
            die("%s: a line is too long", path);
        read_line(&f, line);
    }
    close_section(&f);
    for (int i = 0; i < f.part_count; i++)
        free(f.parts[i].lines);
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
