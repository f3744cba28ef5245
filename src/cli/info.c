/* tenor info: what a model is. */
#include "cli/cli.h"
#include "model/model.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const char *model;
    size_t terms;
} settings;

static const struct option_spec options[] = {
    {"model", 'm', OPTION_TEXT, "MODEL",
     "The model file. Default: $TENOR_MODEL, else the shipped model.",
     &settings.model, 0, 0, NULL},
    {"terms", 0, OPTION_COUNT, "N",
     "Terms to show for each label. Default: %s.", &settings.terms, 0, 1000,
     NULL},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};

static const struct command command = {
    "tenor info",
    "[options]",
    "tenor info -m news.tenor",
    "Tells what a model is: its tasks and labels, how it was made, what its "
    "vocabulary holds, and the terms that speak most for each label.",
    options,
    NULL};

/* ---- the terms of a label --------------------------------------------------- */
struct ranked {
    uint32_t column;
    float weight;
};

static int compare_ranked(const void *a, const void *b) {
    const struct ranked *left = a, *right = b;
    if (left->weight != right->weight)
        return left->weight < right->weight ? 1 : -1;
    return left->column < right->column ? -1 : left->column > right->column;
}

static tenor_status print_terms(const tenor_model *model, size_t label,
                                tenor_error *error) {
    uint32_t columns = model->vocabulary.columns;
    struct ranked *all = memory_new(columns, sizeof *all);
    if (!all)
        return error_memory(error);
    for (uint32_t j = 0; j < columns; j++) /* a term in one paragraph alone
                                            * tells little of a label */
        all[j] = (struct ranked){
            j, model->weights[(size_t)j * model->stride + label] *
                   model->vocabulary.idf[j] *
                   (model->vocabulary.df[j] > 1)};
    qsort(all, columns, sizeof *all, compare_ranked);
    struct buffer line = {0};
    for (size_t i = 0; i < settings.terms && i < columns; i++) {
        if (all[i].weight <= 0)
            break;
        buffer_text(&line, i ? ", " : "");
        term_names_write(model->names, &line, all[i].column);
    }
    printf("    %-16s %s\n", model->labels[label].name,
           line.data ? line.data : "");
    memory_free(all);
    bool failed = line.failed;
    buffer_clear(&line);
    return failed ? error_memory(error) : TENOR_OK;
}

/* ---- the rest ------------------------------------------------------------------ */
static void print_tasks(const tenor_model *model) {
    for (size_t t = 0; t < model->task_count; t++) {
        const struct model_task *task = &model->tasks[t];
        printf("  %-12s %s: ", task->name,
               task->multi ? "any of" : "one of");
        for (size_t k = 0; k < task->label_count; k++)
            printf("%s%s", k ? ", " : "", model->labels[task->first + k].name);
        printf("\n");
    }
}

/* A JSON object, one line a member, nested ones indented. */
static void print_object(const json_t *object, int indent) {
    const char *name;
    json_t *value;
    void (*release)(void *);
    json_get_alloc_funcs(NULL, &release);
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (json_is_object(value)) {
            if (json_object_size(value) == 0)
                continue;
            printf("%*s%s\n", indent, "", name);
            print_object(value, indent + 2);
            continue;
        }
        char *text = json_is_string(value)
                         ? NULL
                         : json_dumps(value, JSON_ENCODE_ANY |
                                                 JSON_REAL_PRECISION(6));
        printf("%*s%-*s %s\n", indent, "", 20 - indent, name,
               text ? text : json_string_value(value));
        if (text)
            release(text);
    }
}

static tenor_status print_info(const tenor_model *model, const char *path,
                               tenor_error *error) {
    const struct vocabulary *v = &model->vocabulary;
    json_t *provenance = json_loads(model->provenance, 0, NULL);
    printf("%s\n\nTasks\n", path);
    print_tasks(model);
    printf("\nVocabulary\n  %-18s %u (%u word n-grams, %u character "
           "n-grams)\n  %-18s %u\n  %-18s %u\n",
           "terms", v->columns, v->word_columns, v->grams.count,
           "distinct words", v->words.count, "paragraphs", v->documents);
    printf("\nProvenance\n");
    if (json_is_object(provenance))
        print_object(provenance, 2);
    json_decref(provenance);
    if (!model_is_linear(model)) {
        printf("\nSupport vectors\n  %-18s %zu\n  (with a kernel, terms have no "
               "weights of their own)\n",
               "paragraphs", model->support.count);
        return TENOR_OK;
    }
    if (settings.terms == 0)
        return TENOR_OK;
    printf("\nTerms that speak most for a label\n");
    for (size_t t = 0; t < model->task_count; t++) {
        printf("  %s\n", model->tasks[t].name);
        for (size_t k = 0; k < model->tasks[t].label_count; k++) {
            tenor_status status =
                print_terms(model, model->tasks[t].first + k, error);
            if (status)
                return status;
        }
    }
    return TENOR_OK;
}

int command_info(int argc, char **argv) {
    settings.terms = 8;
    struct option_list files = {0};
    enum option_result result = options_parse(&command, argc, argv, &files);
    int code = result == OPTIONS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (result == OPTIONS_GOOD && files.count > 0 && !settings.model)
        settings.model = files.items[0];
    if (result == OPTIONS_GOOD) {
        tenor_error error = {0};
        tenor_model *model = NULL;
        const char *path = model_path(settings.model);
        tenor_status status = tenor_model_load(&model, path, &error);
        if (!status)
            status = print_info(model, path, &error);
        tenor_model_free(model);
        if (status)
            code = message_fail(&error);
    }
    option_list_clear(&files);
    return code;
}
