/* The sections of a verified file as a model: nothing is copied but the lists
 * of tasks and labels.
 *
 * A checksum says that a number is the one that was written, not that it makes
 * sense; so every count is held against every size, every number that is used
 * as an index against what it leads into, and every other against what sums
 * and searches expect of it. */
#include "model/file.h"

#include <math.h>

/* The section as an array; NULL with *count 0 where it is empty, and *fits
 * turned false where its items have another size. */
static const void *section_array(const struct model_view *view, uint32_t id,
                                 size_t item_size, size_t *count, bool *fits) {
    const struct model_section *section = &view->table[id];
    if (section->item_size != item_size)
        *fits = false;
    *count = *fits ? section->size / item_size : 0;
    return view->data + section->offset;
}

/* A text section that ends in NUL. */
static bool text_section(const struct model_view *view, uint32_t id,
                         const char **text, size_t *size) {
    bool fits = true;
    *text = section_array(view, id, 1, size, &fits);
    return fits && *size > 0 && (*text)[*size - 1] == '\0';
}

#define SECTION_ARRAY(view, id, pointer, count, fits)                          \
    ((pointer) = (void *)(uintptr_t)section_array(view, id, sizeof *(pointer), \
                                                  count, fits))

static bool map_strings(const struct model_view *view, uint32_t first,
                        uint32_t expected, struct strings *out) {
    bool fits = true;
    size_t slots, offsets, bytes;
    SECTION_ARRAY(view, first, out->slots, &slots, &fits);
    SECTION_ARRAY(view, first + 1, out->offsets, &offsets, &fits);
    SECTION_ARRAY(view, first + 2, out->bytes, &bytes, &fits);
    out->slot_count = slots;
    out->count = expected;
    out->byte_capacity = bytes; /* what vocabulary_check compares with */
    out->borrowed = true;
    return fits && offsets == (expected ? (size_t)expected + 1 : 0) &&
           (expected || (!slots && !bytes));
}

static bool map_vocabulary(const struct model_view *view,
                           const struct model_settings *settings,
                           struct vocabulary *out) {
    bool fits = true;
    size_t columns_of_words, df, idf, buckets, spilled;
    *out = (struct vocabulary){.text = settings->text,
                               .features = settings->features,
                               .documents = settings->documents,
                               .columns = settings->columns,
                               .word_columns = settings->word_columns,
                               .parts = settings->parts,
                               .borrowed = true};
    struct word_lists *lists = &out->lists;
    SECTION_ARRAY(view, SECTION_STOP_WORDS, lists->stop_words.data,
                  &lists->stop_words.size, &fits);
    SECTION_ARRAY(view, SECTION_VARIANTS, lists->variants.data,
                  &lists->variants.size, &fits);
    SECTION_ARRAY(view, SECTION_WORD_COLUMNS, out->column_of_word,
                  &columns_of_words, &fits);
    SECTION_ARRAY(view, SECTION_DF, out->df, &df, &fits);
    SECTION_ARRAY(view, SECTION_IDF, out->idf, &idf, &fits);
    fits = fits && columns_of_words == settings->word_count &&
           df == settings->columns && idf == settings->columns &&
           map_strings(view, SECTION_WORD_SLOTS, settings->word_count,
                       &out->words) &&
           map_strings(view, SECTION_GRAM_SLOTS, settings->gram_count,
                       &out->grams);
    for (uint32_t i = 0; fits && i < ARRAY_LENGTH(out->ngrams); i++) {
        struct ngram_table *table = &out->ngrams[i];
        SECTION_ARRAY(view, SECTION_NGRAMS + 2 * i, table->buckets, &buckets,
                      &fits);
        SECTION_ARRAY(view, SECTION_NGRAMS + 2 * i + 1, table->spilled,
                      &spilled, &fits);
        fits = fits && buckets <= UINT32_MAX && spilled <= UINT32_MAX;
        table->bucket_count = (uint32_t)buckets;
        table->spilled_count = (uint32_t)spilled;
        table->count = settings->ngram_counts[i];
        table->spans = settings->ngram_spans[i];
    }
    return fits;
}

