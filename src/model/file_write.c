/* A model's file, written. See file.h for the layout.
 *
 * Arrays go out as they lie in memory; only tasks and labels, which hold
 * pointers, are put in stored form first. */
#include "model/file.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct piece {
    const void *data;
    size_t item_size, size;
};

static void place_pieces(struct piece pieces[SECTION_LIMIT],
                         const struct tenor_model *model) {
    const struct vocabulary *v = &model->vocabulary;
#define PIECE(id, pointer, count)                                              \
    pieces[id] = (struct piece){pointer, sizeof *(pointer),                    \
                                (count) * sizeof *(pointer)}
    PIECE(SECTION_PROVENANCE, model->provenance, strlen(model->provenance) + 1);
    PIECE(SECTION_STOP_WORDS, v->lists.stop_words.data,
          v->lists.stop_words.size);
    PIECE(SECTION_VARIANTS, v->lists.variants.data, v->lists.variants.size);
    PIECE(SECTION_WORD_SLOTS, v->words.slots, v->words.slot_count);
    PIECE(SECTION_WORD_OFFSETS, v->words.offsets,
          v->words.count ? (size_t)v->words.count + 1 : 0);
    PIECE(SECTION_WORD_BYTES, v->words.bytes,
          v->words.count ? v->words.offsets[v->words.count] : 0);
    PIECE(SECTION_WORD_COLUMNS, v->column_of_word, v->words.count);
    PIECE(SECTION_GRAM_SLOTS, v->grams.slots, v->grams.slot_count);
    PIECE(SECTION_GRAM_OFFSETS, v->grams.offsets,
          v->grams.count ? (size_t)v->grams.count + 1 : 0);
    PIECE(SECTION_GRAM_BYTES, v->grams.bytes,
          v->grams.count ? v->grams.offsets[v->grams.count] : 0);
    PIECE(SECTION_DF, v->df, v->columns);
    PIECE(SECTION_IDF, v->idf, v->columns);
    PIECE(SECTION_WEIGHTS, model->weights,
          model_is_linear(model) ? v->columns * model->stride : 0);
    PIECE(SECTION_KNOTS, model->knots, model->knot_count);
    PIECE(SECTION_TRUTHS, model->truths, model->truth_count);
    for (size_t i = 0; i < ARRAY_LENGTH(v->ngrams); i++) {
        const struct ngram_table *table = &v->ngrams[i];
        PIECE(SECTION_NGRAMS + 2 * i, table->buckets, table->bucket_count);
        PIECE(SECTION_NGRAMS + 2 * i + 1, table->spilled,
              table->spilled_count);
    }
    if (model_is_linear(model))
        return;
    const struct model_support *support = &model->support;
    uint64_t entries = support->starts[v->columns];
    PIECE(SECTION_KERNEL, &support->kernel, 1);
    PIECE(SECTION_SUPPORT_STARTS, support->starts, (size_t)v->columns + 1);
    PIECE(SECTION_SUPPORT_ROWS, support->rows, entries);
    PIECE(SECTION_SUPPORT_VALUES, support->values, entries);
    PIECE(SECTION_SUPPORT_SQUARES, support->squares, support->count);
    PIECE(SECTION_COEFFICIENTS, support->coefficients,
          support->count * model->stride);
#undef PIECE
}

static void fill_settings(struct model_settings *out,
                          const struct tenor_model *model) {
    const struct vocabulary *v = &model->vocabulary;
    *out = (struct model_settings){.text = v->text,
                                   .documents = v->documents,
                                   .columns = v->columns,
                                   .word_columns = v->word_columns,
                                   .word_count = v->words.count,
                                   .gram_count = v->grams.count,
                                   .parts = v->parts,
                                   .features = v->features,
                                   .stride = (uint32_t)model->stride};
    for (size_t i = 0; i < ARRAY_LENGTH(v->ngrams); i++) {
        out->ngram_counts[i] = v->ngrams[i].count;
        out->ngram_spans[i] = v->ngrams[i].spans;
    }
}

