/* base: readers over files, pipes and memory; whole files; files that appear
 * only once they are complete. */
#include "base/base.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[96];

static int make_directory(void **state) {
    (void)state;
    strcpy(directory, "/tmp/tenor-files-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/file", directory);
    return 0;
}

static int remove_directory(void **state) {
    (void)state;
    unlink(path);
    return rmdir(directory); /* fails where something was left behind */
}

static void write_file(const char *data, size_t size) {
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(data, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void expect_file(const char *expected) {
    struct file_bytes file;
    assert_int_equal(file_load(&file, path, NULL), TENOR_OK);
    assert_int_equal(file.size, strlen(expected));
    if (file.size)
        assert_memory_equal(file.data, expected, file.size);
    file_unload(&file);
}

/* ---- lines ------------------------------------------------------------- */

/* The reader's lines, each followed by a bar. */
static void expect_lines(struct reader *reader, const char *expected) {
    struct buffer found = {0};
    struct slice line;
    bool more = true;
    size_t count = 0;
    buffer_text(&found, "|");
    while (more) {
        assert_int_equal(reader_line(reader, &line, &more, NULL), TENOR_OK);
        if (!more)
            break;
        buffer_append(&found, line.data, line.size);
        buffer_text(&found, "|");
        assert_int_equal(reader->line, ++count);
    }
    assert_int_equal(line.size, 0);
    assert_true(reader_ready(reader));
    assert_string_equal(found.data, expected);
    buffer_clear(&found);
    reader_close(reader);
}

static void lines_end_in_any_way(void **state) {
    (void)state;
    static const struct {
        const char *text, *lines;
    } cases[] = {{"", "|"},
                 {"\n", "||"},
                 {"a", "|a|"},
                 {"a\n", "|a|"},
                 {"a\r\nb\r\n\r\nc", "|a|b||c|"},
                 {"a\n\nb\rc\r", "|a||b\rc|"}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct reader reader;
        size_t size = strlen(cases[i].text);
        reader_open_memory(&reader, "memory", cases[i].text, size);
        expect_lines(&reader, cases[i].lines);
        write_file(cases[i].text, size);
        assert_int_equal(reader_open(&reader, path, NULL), TENOR_OK);
        expect_lines(&reader, cases[i].lines);
    }
}

static void long_lines_are_whole(void **state) {
    (void)state;
    enum { LONG = 300000 };
    char *text = memory_new(LONG + 8, 1);
    memset(text, 'x', LONG);
    memcpy(text + LONG, "\nshort", 6);
    write_file(text, LONG + 6);
    struct reader reader;
    struct slice line;
    bool more;
    assert_int_equal(reader_open(&reader, path, NULL), TENOR_OK);
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_int_equal(line.size, LONG);
    assert_memory_equal(line.data, text, LONG);
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_memory_equal(line.data, "short", 5);
    reader_close(&reader);
    for (size_t n = 1; n < 4; n++) { /* growing fails, the reader doesn't */
        tenor_error error = {0};
        assert_int_equal(reader_open(&reader, path, NULL), TENOR_OK);
        memory_fail_at(n);
        tenor_status status = reader_line(&reader, &line, &more, &error);
        memory_fail_at(0);
        assert_int_equal(status, TENOR_ERROR_MEMORY);
        assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
        assert_int_equal(line.size, LONG);
        reader_close(&reader);
    }
    memory_free(text);
}

/* Lines of every length, so that each way of crossing a block is met. */
static void lines_cross_blocks(void **state) {
    (void)state;
    enum { LINES = 1500 };
    struct buffer text = {0};
    for (size_t i = 0; i < LINES; i++) {
        buffer_fill(&text, (char)('a' + i % 26), i);
        buffer_text(&text, i % 3 ? "\n" : "\r\n");
    }
    write_file(text.data, text.size);
    struct reader reader;
    assert_int_equal(reader_open(&reader, path, NULL), TENOR_OK);
    for (size_t i = 0; i < LINES; i++) {
        struct slice line, head;
        bool more;
        assert_int_equal(reader_peek(&reader, &head, 3, NULL), TENOR_OK);
        assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
        assert_true(more);
        assert_int_equal(line.size, i);
        assert_true(i == 0 || line.data[i - 1] == (char)('a' + i % 26));
    }
    reader_close(&reader);
    buffer_clear(&text);
}

static void blocks_and_glances_lose_nothing(void **state) {
    (void)state;
    struct reader reader;
    struct slice slice;
    bool more = true;
    size_t total = 0;
    write_file("head\nbody", 9);
    assert_int_equal(reader_open(&reader, path, NULL), TENOR_OK);
    assert_int_equal(reader_peek(&reader, &slice, 4, NULL), TENOR_OK);
    assert_memory_equal(slice.data, "head", 4);
    assert_int_equal(reader_peek(&reader, &slice, 100, NULL), TENOR_OK);
    assert_int_equal(slice.size, 9);
    assert_int_equal(reader_line(&reader, &slice, &more, NULL), TENOR_OK);
    while (more) {
        assert_int_equal(reader_block(&reader, &slice, &more, NULL), TENOR_OK);
        total += slice.size;
    }
    assert_int_equal(total, 4);
    reader_close(&reader);
}

static void what_can_not_be_read_says_so(void **state) {
    (void)state;
    struct reader reader;
    struct file_bytes file;
    tenor_error error = {0};
    assert_int_equal(reader_open(&reader, path, &error), TENOR_ERROR_IO);
    assert_string_equal(error.file, path);
    assert_non_null(strstr(error.message, "cannot open: No such file"));
    assert_int_equal(reader_open(&reader, directory, &error), TENOR_ERROR_IO);
    assert_non_null(strstr(error.message, "is a directory"));
    reader_close(&reader); /* whatever became of it */
    assert_int_equal(file_load(&file, path, &error), TENOR_ERROR_IO);
    assert_int_equal(file_load(&file, directory, &error), TENOR_ERROR_IO);
    assert_non_null(strstr(error.message, "is a directory"));
}

/* ---- pipes ------------------------------------------------------------- */

static void pipes_hand_out_what_has_come(void **state) {
    (void)state;
    int ends[2], standard = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    struct reader reader;
    struct slice line;
    bool more;
    assert_int_equal(reader_open(&reader, "-", NULL), TENOR_OK);
    assert_string_equal(reader.name, "stdin");
    assert_false(reader_ready(&reader));
    assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_memory_equal(line.data, "one", 3);
    assert_true(reader_ready(&reader)); /* "two" is here */
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_memory_equal(line.data, "two", 3);
    assert_false(reader_ready(&reader)); /* half a line is none */
    assert_int_equal(write(ends[1], "e", 1), 1);
    assert_false(reader_ready(&reader)); /* nor is more of it */
    assert_int_equal(write(ends[1], "e", 1), 1);
    close(ends[1]);
    assert_true(reader_ready(&reader));
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_int_equal(line.size, 5);
    assert_memory_equal(line.data, "three", 5);
    assert_int_equal(reader_line(&reader, &line, &more, NULL), TENOR_OK);
    assert_false(more);
    reader_close(&reader); /* leaves standard input open */
    assert_true(dup2(standard, STDIN_FILENO) == STDIN_FILENO);
    close(standard);
    close(ends[0]);
}

/* ---- whole files ------------------------------------------------------- */

static void files_are_loaded_whole(void **state) {
    (void)state;
    struct file_bytes file;
    write_file("", 0);
    expect_file("");
    write_file("a\0b", 3);
    assert_int_equal(file_load(&file, path, NULL), TENOR_OK);
    assert_int_equal(file.size, 3);
    assert_memory_equal(file.data, "a\0b", 3);
    file_unload(&file);
    assert_null(file.data);
    /* no regular file: read, not mapped */
    if (access("/proc/self/status", R_OK) == 0) {
        assert_int_equal(file_load(&file, "/proc/self/status", NULL), TENOR_OK);
        assert_true(file.size > 100);
        assert_false(file.mapped);
        file_unload(&file);
    }
}

/* ---- output ------------------------------------------------------------ */

static size_t count_files(void) {
    DIR *entries = opendir(directory);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

static void output_appears_when_it_is_complete(void **state) {
    (void)state;
    struct file_output out;
    struct stat about;
    assert_int_equal(file_output_open(&out, path, NULL), TENOR_OK);
    fputs("half", out.stream);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(file_output_commit(&out, NULL), TENOR_OK);
    file_output_discard(&out); /* does nothing any more */
    expect_file("half");
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0666 & ~mask);

    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(file_output_open(&out, path, NULL), TENOR_OK);
    fputs("other", out.stream);
    expect_file("half"); /* the old one, until the new one is complete */
    assert_int_equal(file_output_commit(&out, NULL), TENOR_OK);
    expect_file("other");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);

    assert_int_equal(file_output_open(&out, path, NULL), TENOR_OK);
    fputs("never", out.stream);
    assert_int_equal(count_files(), 2);
    file_output_discard(&out);
    expect_file("other");
    assert_int_equal(count_files(), 1);
}

static void who_is_killed_leaves_nothing(void **state) {
    (void)state;
    struct file_output outputs[10]; /* of which some go unseen */
    size_t before = count_files();
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(file_output_open(&outputs[i], path, NULL), TENOR_OK);
    file_output_discard(&outputs[3]);
    assert_int_equal(count_files(), before + 9);
    file_outputs_abandon();
    assert_int_equal(count_files(), before + 2);
    for (size_t i = 0; i < 10; i++)
        file_output_discard(&outputs[i]);
    assert_int_equal(count_files(), before);
    assert_int_equal(file_output_open(&outputs[0], path, NULL), TENOR_OK);
    assert_int_equal(count_files(), before + 1);
    file_outputs_abandon();
    assert_int_equal(count_files(), before);
    file_output_discard(&outputs[0]);
}

static void output_that_fails_leaves_nothing(void **state) {
    (void)state;
    struct file_output out;
    tenor_error error = {0};
    assert_int_equal(file_output_open(&out, directory, &error), TENOR_ERROR_IO);
    assert_non_null(strstr(error.message, "is a directory"));
    assert_int_equal(file_output_open(&out, "/nowhere/file", &error),
                     TENOR_ERROR_IO);
    assert_string_equal(error.file, "/nowhere/file");
    assert_non_null(strstr(error.message, "cannot write: No such file"));
    if (access("/dev/full", W_OK) == 0) {
        assert_int_equal(file_output_open(&out, "/dev/full", &error), TENOR_OK);
        fputs("lost", out.stream);
        assert_int_equal(file_output_commit(&out, &error), TENOR_ERROR_IO);
        assert_non_null(strstr(error.message, "No space left"));
        assert_null(out.stream);
    }
    if (geteuid() != 0) { /* root writes everywhere */
        assert_int_equal(chmod(directory, 0500), 0);
        assert_int_equal(file_output_open(&out, path, &error), TENOR_ERROR_IO);
        assert_int_equal(chmod(directory, 0700), 0);
    }
    for (size_t n = 1; n <= 2; n++) {
        memory_fail_at(n);
        assert_int_equal(file_output_open(&out, path, &error),
                         TENOR_ERROR_MEMORY);
        memory_fail_at(0);
    }
    assert_int_equal(count_files(), 0);
}

static void checks_of_output_leave_no_trace(void **state) {
    (void)state;
    tenor_error error = {0};
    struct stat before, after;
    assert_int_equal(file_output_check(path, NULL), TENOR_OK);
    assert_int_equal(count_files(), 0);
    write_file("old", 3);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(file_output_check(path, NULL), TENOR_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_ino, before.st_ino);
    expect_file("old");
    assert_int_equal(file_output_check(directory, &error), TENOR_ERROR_IO);
    assert_int_equal(file_output_check("/nowhere/file", &error),
                     TENOR_ERROR_IO);
    assert_string_equal(error.file, "/nowhere/file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* would wait for its reader */
    assert_int_equal(file_output_check(path, NULL), TENOR_OK);
    assert_int_equal(count_files(), 1);
}

#define IN_DIRECTORY(test)                                                     \
    cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(lines_end_in_any_way),
        IN_DIRECTORY(long_lines_are_whole),
        IN_DIRECTORY(lines_cross_blocks),
        IN_DIRECTORY(blocks_and_glances_lose_nothing),
        IN_DIRECTORY(what_can_not_be_read_says_so),
        IN_DIRECTORY(pipes_hand_out_what_has_come),
        IN_DIRECTORY(files_are_loaded_whole),
        IN_DIRECTORY(output_appears_when_it_is_complete),
        IN_DIRECTORY(who_is_killed_leaves_nothing),
        IN_DIRECTORY(output_that_fails_leaves_nothing),
        IN_DIRECTORY(checks_of_output_leave_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
