/* tenor tokens: how a text is cut into terms, and what each one weighs. */
#include "cli/cli.h"
#include "model/model.h"

#include <stdlib.h>

static struct {
    const char *model;
    size_t input;
} settings;

static const struct option_spec options[] = {
    {"model", 'm', OPTION_TEXT, "MODEL",
     "The model file. Default: $TENOR_MODEL, else the shipped model.",
     &settings.model, 0, 0, NULL},
    {"input", 'i', OPTION_CHOICE, "FORMAT",
     "What the files hold: articles (text, markdown, html), records (jsonl, "
     "csv, tsv), or auto: what their names and first bytes say; standard input "
     "is an article then. Default: %s.",
     &settings.input, 0, 0, unit_input_names},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};

static const struct command command = {
    "tenor tokens",
    "[options] [FILE...]",
    "tenor tokens article.txt",
    "Shows, for every paragraph, the terms that the model's vocabulary holds, "
    "each with its weight in the paragraph (TF-IDF) and the number of "
    "paragraphs of the training corpus that hold it; the words that it does "
    "not hold are counted.",
    options,
    NULL};

struct weighed {
    uint32_t column;
    float value;
};

static int compare_weighed(const void *a, const void *b) {
    const struct weighed *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return left->column < right->column ? -1 : left->column > right->column;
}

static tenor_status print_row(const tenor_model *model, const struct row *row,
                              tenor_error *error) {
    struct weighed *terms = memory_new(row->count, sizeof *terms);
    struct buffer name = {0};
    if (!terms)
        return error_memory(error);
    for (size_t i = 0; i < row->count; i++)
        terms[i] = (struct weighed){row->columns[i], row->values[i]};
    if (row->count)
        qsort(terms, row->count, sizeof *terms, compare_weighed);
    for (size_t i = 0; i < row->count; i++) {
        name.size = 0;
        term_names_write(model->names, &name, terms[i].column);
        printf("  %.4f  %6u  %s\n", (double)terms[i].value,
               model->vocabulary.df[terms[i].column], name.data);
    }
    memory_free(terms);
    bool failed = name.failed;
    buffer_clear(&name);
    return failed ? error_memory(error) : TENOR_OK;
}

static tenor_status print_file(const tenor_model *model,
                               struct vectorizer *vectorizer, const char *path,
                               tenor_error *error) {
    struct unit_reader reader;
    struct unit unit;
    bool more = true;
    tenor_status status = unit_reader_open(
        &reader, path, (enum unit_input)settings.input, error);
    while (!status && more) {
        status = unit_reader_next(&reader, &unit, &more, error);
        if (status || !more)
            break;
        struct row row;
        status = vectorizer_row(vectorizer, &row,
                                (struct slice){unit.text, unit.size}, unit.kind,
                                error);
        printf("%s:%zu: %zu words, %zu known, %zu terms\n", reader.name,
               unit.number, row.words, row.known, row.count);
        if (!status)
            status = print_row(model, &row, error);
        printf("\n");
        if (!status)
            status = output_flush(error);
        unit_clear(&unit);
    }
    unit_reader_close(&reader);
    return status;
}

int command_tokens(int argc, char **argv) {
    struct option_list files = {0};
    enum option_result result = options_parse(&command, argc, argv, &files);
    int code = result == OPTIONS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (result == OPTIONS_GOOD) {
        tenor_error error = {0};
        tenor_model *model = NULL;
        struct vectorizer *vectorizer = NULL;
        tenor_status status =
            tenor_model_load(&model, model_path(settings.model), &error);
        if (!status)
            status = vectorizer_new(&vectorizer, &model->vocabulary, &error);
        size_t count = files.count ? files.count : 1;
        for (size_t i = 0; !status && i < count; i++)
            status = print_file(model, vectorizer,
                                files.count ? files.items[i] : NULL, &error);
        vectorizer_free(vectorizer);
        tenor_model_free(model);
        if (status)
            code = message_fail(&error);
    }
    option_list_clear(&files);
    return code;
}
