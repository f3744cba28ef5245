/* Records: the four formats, what is repaired, what is refused and with which
 * words. */
#include "corpus/corpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

/* All records of data, as JSON dumps joined by newlines; or the error. */
static char *read_all(const char *data, size_t size, enum record_format format,
                      size_t *repaired) {
    static char out[4096];
    tenor_error error = {0};
    struct record_reader *reader;
    tenor_status status =
        record_reader_open_memory(&reader, "data", data, size, format, &error);
    bool more = true;
    out[0] = '\0';
    while (!status && more) {
        struct record record;
        status = record_reader_next(reader, &record, &more, &error);
        if (status || !more)
            break;
        assert_int_equal(record.text.data[record.text.size], '\0');
        char *dump = json_dumps(record.fields, JSON_COMPACT);
        snprintf(out + strlen(out), sizeof out - strlen(out), "%zu %s\n",
                 record.line, dump);
        free(dump);
        record_clear(&record);
    }
    if (status)
        tenor_error_format(&error, out + strlen(out), sizeof out - strlen(out));
    if (repaired && reader)
        *repaired = record_reader_repaired(reader);
    record_reader_close(reader);
    return out;
}

static void expect(const char *data, enum record_format format,
                   const char *expected) {
    assert_string_equal(read_all(data, strlen(data), format, NULL), expected);
}

static void test_jsonl(void **state) {
    (void)state;
    expect("\xEF\xBB\xBF{\"text\": \"a\", \"x\": [1, null]}\r\n\n  \t\n"
           "{\"text\":\"\"}",
           RECORD_AUTO,
           "1 {\"text\":\"a\",\"x\":[1,null]}\n4 {\"text\":\"\"}\n");
    expect("{\"text\": \"a\", \"text\": \"b\"}\n", RECORD_JSONL,
           "1 {\"text\":\"b\"}\n");
    expect("", RECORD_AUTO, "");
}

static void test_jsonl_errors(void **state) {
    (void)state;
    expect("{\"text\": \"a\"}\n{\"text\": }\n", RECORD_JSONL,
           "1 {\"text\":\"a\"}\ndata:2:10: broken JSON: unexpected token near "
           "'}'; each line must hold one whole object");
    expect("{\"id\": 1}\n", RECORD_JSONL,
           "data:1: the record has no field \"text\"");
    expect("\n{\"text\": 1}\n", RECORD_JSONL,
           "data:2: \"text\" is not a string");
    expect("[{\"text\": \"a\"}]\n", RECORD_AUTO,
           "data:1:1: a JSON list where a record should be; write each record "
           "as one object on a line of its own");
    expect("{\"text\": \"a\", \"n\": 123456789012345678901234567890}\n",
           RECORD_JSONL,
           "data:1:49: a number does not fit into 64 bits; write it as a "
           "string");
    expect("\xFF\xFE{", RECORD_JSONL,
           "data:1:1: this is UTF-16, not text in UTF-8; convert it with "
           "iconv -f UTF-16 -t UTF-8");
}

static void test_jsonl_depth(void **state) {
    (void)state;
    struct buffer data = {0};
    buffer_text(&data, "{\"text\":");
    buffer_fill(&data, '[', 100000);
    expect(data.data, RECORD_JSONL,
           "data:1:2056: the JSON is nested too deeply");
    buffer_clear(&data);
}

static void test_repair(void **state) {
    (void)state;
    size_t repaired;
    const char bytes[] = "{\"text\": \"a\xFF\xE2\x82z\0\\u0000\"}";
    assert_string_equal(
        read_all(bytes, sizeof bytes - 1, RECORD_JSONL, &repaired),
        "1 {\"text\":\"a" BAD BAD "z" BAD BAD "\"}\n");
    assert_int_equal(repaired, 4);
    const char lone[] =
        "{\"text\": \"\\ud83d \\ud83d\\ude00 \\udc00\\\\ud83d\"}";
    assert_string_equal(
        read_all(lone, sizeof lone - 1, RECORD_JSONL, &repaired),
        "1 {\"text\":\"" BAD " \xF0\x9F\x98\x80 " BAD "\\\\ud83d\"}\n");
    assert_int_equal(repaired, 2);
    const char csv[] = "text\n\"a\xC0\xAFz\"\n";
    assert_string_equal(read_all(csv, sizeof csv - 1, RECORD_CSV, &repaired),
                        "2 {\"text\":\"a" BAD BAD "z\"}\n");
    assert_int_equal(repaired, 2);
}