static bool range_fits(struct model_range range, size_t count) {
    return range.first <= count && range.count <= count - range.first;
}

/* The numbers stand in order, as a search for one expects. */
static bool ascending(const float *values, size_t count, size_t step) {
    for (size_t i = 0; i + 1 < count; i++)
        if (!(values[i * step] <= values[(i + 1) * step]))
            return false;
    return true;
}

static bool probabilities(const float *values, size_t count, size_t step) {
    for (size_t i = 0; i < count; i++)
        if (!(values[i * step] >= 0 && values[i * step] <= 1))
            return false;
    return true;
}

static bool truths_fit(const struct tenor_model *model,
                       struct model_range range) {
    return range_fits(range, model->truth_count) &&
           ascending(model->truths + range.first, range.count, 1);
}

static bool knots_fit(const struct tenor_model *model,
                      struct model_range range) {
    if (!range_fits(range, model->knot_count))
        return false;
    const struct model_knot *knots = model->knots + range.first;
    for (size_t i = 0; i < range.count; i++)
        if (!isfinite(knots[i].score))
            return false;
    return range.count == 0 || (ascending(&knots->score, range.count, 2) &&
                                ascending(&knots->probability, range.count, 2));
}

static bool map_calibration(const struct model_view *view,
                            struct tenor_model *model) {
    bool fits = true;
    SECTION_ARRAY(view, SECTION_KNOTS, model->knots, &model->knot_count, &fits);
    SECTION_ARRAY(view, SECTION_TRUTHS, model->truths, &model->truth_count,
                  &fits);
    return fits && probabilities(model->truths, model->truth_count, 1) &&
           (model->knot_count == 0 ||
            probabilities(&model->knots->probability, model->knot_count, 2));
}

static bool map_tasks(const struct model_view *view,
                      struct tenor_model *model) {
    const struct stored_task *tasks = NULL;
    const struct stored_label *labels = NULL;
    const char *names;
    size_t names_size, next = 0;
    bool fits = text_section(view, SECTION_NAMES, &names, &names_size);
    SECTION_ARRAY(view, SECTION_TASKS, tasks, &model->task_count, &fits);
    SECTION_ARRAY(view, SECTION_LABELS, labels, &model->label_count, &fits);
    fits = fits && model->task_count > 0;
    for (size_t i = 0; fits && i < model->task_count; i++) {
        fits = tasks[i].name < names_size && tasks[i].multi <= 1 &&
               tasks[i].first == next && tasks[i].label_count > 0 &&
               tasks[i].label_count <= model->label_count - next &&
               truths_fit(model, tasks[i].truths);
        if (!fits)
            break;
        next += tasks[i].label_count;
        model->tasks[i] = (struct model_task){
            (char *)(uintptr_t)(names + tasks[i].name), tasks[i].multi,
            tasks[i].first, tasks[i].label_count, tasks[i].truths};
    }
    for (size_t i = 0; fits && i < model->label_count; i++) {
        const struct stored_label *label = &labels[i];
        fits = label->name < names_size && isfinite(label->bias) &&
               isfinite(label->scale) && isfinite(label->shift) &&
               isfinite(label->threshold) && knots_fit(model, label->knots) &&
               truths_fit(model, label->truths);
        if (fits)
            model->labels[i] =
                (struct model_label){(char *)(uintptr_t)(names + label->name),
                                     label->bias,
                                     label->scale,
                                     label->shift,
                                     label->threshold,
                                     label->knots,
                                     label->truths};
    }
    return fits && next == model->label_count;
}

static bool weights_finite(const float *weights, size_t count) {
    float sum = 0; /* 0 * w is 0, or not a number where w is not finite */
    for (size_t i = 0; i < count; i++)
        sum += 0 * weights[i];
    return sum == 0;
}

