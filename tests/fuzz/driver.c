/* Runs a fuzz target without libFuzzer: over the files and directories that
 * are named, over every seed cut short, and over copies with bytes changed by
 * a fixed chance. So that the targets are built and run wherever the tests are.
 */
#define _DEFAULT_SOURCE /* scandir's order */
#include "base/base.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGED_COPIES = 150, CUT_COPIES = 50 };

static uint64_t chance = 1;

static uint64_t draw(uint64_t below) {
    chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (chance >> 33) % below;
}

/* On memory exactly as long as the input, for valgrind and asan. */
static void run_on(const char *data, size_t size) {
    char *copy = memory_new_raw(size, 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput((const uint8_t *)copy, size);
    memory_free(copy);
}

static void run_changed(char *copy, size_t size) {
    static const char telling[] = "\"\\<>{}[]|#*_\n\t\r\0\xff\xe2\x80\x99\xc2";
    for (size_t changes = 1 + draw(8); changes > 0 && size > 0; changes--) {
        size_t at = draw(size);
        if (draw(2))
            copy[at] = telling[draw(sizeof telling - 1)];
        else
            copy[at] = (char)(copy[at] ^ (1 << draw(8)));
    }
    run_on(copy, size);
}

static void run_file(const char *path) {
    struct file_bytes file;
    tenor_error error = {0};
    if (file_load(&file, path, &error)) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        exit(1);
    }
    run_on(file.data, file.size);
    for (size_t i = 0; i < CUT_COPIES; i++)
        run_on(file.data, file.size * i / CUT_COPIES);
    char *copy = memory_new_raw(file.size, 1);
    for (size_t i = 0; copy && i < CHANGED_COPIES; i++) {
        if (file.size)
            memcpy(copy, file.data, file.size);
        run_changed(copy, file.size);
    }
    memory_free(copy);
    file_unload(&file);
}

static void run_path(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        run_file(path);
        return;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct buffer name = {0};
        buffer_format(&name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            run_file(name.data);
        buffer_clear(&name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv) {
    run_on("", 0);
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    return 0;
}