static void test_csv(void **state) {
    (void)state;
    expect("id,text,topic\r\n1,\"a, \"\"b\"\"\r\n c\",x|y\r\n\r\n  \r\n"
           "2, he said \"no\" ,\r\n",
           RECORD_CSV,
           "2 {\"id\":\"1\",\"text\":\"a, \\\"b\\\"\\n c\",\"topic\":\"x|y\"}\n"
           "6 {\"id\":\"2\",\"text\":\"he said \\\"no\\\"\",\"topic\":\"\"}\n");
    expect("text\tid\na\t1\n", RECORD_AUTO,
           "2 {\"text\":\"a\",\"id\":\"1\"}\n");
    expect("_id,text\n1,\"last, unended\"", RECORD_AUTO,
           "2 {\"_id\":\"1\",\"text\":\"last, unended\"}\n");
}

static void test_csv_errors(void **state) {
    (void)state;
    expect("id,topic\n1,x\n", RECORD_CSV,
           "data:1: no column \"text\"; the first row must name the columns, "
           "and one must be \"text\"");
    expect("text,text\n", RECORD_CSV,
           "data:1: the header names the column \"text\" twice");
    expect("text,id\na,1\n\"x\ny\",2,3\n", RECORD_CSV,
           "2 {\"text\":\"a\",\"id\":\"1\"}\ndata:3: the row has 3 cells, but "
           "the header names 2 columns; put cells that hold commas between "
           "quotation marks");
    expect("text,id\na\n", RECORD_CSV,
           "data:2: the row has 1 cell, but the header names 2 columns; put "
           "cells that hold commas between quotation marks");
    expect("text,id\na,1\n\"b\n\nc,2\n", RECORD_CSV,
           "2 {\"text\":\"a\",\"id\":\"1\"}\ndata:3: a quoted cell of this row "
           "is never closed; add the missing quotation mark");
    expect("id,text\n1,\"Yes,\" he said\n", RECORD_CSV,
           "data:2:10: a quotation mark ends the quoted cell, but more text "
           "follows; double the marks inside a quoted cell");
}

static void test_tsv(void **state) {
    (void)state;
    expect("text\ttopic\n\"Yes,\" he said\tx\n\"It's \"\"so\"\"\"\ty\n"
           "\"Open\t\n\"\t\"\n",
           RECORD_TSV,
           "2 {\"text\":\"\\\"Yes,\\\" he said\",\"topic\":\"x\"}\n"
           "3 {\"text\":\"It's \\\"so\\\"\",\"topic\":\"y\"}\n"
           "4 {\"text\":\"\\\"Open\",\"topic\":\"\"}\n"
           "5 {\"text\":\"\\\"\",\"topic\":\"\\\"\"}\n");
    expect("text\ttopic\n\"a\nb\"\tx\n", RECORD_TSV,
           "data:2: the row has 1 cell, but the header names 2 columns; a cell "
           "of TSV can't hold tabs or line breaks, use CSV for these");
}

static void test_fasttext(void **state) {
    (void)state;
    expect("__label__x  __label__y-z a text \n__label__x\n", RECORD_AUTO,
           "1 {\"text\":\"a text \",\"label\":[\"x\",\"y-z\"]}\n"
           "2 {\"text\":\"\",\"label\":\"x\"}\n");
    expect("__label__x a\nno label\n", RECORD_FASTTEXT,
           "1 {\"text\":\"a\",\"label\":\"x\"}\ndata:2:1: no label; a line "
           "must begin with \"__label__NAME\"");
    expect("__label__x __label__ a\n", RECORD_FASTTEXT,
           "data:1:12: a label without a name: \"__label__\"");
}

static void test_paths(void **state) {
    (void)state;
    assert_true(record_path("a/b.JSONL"));
    assert_true(record_path("b.csv"));
    assert_false(record_path("b.txt"));
    assert_false(record_path("csv"));
    assert_false(record_path(NULL));
    tenor_error error = {0};
    struct record_reader *reader;
    assert_int_equal(
        record_reader_open(&reader, "/nonexistent/x.csv", RECORD_AUTO, &error),
        TENOR_ERROR_IO);
    assert_null(reader);
    assert_string_equal(error.message,
                        "cannot open: No such file or directory");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_jsonl_errors),
        cmocka_unit_test(test_jsonl_depth),
        cmocka_unit_test(test_repair),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_errors),
        cmocka_unit_test(test_tsv),
        cmocka_unit_test(test_fasttext),
        cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