static uint32_t add_name(struct buffer *names, const char *name) {
    uint32_t at = (uint32_t)names->size;
    buffer_append(names, name, strlen(name) + 1);
    return at;
}

/* Tasks, labels and their names in stored form; false: no memory. */
static bool store_tasks(const struct tenor_model *model,
                        struct stored_task **tasks,
                        struct stored_label **labels, struct buffer *names) {
    *tasks = memory_new(model->task_count, sizeof **tasks);
    *labels = memory_new(model->label_count, sizeof **labels);
    if (!*tasks || !*labels)
        return false;
    for (size_t i = 0; i < model->task_count; i++) {
        const struct model_task *task = &model->tasks[i];
        (*tasks)[i] = (struct stored_task){
            add_name(names, task->name), task->multi, (uint32_t)task->first,
            (uint32_t)task->label_count, task->truths};
    }
    for (size_t i = 0; i < model->label_count; i++) {
        const struct model_label *label = &model->labels[i];
        (*labels)[i] = (struct stored_label){add_name(names, label->name),
                                             label->bias,
                                             label->scale,
                                             label->shift,
                                             label->threshold,
                                             label->knots,
                                             label->truths};
    }
    return !names->failed;
}

static void write_padded(FILE *stream, const void *data, size_t size) {
    static const char zeros[MODEL_ALIGN];
    if (size)
        fwrite(data, 1, size, stream);
    if (model_align(size) > size)
        fwrite(zeros, 1, model_align(size) - size, stream);
}

static void write_pieces(FILE *stream, const struct piece pieces[SECTION_LIMIT],
                         uint32_t count) {
    struct model_section table[SECTION_LIMIT];
    size_t size = count * sizeof *table;
    size_t offset = sizeof(struct model_header) + model_align(size);
    for (uint32_t i = 0; i < count; i++) {
        table[i] = (struct model_section){
            i, (uint32_t)pieces[i].item_size, offset, pieces[i].size,
            XXH3_64bits(pieces[i].data, pieces[i].size)};
        offset += model_align(pieces[i].size);
    }
    struct model_header header = {.format = MODEL_FORMAT,
                                  .section_count = count,
                                  .file_size = offset,
                                  .checksum = XXH3_64bits(table, size)};
    memcpy(header.magic, MODEL_MAGIC, sizeof header.magic);
    write_padded(stream, &header, sizeof header);
    write_padded(stream, table, size);
    for (size_t i = 0; i < count; i++)
        write_padded(stream, pieces[i].data, pieces[i].size);
}

tenor_status model_save(const struct tenor_model *model, const char *path,
                        tenor_error *error) {
    if (!model_host_fits())
        return error_set(error, TENOR_ERROR_MODEL,
                         "models are written on little-endian machines only");
    struct piece pieces[SECTION_LIMIT] = {0};
    struct model_settings settings;
    struct stored_task *tasks = NULL;
    struct stored_label *labels = NULL;
    struct buffer names = {0};
    struct file_output file = {0};
    tenor_status status = TENOR_OK;
    if (!store_tasks(model, &tasks, &labels, &names))
        status = error_memory(error);
    else
        status = file_output_open(&file, path, error);
    if (!status) {
        fill_settings(&settings, model);
        place_pieces(pieces, model);
        pieces[SECTION_SETTINGS] =
            (struct piece){&settings, sizeof settings, sizeof settings};
        pieces[SECTION_TASKS] = (struct piece){
            tasks, sizeof *tasks, model->task_count * sizeof *tasks};
        pieces[SECTION_LABELS] = (struct piece){
            labels, sizeof *labels, model->label_count * sizeof *labels};
        pieces[SECTION_NAMES] = (struct piece){names.data, 1, names.size};
        write_pieces(file.stream, pieces,
                     model_is_linear(model) ? SECTION_LINEAR_COUNT
                                            : SECTION_LIMIT);
        status = file_output_commit(&file, error);
    }
    memory_free(tasks);
    memory_free(labels);
    buffer_clear(&names);
    return status;
}
