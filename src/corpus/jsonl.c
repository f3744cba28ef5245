/* One JSON object a line, through jansson, which bounds nesting (2,048 levels)
 * and number sizes, and takes the last of two fields of one name, as Python
 * and jq do.
 *
 * Python writes half of a surrogate pair as an escape ("\ud83d") when it cuts
 * a text inside an emoji. Such an escape is no character, and jansson refuses
 * it; it is repaired to U+FFFD like any other bad sequence, on a second try
 * only, so that good lines don't pay for it. */
#include "corpus/format.h"

#include <string.h>

/* The value of an escape "\uXXXX" at data[size], or 0. */
static unsigned read_escape(const char *data, size_t size) {
    if (size < 6 || data[0] != '\\' || data[1] != 'u')
        return 0;
    unsigned value = 0;
    for (size_t i = 2; i < 6; i++) {
        static const char digits[] = "0123456789abcdef";
        char lower =
            data[i] >= 'A' && data[i] <= 'F' ? (char)(data[i] + 32) : data[i];
        const char *digit = memchr(digits, lower, 16);
        if (!digit)
            return 0;
        value = value * 16 + (unsigned)(digit - digits);
    }
    return value;
}

/* Replaces escapes of lone surrogates, in place: the size stays, so that
 * columns in messages stay true. */
static size_t mend_surrogates(char *data, size_t size) {
    size_t mended = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        if (data[i] != '\\')
            continue;
        unsigned first = read_escape(data + i, size - i);
        if (first < 0xD800 || first > 0xDFFF) {
            i++; /* what a backslash escapes is no backslash of its own */
            continue;
        }
        unsigned second = read_escape(data + i + 6, size - i - 6);
        if (first < 0xDC00 && second >= 0xDC00 && second <= 0xDFFF) {
            i += 11;
            continue;
        }
        memcpy(data + i + 2, "FFFD", 4);
        mended++;
        i += 5;
    }
    return mended;
}

/* JSON white space: what may stand before the object. */
static size_t find_start(struct slice line) {
    size_t start = 0;
    while (start < line.size && memchr(" \t\r", line.data[start], 3))
        start++;
    return start;
}

static tenor_status explain(const json_error_t *reason, struct slice line,
                            struct place place, tenor_error *error) {
    size_t column = reason->position > 0 ? (size_t)reason->position : 1;
    size_t start = find_start(line);
    if (start < line.size && line.data[start] == '[')
        return error_at(error, TENOR_ERROR_INPUT, place.file, place.line,
                        start + 1,
                        "a JSON list where a record should be; write each "
                        "record as one object on a line of its own");
    switch (json_error_code(reason)) {
    case json_error_unknown: /* jansson says nothing when memory runs out */
    case json_error_out_of_memory:
        return error_memory(error);
    case json_error_numeric_overflow:
        return error_at(error, TENOR_ERROR_INPUT, place.file, place.line,
                        column,
                        "a number does not fit into 64 bits; write it as a "
                        "string");
    case json_error_stack_overflow:
        return error_at(error, TENOR_ERROR_INPUT, place.file, place.line,
                        column, "the JSON is nested too deeply");
    default:
        return error_at(error, TENOR_ERROR_INPUT, place.file, place.line,
                        column,
                        "broken JSON: %s; each line must hold one whole object",
                        reason->text);
    }
}

/* A second try with lone surrogates mended, where there are any. */
static tenor_status retry(json_t **out, size_t *repaired, struct slice line,
                          json_error_t *reason) {
    char *copy = memory_copy_text(line.data, line.size);
    if (!copy)
        return TENOR_ERROR_MEMORY;
    size_t mended = mend_surrogates(copy, line.size);
    if (mended)
        *out = json_loadb(copy, line.size, JSON_ALLOW_NUL, reason);
    *repaired += mended;
    memory_free(copy);
    return TENOR_OK;
}

tenor_status jsonl_parse(json_t **out, size_t *repaired, struct slice line,
                         struct place place, tenor_error *error) {
    json_error_t reason = {0};
    *out = json_loadb(line.data, line.size, JSON_ALLOW_NUL, &reason);
    if (!*out && retry(out, repaired, line, &reason))
        return error_memory(error);
    if (json_is_object(*out))
        return TENOR_OK;
    json_decref(*out); /* a list, the only other thing that jansson lets by */
    *out = NULL;
    return explain(&reason, line, place, error);
}