/* Whether the support vectors of every column are distinct and there. */
static bool support_rows_fit(const struct model_support *support,
                             size_t columns, size_t entries) {
    const uint64_t *starts = support->starts;
    if (starts[0] != 0 || starts[columns] != entries)
        return false;
    for (size_t j = 0; j < columns; j++) {
        if (starts[j] > starts[j + 1] || starts[j + 1] > entries)
            return false;
        for (uint64_t e = starts[j]; e < starts[j + 1]; e++)
            if (support->rows[e] >= support->count ||
                (e > starts[j] && support->rows[e] <= support->rows[e - 1]))
                return false;
    }
    return true;
}

static bool map_support(const struct model_view *view, size_t columns,
                        size_t stride, struct model_support *out) {
    if (view->sections == SECTION_LINEAR_COUNT)
        return true;
    bool fits = true;
    const struct kernel *kernel = NULL;
    size_t kernels, starts, rows, values, coefficients;
    SECTION_ARRAY(view, SECTION_KERNEL, kernel, &kernels, &fits);
    SECTION_ARRAY(view, SECTION_SUPPORT_STARTS, out->starts, &starts, &fits);
    SECTION_ARRAY(view, SECTION_SUPPORT_ROWS, out->rows, &rows, &fits);
    SECTION_ARRAY(view, SECTION_SUPPORT_VALUES, out->values, &values, &fits);
    SECTION_ARRAY(view, SECTION_SUPPORT_SQUARES, out->squares, &out->count,
                  &fits);
    SECTION_ARRAY(view, SECTION_COEFFICIENTS, out->coefficients, &coefficients,
                  &fits);
    fits = fits && kernels == 1 && kernel->kind != KERNEL_LINEAR &&
           kernel_check(kernel, NULL) == TENOR_OK && starts == columns + 1 &&
           rows == values && support_rows_fit(out, columns, rows) &&
           coefficients == out->count * stride &&
           weights_finite(out->values, values) &&
           weights_finite(out->squares, out->count) &&
           weights_finite(out->coefficients, coefficients);
    if (fits)
        out->kernel = *kernel;
    return fits;
}

tenor_status model_map(const struct model_view *view, struct tenor_model *model,
                       tenor_error *error) {
    bool fits = true;
    size_t count, provenance_size;
    const char *provenance;
    const struct model_settings *settings = NULL;
    SECTION_ARRAY(view, SECTION_SETTINGS, settings, &count, &fits);
    if (!fits || count != 1)
        return model_damaged(error, view->name,
                             "the model's settings do not fit");
    size_t tasks = view->table[SECTION_TASKS].size / sizeof(struct stored_task);
    size_t labels =
        view->table[SECTION_LABELS].size / sizeof(struct stored_label);
    model->tasks = memory_new(tasks, sizeof *model->tasks);
    model->labels = memory_new(labels, sizeof *model->labels);
    if (!model->tasks || !model->labels)
        return error_memory(error);
    model->stride = settings->stride;
    SECTION_ARRAY(view, SECTION_WEIGHTS, model->weights, &count, &fits);
    fits =
        fits && map_calibration(view, model) && map_tasks(view, model) &&
        map_vocabulary(view, settings, &model->vocabulary) &&
        text_section(view, SECTION_PROVENANCE, &provenance, &provenance_size) &&
        model->stride == model_stride(model->label_count) &&
        map_support(view, settings->columns, model->stride, &model->support) &&
        count == (model_is_linear(model)
                      ? (size_t)settings->columns * model->stride
                      : 0) &&
        weights_finite(model->weights, count);
    if (!fits)
        return model_damaged(error, view->name, "the model's parts do not fit");
    model->provenance = (char *)(uintptr_t)provenance;
    tenor_status status = text_options_check(&settings->text, error);
    if (!status)
        status = feature_options_check(&settings->features, error);
    if (!status)
        status = vocabulary_check(&model->vocabulary, error);
    if (!status)
        status = term_names_new(&model->names, &model->vocabulary, error);
    if (status)
        error_locate(error, view->name, 0);
    return status;
}
