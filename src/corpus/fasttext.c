/* fastText's lines: "__label__x __label__y text". The labels come first; what
 * follows the last of them is the text, which may be empty. One label is given
 * as a string, several as a list. */
#include "corpus/format.h"

#include <string.h>

static const char prefix[] = "__label__";
enum { PREFIX = sizeof prefix - 1 };

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t';
}

static struct slice skip_space(struct slice text) {
    while (text.size && is_space(*text.data))
        text = (struct slice){text.data + 1, text.size - 1};
    return text;
}

/* Cuts "__label__x" off the front; false: the text begins otherwise. */
static bool take_label(struct slice *label, struct slice *text) {
    struct slice rest = skip_space(*text);
    if (rest.size < PREFIX || memcmp(rest.data, prefix, PREFIX) != 0)
        return false;
    size_t end = PREFIX;
    while (end < rest.size && !is_space(rest.data[end]))
        end++;
    *label = (struct slice){rest.data + PREFIX, end - PREFIX};
    *text = (struct slice){rest.data + end, rest.size - end};
    return true;
}

static json_t *build(json_t *labels, struct slice text) {
    json_t *fields = json_object();
    json_t *label =
        json_array_size(labels) == 1 ? json_array_get(labels, 0) : labels;
    if (fields &&
        json_object_set_new(fields, "text",
                            json_stringn(text.data, text.size)) == 0 &&
        json_object_set(fields, "label", label) == 0)
        return fields;
    json_decref(fields);
    return NULL;
}

tenor_status fasttext_parse(json_t **out, struct slice line, struct place place,
                            tenor_error *error) {
    *out = NULL;
    tenor_status status = TENOR_OK;
    struct slice text = line, label;
    json_t *labels = json_array();
    while (take_label(&label, &text)) {
        if (label.size == 0) {
            status = error_at(error, TENOR_ERROR_INPUT, place.file, place.line,
                              (size_t)(text.data - line.data) - PREFIX + 1,
                              "a label without a name: \"%s\"", prefix);
            goto done;
        }
        if (json_array_append_new(labels,
                                  json_stringn(label.data, label.size))) {
            status = error_memory(error);
            goto done;
        }
    }
    if (labels && json_array_size(labels) == 0) {
        status =
            error_at(error, TENOR_ERROR_INPUT, place.file, place.line, 1,
                     "no label; a line must begin with \"%sNAME\"", prefix);
        goto done;
    }
    *out = labels ? build(labels, skip_space(text)) : NULL;
    if (!*out)
        status = error_memory(error);
done:
    json_decref(labels);
    return status;
}
